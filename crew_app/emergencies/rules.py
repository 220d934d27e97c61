"""Steps of a playbook, how they stand, and what an emergency came to. Pure facts, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from crew_app.core.words import N_

NEXT_CALL = timedelta(minutes=3)
"""Whoever has not answered after this long is called again, and somebody else with them."""
MOST_CALLS = 5
"""So often somebody is called; then a person has to think of something else."""


class Who(StrEnum):
    """Whose step it is, and who is called for it; the trades by their own names."""

    LEADER = "leader"
    GUARD = "guard"
    DESK = "desk"
    """Whoever started it, at the service desk or on the spot."""
    PLUMBING = "plumbing"
    ELECTRICAL = "electrical"
    OXYGEN = "oxygen"
    HVAC = "hvac"
    CARPENTRY = "carpentry"
    LIFT = "lift"
    LOW_VOLTAGE = "low_voltage"
    PORTER = "porter"
    DRIVER = "driver"


class EntryKind(StrEnum):
    """What the log of an emergency says."""

    START = "start"
    CALL = "call"
    ANSWER = "answer"
    STEP = "step"
    SKIP = "skip"
    BACK = "back"
    """A step was ticked by mistake."""
    SAY = "say"
    PHOTO = "photo"
    FALSE_ALARM = "false_alarm"
    CLOSE = "close"


class Answer(StrEnum):
    """What somebody who was called says."""

    ON_WAY = "on_way"
    THERE = "there"
    CANNOT = "cannot"


ENTRY_LABELS = {
    EntryKind.START: N_("Emergency started"),
    EntryKind.CALL: N_("Called"),
    EntryKind.ANSWER: N_("Answered"),
    EntryKind.STEP: N_("Step done"),
    EntryKind.SKIP: N_("Step skipped"),
    EntryKind.BACK: N_("Step taken back"),
    EntryKind.SAY: N_("Message"),
    EntryKind.PHOTO: N_("Photo"),
    EntryKind.FALSE_ALARM: N_("False alarm"),
    EntryKind.CLOSE: N_("Emergency closed"),
}
ANSWER_LABELS = {
    Answer.ON_WAY: N_("On my way"),
    Answer.THERE: N_("There"),
    Answer.CANNOT: N_("Cannot come"),
}
WHO_LABELS = {
    Who.LEADER: N_("Leader on duty"),
    Who.GUARD: N_("Guards"),
    Who.DESK: N_("Whoever called"),
    Who.PLUMBING: N_("Plumbing"),
    Who.ELECTRICAL: N_("Electrical"),
    Who.OXYGEN: N_("Medical gas"),
    Who.HVAC: N_("Air conditioning"),
    Who.CARPENTRY: N_("Carpentry and locks"),
    Who.LIFT: N_("Lifts"),
    Who.LOW_VOLTAGE: N_("Low voltage"),
    Who.PORTER: N_("Porters"),
    Who.DRIVER: N_("Drivers"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, whose, within how many minutes of the call; `ends` stops the main clock (people out)."""

    key: str
    name: str
    name_en: str
    who: Who
    minutes: int
    ends: bool = False


class Logged(Protocol):
    """An entry of the log, as far as it decides how things stand."""

    @property
    def kind(self) -> EntryKind:
        """What it says."""

    @property
    def step_key(self) -> str:
        """Which step it is about, if it is."""

    @property
    def answer(self) -> Answer | None:
        """What somebody who was called says."""

    @property
    def at(self) -> datetime:
        """When it happened."""


@dataclass(frozen=True, slots=True)
class StepStand:
    """How a step stands: not yet, done, or skipped with a reason; `entry` says who and when."""

    step: Step
    due_at: datetime
    entry: Logged | None

    @property
    def done(self) -> bool:
        """Whether somebody did it."""
        return self.entry is not None and self.entry.kind is EntryKind.STEP

    @property
    def skipped(self) -> bool:
        """Whether it was left out, with a reason."""
        return self.entry is not None and self.entry.kind is EntryKind.SKIP

    def late(self, at: datetime) -> bool:
        """Whether it was done after its time, or is not done although its time is over."""
        if self.skipped:
            return False
        return (self.entry.at if self.entry else at) > self.due_at


def stands(steps: Iterable[Step], entries: Sequence[Logged], started_at: datetime) -> list[StepStand]:
    """How each step stands after all that was logged, whatever the order in which it arrived."""
    return [StepStand(step, started_at + timedelta(minutes=step.minutes), _deciding(step, entries)) for step in steps]


def _deciding(step: Step, entries: Sequence[Logged]) -> Logged | None:
    """The earliest tick since the last time it was taken back."""
    about = [one for one in entries if one.step_key == step.key]
    backs = [one.at for one in about if one.kind is EntryKind.BACK]
    since = max(backs, default=None)
    ticks = [one for one in about if one.kind in (EntryKind.STEP, EntryKind.SKIP) and (since is None or one.at > since)]
    return min(ticks, key=lambda one: one.at, default=None)


def first_there(entries: Sequence[Logged]) -> datetime | None:
    """When the first of those called was on the spot."""
    return min((one.at for one in entries if one.answer is Answer.THERE), default=None)


def ended_at(found: Sequence[StepStand]) -> datetime | None:
    """When the main clock stopped: the last of the steps that end it was done."""
    ends = [one for one in found if one.step.ends and not one.skipped]
    if not ends or not all(one.done for one in ends):
        return None
    return max(one.entry.at for one in ends if one.entry)


def minutes_between(start: datetime, end: datetime | None) -> int | None:
    """Whole minutes, half a minute counts as one; nothing without an end."""
    if end is None:
        return None
    return max(0, int((end - start).total_seconds() / 60 + 0.5))
