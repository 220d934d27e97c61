"""The arithmetic of the storeroom: when to order, how much, and who gets what came in. Pure, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

USE_DAYS = 90
"""Over how many days the use is averaged."""
SAFETY = Decimal("1.5")
"""How much more than the average use of the lead time is kept, for deliveries that are late and weeks that are bad."""
DEAD_DAYS = 180
"""A material of which nothing left the stores for so long lies dead."""
NOTHING = Decimal(0)


def reorder_point(used: Decimal, lead_time_days: int) -> Decimal:
    """At what quantity to order again: average daily use x lead time x 1.5, rounded up to a whole unit.

    `used` is what left the store within the last 90 days. Returned goods may make it negative, which counts as none.
    """
    daily = max(used, NOTHING) / USE_DAYS
    return (daily * lead_time_days * SAFETY).to_integral_value(ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Position:
    """How a site stands with an item: all quantities in the item's unit, summed over the site's stores."""

    on_hand: Decimal = NOTHING
    reserved: Decimal = NOTHING
    missing: Decimal = NOTHING
    """What jobs wait for and nothing is reserved for yet."""
    ordered: Decimal = NOTHING
    """What purchase lists ask for and has not come in yet."""
    minimum: Decimal = NOTHING
    reorder_point: Decimal = NOTHING
    maximum: Decimal = NOTHING
    urgent: bool = False

    @property
    def available(self) -> Decimal:
        """What may still be promised; below zero when more was taken than was free."""
        return self.on_hand - self.reserved

    @property
    def low(self) -> bool:
        """Whether it is time to order."""
        return self.reorder_point > 0 and self.available <= self.reorder_point

    @property
    def proposed(self) -> Decimal:
        """How much to order: up to the maximum when it is low, and what jobs wait for, less what is on its way.

        Rounded up to a whole unit; never below zero.
        """
        fill = max(self.maximum - self.available, NOTHING) if self.low else NOTHING
        return max(fill + self.missing - self.ordered, NOTHING).to_integral_value(ROUND_CEILING)


def shares(free: Decimal, wanted: Sequence[Decimal]) -> list[Decimal]:
    """Share out what is free among those who want some, first come first served, in parts where it does not last."""
    given = []
    for quantity in wanted:
        part = min(max(free, NOTHING), quantity)
        free -= part
        given.append(part)
    return given
