"""The state machine, priorities and clocks of a ticket. Pure functions, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from crew_app.core.errors import Refused
from crew_app.core.words import N_


class State(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ON_HOLD = "on_hold"
    FINISHED = "finished"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What somebody did to a ticket; one event each."""

    OPEN = "open"
    ACCEPT = "accept"
    RELEASE = "release"
    HOLD = "hold"
    RESUME = "resume"
    SUPPLY = "supply"
    """The material that the job waited for came in."""
    FINISH = "finish"
    VERIFY = "verify"
    SEND_BACK = "send_back"
    CANCEL = "cancel"
    NOTE = "note"
    PHOTO = "photo"
    MATERIAL = "material"
    REVERSE = "reverse"
    SETTLE = "settle"
    DISCARD = "discard"
    ASSIGN = "assign"
    """Dispatched to somebody who has not accepted it yet."""
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    ASK_HELP = "ask_help"
    """A second pair of hands is asked for."""
    HELP = "help"
    ESCALATE = "escalate"
    JOIN = "join"
    """Somebody else reports the same: me too."""
    COMMENT = "comment"
    """Words of whoever reported it."""
    CONFIRM = "confirm"
    """Whoever reported it accepts the work."""
    NOT_FIXED = "not_fixed"
    RATE = "rate"
    CALL_BACK = "call_back"
    PICK_UP = "pick_up"
    DROP = "drop"
    CHANGE = "change"
    """More or less urgent than it seemed, or of another kind."""
    TELL = "tell"
    """Words of the crew that whoever reported it may read."""


class Kind(StrEnum):
    """What sort of work it is."""

    REPAIR = "repair"
    HAZARD = "hazard"
    PLANNED = "planned"
    INCIDENT = "incident"
    WORKS = "works"
    DELIVERY = "delivery"
    TRIP = "trip"


class Priority(IntEnum):
    """How urgent (轻重缓急): rescue and life support first."""

    EMERGENCY = 1
    URGENT = 2
    NORMAL = 3
    LOW = 4


class HoldReason(StrEnum):
    """The only reasons that stop the clock."""

    MATERIAL = "material"
    ACCESS = "access"
    PATIENT = "patient"


LIVE = frozenset({State.OPEN, State.ACCEPTED, State.ON_HOLD, State.FINISHED})
UNDER_WORK = frozenset({State.ACCEPTED, State.ON_HOLD})
ENDS_DISPATCH = frozenset({Verb.ACCEPT, Verb.RELEASE, Verb.FINISH, Verb.CANCEL})
"""After these nobody is asked any more to accept it, until it is dispatched anew."""

TRANSITIONS: dict[Verb, tuple[frozenset[State], State | None]] = {
    Verb.ACCEPT: (frozenset({State.OPEN}), State.ACCEPTED),
    Verb.RELEASE: (UNDER_WORK, State.OPEN),
    Verb.HOLD: (frozenset({State.ACCEPTED}), State.ON_HOLD),
    Verb.RESUME: (frozenset({State.ON_HOLD}), State.ACCEPTED),
    Verb.SUPPLY: (frozenset({State.ON_HOLD}), State.ACCEPTED),
    Verb.FINISH: (UNDER_WORK, State.FINISHED),
    Verb.VERIFY: (frozenset({State.FINISHED}), State.VERIFIED),
    Verb.SEND_BACK: (frozenset({State.FINISHED}), State.ACCEPTED),
    Verb.CANCEL: (frozenset({State.OPEN}) | UNDER_WORK, State.CANCELLED),
    Verb.NOT_FIXED: (frozenset({State.FINISHED, State.VERIFIED}), State.ACCEPTED),
    Verb.PICK_UP: (frozenset({State.OPEN, State.ACCEPTED}), State.ACCEPTED),
    Verb.DROP: (frozenset({State.ACCEPTED}), State.VERIFIED),
}
"""From which states a verb is possible, and the state it leads to."""

TOLD = frozenset(
    {
        *(Verb.OPEN, Verb.ACCEPT, Verb.RELEASE, Verb.HOLD, Verb.RESUME, Verb.SUPPLY, Verb.FINISH, Verb.VERIFY),
        *(Verb.SEND_BACK, Verb.CANCEL, Verb.ASSIGN, Verb.HAND_OVER, Verb.JOIN, Verb.COMMENT, Verb.CONFIRM),
        *(Verb.NOT_FIXED, Verb.RATE, Verb.CALL_BACK, Verb.TELL),
    }
)
"""What whoever reported it is told of the story; of the words only their own and those of `TELL`."""

STATE_LABELS = {
    State.OPEN: N_("Open"),
    State.ACCEPTED: N_("In progress"),
    State.ON_HOLD: N_("On hold"),
    State.FINISHED: N_("To be verified"),
    State.VERIFIED: N_("Verified"),
    State.CANCELLED: N_("Cancelled"),
}

