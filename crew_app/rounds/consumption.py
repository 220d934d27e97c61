"""What meters counted between moments, from readings at other moments. Exact decimals, no database.

Between two readings a meter is taken to run evenly, so that a month that begins between them gets its share; such a
figure is marked as estimated. The months together are exactly the last reading less the first.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from crew_app.rounds.anomalies import Value

PLACES = Decimal("0.0001")
FEWEST_DIGITS = 4
NEARLY = Decimal("0.99")


@dataclass(frozen=True, slots=True)
class Use:
    """What was used between two moments.

    `estimated`: one end lies between two readings. `partial`: the readings do not reach from one end to the other.
    `renewed`: a meter was changed in between, and what it counted unseen is not in the figure.
    """

    amount: Decimal
    estimated: bool = False
    partial: bool = False
    renewed: bool = False


def step(before: Decimal, after: Decimal) -> Decimal | None:
    """What a meter counted between two readings; nothing when it went backwards, because it is another meter now.

    From the last hundredth of its digits to the first (99,731 to 00,012) it has rolled over.
    """
    if after >= before:
        return after - before
    digits = len(str(int(before)))
    whole = Decimal(10) ** digits
    if digits >= FEWEST_DIGITS and before >= NEARLY * whole and 0 <= after <= (1 - NEARLY) * whole:
        return whole - before + after
    return None


def renewals(values: Iterable[Value]) -> list[tuple[Value, Value]]:
    """The neighbouring readings between which a new meter began."""
    return [pair for pair in pairwise(values) if step(pair[0].number, pair[1].number) is None]


def uses(values: Sequence[Value], bounds: Sequence[datetime]) -> list[Use]:
    """What was used from each bound to the next; `values` and `bounds` in the order of time."""
    totals = _totals(values)
    begun = [pair[0].at for pair in renewals(values)]
    ended = [pair[1].at for pair in renewals(values)]
    found = []
    for start, end in pairwise(bounds):
        (first, from_between), (last, to_between) = _total_at(values, totals, start), _total_at(values, totals, end)
        amount = last - first
        found.append(
            Use(
                amount,
                estimated=bool(amount) and (from_between or to_between),
                partial=not values or values[0].at > start or values[-1].at < end,
                renewed=any(one < end and other > start for one, other in zip(begun, ended, strict=True)),
            )
        )
    return found


def together(parts: Sequence[Use]) -> Use:
    """The sum of several meters."""
    return Use(
        sum((part.amount for part in parts), Decimal(0)),
        any(part.estimated for part in parts),
        any(part.partial for part in parts),
        any(part.renewed for part in parts),
    )


def change(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many percent it is more than before, to one place; nothing where there was nothing before."""
    if before <= 0:
        return None
    return ((now - before) / before * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _totals(values: Sequence[Value]) -> list[Decimal]:
    """What was counted since the first reading, at each of them, over all meters that followed each other."""
    totals = [Decimal(0)] if values else []
    for before, after in pairwise(values):
        totals.append(totals[-1] + (step(before.number, after.number) or 0))
    return totals


def _total_at(values: Sequence[Value], totals: Sequence[Decimal], at: datetime) -> tuple[Decimal, bool]:
    """The total at a moment, and whether that lies between two readings."""
    place = bisect_left(values, at, key=lambda value: value.at)
    if place == len(values):
        return (totals[-1] if totals else Decimal(0)), False
    if place == 0 or values[place].at == at:
        return totals[place], False
    before, after = values[place - 1], values[place]
    share = Decimal((at - before.at).total_seconds()) / Decimal((after.at - before.at).total_seconds())
    total = totals[place - 1] + (totals[place] - totals[place - 1]) * share
    return total.quantize(PLACES, ROUND_HALF_UP), True
