"""How runs and their stops stand, what an answer is worth. Pure facts, no database."""

from enum import StrEnum

from crew_app.core.words import N_


class RunState(StrEnum):
    """Where a run stands."""

    DUE = "due"
    WALKING = "walking"
    DONE = "done"
    ENDED = "ended"
    """Ended early, with a reason."""
    MISSED = "missed"
    """Its time is over and nobody was anywhere."""
    INCOMPLETE = "incomplete"
    """Its time is over and some stops were missed."""
    CANCELLED = "cancelled"


class StopState(StrEnum):
    """Where one stop of a run stands."""

    WAITING = "waiting"
    VISITED = "visited"
    SKIPPED = "skipped"
    """Left out on purpose, with a reason."""
    MISSED = "missed"


class Outcome(StrEnum):
    """What an answer says about the thing that was checked."""

    OK = "ok"
    FLAG = "flag"
    FAIL = "fail"
    NOT_APPLICABLE = "na"
    NOTED = "noted"
    """Neither good nor bad: words, a photo, a count."""


class How(StrEnum):
    """How somebody showed to be at a stop."""

    SCAN = "scan"
    TYPED = "typed"
    """The printed code was typed in."""
    PICTURE = "picture"
    """The code was read from a picture chosen on the phone."""
    TAP = "tap"
    """Nothing was scanned."""


class Challenge(StrEnum):
    """What is asked at random of whoever stands there, and nobody could answer from elsewhere."""

    PHOTO = "photo"
    NUMBER = "number"
    """The number on the door or on the type plate."""


class FlagRule(StrEnum):
    """What looks odd about a visit. A flag informs, it does not accuse."""

    NOT_SCANNED = "not-scanned"
    OTHER_TAG = "other-tag"
    EARLY = "early"
    LATE = "late"
    OUT_OF_ORDER = "out-of-order"
    TOO_FAST = "too-fast"
    SAME_FRAME = "same-frame"
    COPY_LOOK = "copy-look"
    TWO_PHONES = "two-phones"
    CLOCK = "clock"
    BURST = "burst"
    SAME_ANSWERS = "same-answers"
    CHALLENGE = "challenge"


class HazardGrade(StrEnum):
    """How dangerous a hazard (隐患) is."""

    GENERAL = "general"
    MAJOR = "major"


LIVE = frozenset({RunState.DUE, RunState.WALKING})
OVER = frozenset({RunState.MISSED, RunState.INCOMPLETE})

RUN_STATE_LABELS = {
    RunState.DUE: N_("Not begun"),
    RunState.WALKING: N_("Under way"),
    RunState.DONE: N_("Walked"),
    RunState.ENDED: N_("Ended early"),
    RunState.MISSED: N_("Missed"),
    RunState.INCOMPLETE: N_("Stops missed"),
    RunState.CANCELLED: N_("Called off"),
}
STOP_STATE_LABELS = {
    StopState.WAITING: N_("To do"),
    StopState.VISITED: N_("Visited"),
    StopState.SKIPPED: N_("Left out"),
    StopState.MISSED: N_("Missed"),
}
OUTCOME_LABELS = {
    Outcome.OK: N_("In order"),
    Outcome.FLAG: N_("To be watched"),
    Outcome.FAIL: N_("Fault"),
    Outcome.NOT_APPLICABLE: N_("Not applicable"),
    Outcome.NOTED: N_("Noted"),
}
HOW_LABELS = {
    How.SCAN: N_("Scanned"),
    How.TYPED: N_("Code typed in"),
    How.PICTURE: N_("Read from a picture"),
    How.TAP: N_("Not scanned"),
}
HAZARD_LABELS = {
    HazardGrade.GENERAL: N_("General hazard"),
    HazardGrade.MAJOR: N_("Major hazard"),
}