VERB_LABELS = {
    Verb.OPEN: N_("Reported"),
    Verb.ACCEPT: N_("Accepted"),
    Verb.RELEASE: N_("Given back"),
    Verb.HOLD: N_("Paused"),
    Verb.RESUME: N_("Resumed"),
    Verb.SUPPLY: N_("Material is here"),
    Verb.FINISH: N_("Finished"),
    Verb.VERIFY: N_("Passed"),
    Verb.SEND_BACK: N_("Sent back"),
    Verb.CANCEL: N_("Cancelled"),
    Verb.NOTE: N_("Note"),
    Verb.PHOTO: N_("Photo"),
    Verb.MATERIAL: N_("Material used"),
    Verb.REVERSE: N_("Material corrected"),
    Verb.SETTLE: N_("Late entry decided"),
    Verb.DISCARD: N_("Discarded on the phone"),
    Verb.ASSIGN: N_("Dispatched"),
    Verb.DECLINE: N_("Job declined"),
    Verb.HAND_OVER: N_("Handed to a colleague"),
    Verb.ASK_HELP: N_("Second pair of hands wanted"),
    Verb.HELP: N_("Helps"),
    Verb.ESCALATE: N_("Escalated"),
    Verb.JOIN: N_("Reported by somebody else, too"),
    Verb.COMMENT: N_("Words of the reporter"),
    Verb.CONFIRM: N_("Accepted by the reporter"),
    Verb.NOT_FIXED: N_("Not fixed, says the reporter"),
    Verb.RATE: N_("Rated"),
    Verb.CALL_BACK: N_("Called back"),
    Verb.PICK_UP: N_("Picked up"),
    Verb.DROP: N_("Delivered"),
    Verb.CHANGE: N_("Urgency or kind changed"),
    Verb.TELL: N_("Told the reporter"),
}

KIND_LABELS = {
    Kind.REPAIR: N_("Repair"),
    Kind.HAZARD: N_("Hazard"),
    Kind.PLANNED: N_("Planned maintenance"),
    Kind.INCIDENT: N_("Incident"),
    Kind.WORKS: N_("Works"),
    Kind.DELIVERY: N_("Delivery"),
    Kind.TRIP: N_("Trip"),
}

PRIORITY_LABELS = {
    Priority.EMERGENCY: N_("Emergency"),
    Priority.URGENT: N_("Urgent"),
    Priority.NORMAL: N_("Normal"),
    Priority.LOW: N_("Low"),
}

HOLD_LABELS = {
    HoldReason.MATERIAL: N_("Waiting for material"),
    HoldReason.ACCESS: N_("Waiting for access"),
    HoldReason.PATIENT: N_("Patient in the room"),
}

NUMBER_PREFIX = {
    Kind.REPAIR: "WX",
    Kind.HAZARD: "YH",
    Kind.PLANNED: "BY",
    Kind.INCIDENT: "SJ",
    Kind.WORKS: "GC",
    Kind.DELIVERY: "YS",
    Kind.TRIP: "YC",
}

RESPONSE = {
    Priority.EMERGENCY: timedelta(minutes=10),
    Priority.URGENT: timedelta(minutes=30),
    Priority.NORMAL: timedelta(hours=2),
    Priority.LOW: timedelta(hours=24),
}
RESOLUTION = {
    Priority.EMERGENCY: timedelta(hours=2),
    Priority.URGENT: timedelta(hours=8),
    Priority.NORMAL: timedelta(hours=48),
    Priority.LOW: timedelta(days=7),
}
SOON = 0.25
"""The last quarter of the time allowed counts as "soon"."""


def next_state(state: State, verb: Verb) -> State:
    """The state a verb leads to; `Refused` ("wrong-state") when it is not possible from `state`."""
    sources, target = TRANSITIONS[verb]
    if state not in sources or target is None:
        raise Refused(
            "wrong-state",
            N_("This job is “%(state)s” now, so that can't be done any more. What you entered is kept."),
            state=STATE_LABELS[state],
        )
    return target


class Due(StrEnum):
    """How a deadline stands."""

    NONE = "none"
    ON_TIME = "on_time"
    SOON = "soon"
    OVERDUE = "overdue"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """By when somebody must have answered, and by when it must be done."""

    response: datetime
    resolution: datetime

    def shifted(self, pause: timedelta) -> "Deadlines":
        """The resolution deadline after a pause; the response deadline is not moved by one."""
        return Deadlines(self.response, self.resolution + max(pause, timedelta(0)))


def deadlines(priority: Priority, opened_at: datetime) -> Deadlines:
    """Deadlines of a ticket opened at this time."""
    return Deadlines(opened_at + RESPONSE[priority], opened_at + RESOLUTION[priority])


def due_status(opened_at: datetime, due_at: datetime, at: datetime) -> Due:
    """How a running deadline stands at a moment."""
    if at >= due_at:
        return Due.OVERDUE
    return Due.SOON if due_at - at <= (due_at - opened_at) * SOON else Due.ON_TIME
