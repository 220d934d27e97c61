"""Round numbers for the axes of charts. Plain arithmetic."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

MOST_STEPS = 4
STEPS = (1, 2, 5, 10)
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from zero to a round number above everything shown. Places on it are percent of its length."""

    top: float
    ticks: tuple[float, ...]
    """Round numbers at equal distances, zero and `top` among them."""

    def share(self, amount: float) -> float:
        """How far up an amount lies, from 0 to 100; what is below zero lies at zero."""
        return round(min(max(amount / self.top * 100, 0.0), 100.0), 2)


def scale(most: float, *, whole: bool = True) -> Scale:
    """The axis for amounts up to `most`; `whole` where there are no parts of one (counts)."""
    step = _step(max(most, 0.0) / MOST_STEPS, whole=whole)
    count = max(ceil(round(most / step, 9)), 1)
    ticks = tuple(_tidy(step * number) for number in range(count + 1))
    return Scale(ticks[-1], ticks)


def _step(least: float, *, whole: bool) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not less than this; parts of one only where there are some."""
    if least <= 0 or (whole and least <= 1):
        return 1.0
    power = 10.0 ** floor(log10(least))
    return next(_tidy(power * step) for step in STEPS if power * step >= least * (1 - 1e-9))


def _tidy(number: float) -> float:
    """Without the dust of binary fractions."""
    return float(f"{number:.9g}")


def plain(number: float | Decimal) -> str:
    """A number as people write it: 1,250 · 12.5 · 0.04."""
    text = f"{number:,.2f}" if -THOUSAND < number < THOUSAND else f"{number:,.0f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
