"""How facts become money. Pure functions, exact decimals, no database.

Each fact is worth yuan to four places. A line (department, kind, what of) is the sum of its facts, rounded once to the
fen; every total is the sum of lines, so that what is shown and handed to finance adds up to the last fen.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from crew_app.core.words import N_
from crew_app.reports.cost_models import CostKind

FEN = Decimal("0.01")
FOUR_PLACES = Decimal("0.0001")
NOTHING = Decimal(0)
LEAST_WORK, MOST_WORK = timedelta(minutes=10), timedelta(hours=4)
"""What the clock between accepting and finishing may say of one job. A longer one says that the job lay, not that
somebody worked; a shorter one that it was registered afterwards. Recorded time goes before it, and has no such limits.
"""
LONGEST_DETAIL = 40
_LATE = re.compile(r"@(\d{4}-\d{2}) (.*)", re.DOTALL)

KIND_LABELS = {
    CostKind.MATERIALS: N_("Materials"),
    CostKind.LABOUR: N_("Labour"),
    CostKind.CONTRACTORS: N_("Contractors"),
    CostKind.METERS: N_("Water and energy"),
    CostKind.OTHER: N_("Other"),
}

MEDIA = {
    "power": N_("Electricity"),
    "water": N_("Water"),
    "steam": N_("Steam"),
    "gas": N_("Gas"),
    "oxygen": N_("Oxygen"),
}
"""What meters count, as far as the software knows it; anything else is called as its check is."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that cost something: of which department (none: the site itself), what of, and how much."""

    department_id: UUID | None
    kind: CostKind
    detail: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """What a department cost, by kind and what of. `belongs`: the closed month that a late fact belongs to."""

    department_id: UUID | None
    kind: CostKind
    detail: str
    amount: Decimal
    belongs: date | None = None

    @property
    def stored_detail(self) -> str:
        """What of, as it is kept: with the month in front for what came late."""
        return f"@{self.belongs:%Y-%m} {self.detail}" if self.belongs else self.detail


def lines(facts: Iterable[Fact]) -> list[Line]:
    """Facts as lines, each rounded to the fen; lines of nothing are left out."""
    sums: dict[tuple[UUID | None, CostKind, str], Decimal] = defaultdict(Decimal)
    for fact in facts:
        sums[fact.department_id, fact.kind, fact.detail[:LONGEST_DETAIL]] += fact.amount
    found = [Line(*key, amount.quantize(FEN, ROUND_HALF_UP)) for key, amount in sums.items()]
    return [line for line in found if line.amount]


def sum_of(found: Iterable[Line]) -> Decimal:
    """What lines come to."""
    return sum((line.amount for line in found), NOTHING)


def split_detail(stored: str) -> tuple[date | None, str]:
    """The month that a late line belongs to, and what of."""
    match = _LATE.fullmatch(stored)
    return (date.fromisoformat(f"{match[1]}-01"), match[2]) if match else (None, stored)


def late_lines(month: date, closed: Sequence[Line], charged: Sequence[Line], now: Sequence[Line]) -> list[Line]:
    """What came for a closed month after it was closed: as it stands now, less what it and later months were charged.

    `charged` are the late lines about this month in months that were closed since.
    """
    sums: dict[tuple[UUID | None, CostKind, str], Decimal] = defaultdict(Decimal)
    for sign, found in ((1, now), (-1, closed), (-1, charged)):
        for line in found:
            sums[line.department_id, line.kind, line.detail] += sign * line.amount
    return [Line(*key, amount, month) for key, amount in sums.items() if amount]


def since(prices: Mapping[date, Decimal], day: date) -> Decimal | None:
    """The price on a day: the newest that began until then; nothing before the first."""
    begun = [start for start in prices if start <= day]
    return prices[max(begun)] if begun else None


def clock_work(seconds: int | None) -> timedelta:
    """What the clock between accepting and finishing counts for."""
    return min(max(timedelta(seconds=seconds or 0), LEAST_WORK), MOST_WORK)


def wage(minutes: Decimal | int, per_hour: Decimal) -> Decimal:
    """What so many minutes cost, to four places."""
    return (Decimal(minutes) * per_hour / 60).quantize(FOUR_PLACES, ROUND_HALF_UP)


def rest(main: Decimal, departments: Iterable[Decimal]) -> Decimal:
    """What a main meter counts beyond the meters of departments behind it; never below nothing."""
    return max(main - sum(departments, NOTHING), NOTHING)


def medium_of(check_key: str, label: str) -> str:
    """What a meter counts: one of `MEDIA`, or its own label. Parts of a meter (peak, valley) go by their label."""
    if check_key in ("total", "kwh"):
        return "power"
    words = {"水表": "water", "蒸汽": "steam", "燃气": "gas", "天然气": "gas", "氧": "oxygen"}
    named = next((medium for word, medium in words.items() if word in label), None)
    known = {"t": "steam", "o2": "oxygen"}
    return named or known.get(check_key) or label[:20]


def about(line: Line, month: date) -> Line:
    """The same line as one that came late for a month."""
    return replace(line, belongs=month)
