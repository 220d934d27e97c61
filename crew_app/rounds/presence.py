"""What looks odd about a visit. Pure rules: a case in, flags with their facts out.

A flag informs, it does not accuse. `judge` finds the flags of one visit, `verdict` says what those of a walk amount to.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from unicodedata import normalize

from crew_app.rounds.looks import copy_look, same_frame
from crew_app.rounds.rules import Challenge, FlagRule, How
from crew_app.rounds.sameness import same_answers
from crew_app.rounds.sightings import Asked, Case, Facts, Oddity
from crew_app.rounds.speed import burst, too_fast, two_phones

MINUTE = timedelta(minutes=1)
BACK = timedelta(minutes=5)
"""By so much a phone's clock must have gone back between two things it recorded."""


class Verdict(StrEnum):
    """What the flags of one walk amount to."""

    CLEAR = "clear"
    NOTE = "note"
    """Something to know: late, a tag that would not scan, an unusual order."""
    SUSPICIOUS = "suspicious"
    """Worth a talk: the evidence does not look like somebody who was there."""


STRONG = frozenset(
    {FlagRule.BURST, FlagRule.TWO_PHONES, FlagRule.SAME_FRAME, FlagRule.COPY_LOOK, FlagRule.SAME_ANSWERS}
)
"""One of these is enough: each is rare enough by itself."""
WEAK = frozenset({FlagRule.TOO_FAST, FlagRule.CHALLENGE, FlagRule.CLOCK})
"""Two of these are needed, on different visits or of different rules; a phone's wrong clock counts once."""
DOUBT = STRONG | WEAK
"""A visit with one of these teaches nothing: neither how long a way takes nor what a place looks like."""
UNPROVEN = 0.4
"""Of the stops that want a scan: without any from here on a walk stands on nobody's evidence."""
UNPROVEN_STOPS = 3


def judge(case: Case) -> list[Oddity]:
    """All flags of one visit, at most one of each rule."""
    return [oddity for rule in RULES for oddity in rule(case)]


def verdict(flags: Iterable[Oddity], scans_wanted: int) -> Verdict:
    """What the flags of one walk amount to. `scans_wanted`: its visited stops that want a scan."""
    found = list(flags)
    weak = [rule for rule, _ in found if rule in WEAK - {FlagRule.CLOCK}]
    clock = any(rule is FlagRule.CLOCK for rule, _ in found)
    unproven = sum(_without_evidence(rule, facts) for rule, facts in found)
    together = any("ways" in facts for rule, facts in found if rule is FlagRule.TOO_FAST)
    if together or len(weak) + clock > 1 or any(rule in STRONG for rule, _ in found):
        return Verdict.SUSPICIOUS
    if unproven >= max(UNPROVEN_STOPS, UNPROVEN * scans_wanted):
        return Verdict.SUSPICIOUS
    return Verdict.NOTE if found else Verdict.CLEAR


def _without_evidence(rule: FlagRule, facts: Facts) -> bool:
    if rule is FlagRule.NOT_SCANNED:
        return facts["how"] != How.TYPED
    return rule is FlagRule.OTHER_TAG


def _not_scanned(case: Case) -> Iterator[Oddity]:
    if case.wants_scan and case.seen.how is not How.SCAN:
        yield FlagRule.NOT_SCANNED, {"how": case.seen.how.value}


def _other_tag(case: Case) -> Iterator[Oddity]:
    tag = case.tag
    if tag is None:
        return
    if not tag.matches:
        yield FlagRule.OTHER_TAG, {"place": str(tag.place)}
    elif tag.retired_at and tag.retired_at < case.seen.at:
        yield FlagRule.OTHER_TAG, {"retired": tag.retired_at.isoformat(timespec="minutes")}


def _window(case: Case) -> Iterator[Oddity]:
    at = case.seen.at
    if minutes := _minutes(at, case.opens_at):
        yield FlagRule.EARLY, {"minutes": minutes}
    if minutes := _minutes(case.closes_at, at):
        yield FlagRule.LATE, {"minutes": minutes}


def _minutes(earlier: datetime, later: datetime) -> int:
    return max(0, (later - earlier) // MINUTE)


def _out_of_order(case: Case) -> Iterator[Oddity]:
    ahead = [position for position in case.passed if position > case.position]
    if case.ordered and ahead and case.position not in case.passed:
        yield FlagRule.OUT_OF_ORDER, {"after": max(ahead)}


def _clock(case: Case) -> Iterator[Oddity]:
    clock = case.clock
    if clock.suspect:
        yield FlagRule.CLOCK, {"minutes": abs(clock.offset_ms or 0) // 60_000}
    elif clock.device_at and clock.last_device_at and clock.last_device_at - clock.device_at > BACK:
        yield FlagRule.CLOCK, {"back": (clock.last_device_at - clock.device_at) // MINUTE}


def _challenge(case: Case) -> Iterator[Oddity]:
    asked = case.asked
    if asked and (wrong := _wrong(asked)):
        yield FlagRule.CHALLENGE, {"asked": asked.challenge.value, "answer": wrong}


def _wrong(asked: Asked) -> str:
    """What is wrong with the answer: none, from the gallery, another number; empty when it is right."""
    if asked.challenge is Challenge.PHOTO:
        return "" if asked.photos > asked.gallery else "gallery" if asked.gallery else "none"
    answer = plain(asked.answer)
    if not answer:
        return "none"
    return "other" if asked.expected and answer not in asked.expected else ""


def plain(number: str) -> str:
    """A number as somebody reads it off a door, without what people write differently."""
    return "".join(sign for sign in normalize("NFKC", number).casefold() if sign.isalnum())


RULES: tuple[Callable[[Case], Iterator[Oddity]], ...] = (
    _not_scanned,
    _other_tag,
    _window,
    _out_of_order,
    too_fast,
    same_frame,
    copy_look,
    two_phones,
    _clock,
    burst,
    same_answers,
    _challenge,
)
