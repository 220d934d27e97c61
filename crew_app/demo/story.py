"""The life of one ticket, from the report to the verification, as it would go without the present cutting it short."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import log
from random import Random

from crew_app.demo import roster, words
from crew_app.demo.assets import DemoAsset
from crew_app.demo.hospital import DemoPlace
from crew_app.demo.items import items
from crew_app.demo.job_kinds import Case, DemoKind
from crew_app.demo.records import DemoEvent, DemoUse
from crew_app.tickets.rules import HoldReason, Priority, Verb

HELD_FOR_MATERIAL = 0.008
HELD_FOR_ACCESS = 0.006
SENT_BACK = 0.02
CANCELLED = 0.01
RELEASED = 0.004
ANSWER_MINUTES = {Priority.EMERGENCY: 4, Priority.URGENT: 11, Priority.NORMAL: 32, Priority.LOW: 110}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a ticket before anybody has done anything."""

    at: datetime
    kind: DemoKind
    case: Case
    place: DemoPlace
    asset: DemoAsset | None
    description: str
    reporter: str | None
    reporter_name: str
    worker: str
    on_round: bool
    on_the_spot: bool
    uses: tuple[DemoUse, ...]


def life(draft: Draft, dice: Random) -> Iterator[DemoEvent]:
    """Everything that happens to the ticket, in order; the times of material are those of its events."""
    yield DemoEvent(Verb.OPEN, draft.at, draft.reporter, draft.description)
    if draft.on_the_spot:
        yield from _on_the_spot(draft, dice)
    elif dice.random() < CANCELLED:
        yield _cancel(draft, dice)
    else:
        yield from _repair(draft, dice)


def parts_of(case: Case, at: datetime, dice: Random) -> tuple[DemoUse, ...]:
    """What this repair takes; from where is decided when the whole year is known."""
    taken = [part for part in case.parts if part.chance >= 1 or dice.random() < part.chance]
    return tuple(DemoUse(part.item, _quantity(part.low, part.high, dice), at, from_bag=False) for part in taken)


def material_note(use: DemoUse) -> str:
    """The line that the timeline shows for material."""
    return f"{use.item} × {use.quantity.normalize():f} {items()[use.item].unit}"


def about(minutes: float, dice: Random, spread: float = 0.5) -> timedelta:
    """A duration around so many minutes, never negative, sometimes much longer."""
    return timedelta(seconds=round(60 * dice.lognormvariate(log(minutes), spread)))


def _quantity(low: Decimal, high: Decimal, dice: Random) -> Decimal:
    step = min(Decimal(1), low)
    return low + step * dice.randint(0, int((high - low) / step))


def _on_the_spot(draft: Draft, dice: Random) -> Iterator[DemoEvent]:
    yield DemoEvent(Verb.ACCEPT, draft.at, draft.worker)
    yield DemoEvent(Verb.FINISH, draft.at, draft.worker, draft.case.finish)
    yield from _materials(draft, draft.at + timedelta(seconds=40))
    yield from _judged(draft, draft.at, dice)


def _cancel(draft: Draft, dice: Random) -> DemoEvent:
    at = draft.at + about(25, dice)
    return DemoEvent(Verb.CANCEL, at, roster.reviewer(draft.place.site, dice), dice.choice(words.CANCELLED))


def _repair(draft: Draft, dice: Random) -> Iterator[DemoEvent]:
    at = _answered(draft, dice)
    yield DemoEvent(Verb.ACCEPT, at, draft.worker)
    for event in _pause(draft, at, dice):
        yield event
        at = event.at
    at += about(draft.kind.minutes, dice)
    yield from _materials(draft, at - timedelta(seconds=90))
    yield DemoEvent(Verb.FINISH, at, draft.worker, draft.case.finish)
    yield from _judged(draft, at, dice)


def _answered(draft: Draft, dice: Random) -> datetime:
    if roster.waits_for_morning(draft.kind, draft.at):
        return roster.next_morning(draft.at) + about(20, dice)
    return draft.at + about(ANSWER_MINUTES[draft.kind.priority], dice, spread=0.7)


def _pause(draft: Draft, at: datetime, dice: Random) -> Iterator[DemoEvent]:
    """Sometimes the work has to wait, for material or for access."""
    chance = dice.random()
    if chance < HELD_FOR_MATERIAL:
        note = shortage(draft.uses, dice)
        yield from _hold(draft.worker, HoldReason.MATERIAL, note, at + about(15, dice), about(2600, dice))
    elif chance < HELD_FOR_MATERIAL + HELD_FOR_ACCESS:
        note = dice.choice(words.WAITING_FOR_ACCESS)
        yield from _hold(draft.worker, HoldReason.ACCESS, note, at + about(8, dice), about(200, dice))


def shortage(uses: tuple[DemoUse, ...], dice: Random) -> str:
    """What is missing, as the crew writes it."""
    use = uses[0] if uses else None
    item = (
        items()[use.item]
        if use
        else dice.choice([item for item in items().values() if item.category not in ("tool", "ward")])
    )
    quantity = use.quantity.normalize() if use else Decimal(1)
    return words.WAITING_FOR_MATERIAL.format(name=item.name, spec=item.spec, quantity=f"{quantity:f}", unit=item.unit)


def _hold(worker: str, reason: HoldReason, note: str, at: datetime, wait: timedelta) -> Iterator[DemoEvent]:
    yield DemoEvent(Verb.HOLD, at, worker, note, reason)
    yield DemoEvent(Verb.RESUME, at + wait, worker, words.RESUMED[reason.value])


def _materials(draft: Draft, at: datetime) -> Iterator[DemoEvent]:
    for number, use in enumerate(draft.uses):
        yield DemoEvent(Verb.MATERIAL, at + timedelta(seconds=8 * number), draft.worker, material_note(use))


def _judged(draft: Draft, at: datetime, dice: Random) -> Iterator[DemoEvent]:
    judge = roster.reviewer(draft.place.site, dice)
    at = _reviewed(at, dice)
    if dice.random() < SENT_BACK:
        yield DemoEvent(Verb.SEND_BACK, at, judge, dice.choice(words.SENT_BACK))
        at += about(90, dice)
        yield DemoEvent(Verb.FINISH, at, draft.worker, dice.choice(words.FINISHED_AGAIN))
        at = _reviewed(at, dice)
    yield DemoEvent(Verb.VERIFY, at, judge, dice.choice(words.PASSED))


def _reviewed(at: datetime, dice: Random) -> datetime:
    """Supervisors look through the finished work by day."""
    seen = at + about(150, dice, spread=0.8)
    return seen if roster.by_day(seen) else roster.next_morning(seen) + about(50, dice)
