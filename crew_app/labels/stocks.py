"""Label stocks: A4 sheets and rolls as shops sell them, and where each label lies. Millimetres all."""

from collections.abc import Iterator
from dataclasses import dataclass

A4 = (210.0, 297.0)
FURTHEST = 10.0
"""So far a printer's feed can be put right."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A sheet of equal labels, or a roll with one label after the other."""

    code: str
    width: float
    height: float
    across: int = 1
    down: int = 1
    left: float = 0.0
    top: float = 0.0
    gap: float = 0.0
    """Between two labels of a row."""

    @property
    def is_roll(self) -> bool:
        """Whether each label is a page of its own."""
        return self.across * self.down == 1

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of what goes through the printer."""
        return (self.width, self.height) if self.is_roll else A4

    @property
    def per_page(self) -> int:
        """Labels on a page."""
        return self.across * self.down

    @property
    def edge(self) -> float:
        """What stays white on each side of a label: printers miss it by so much, and the edge of the paper."""
        return 1.5 if self.is_roll else 4.0

    def pages(self, count: int, first: int = 1) -> int:
        """Pages for so many labels, beginning on label `first` of the first page."""
        return -(-(count + first - 1) // self.per_page) if count else 0

    def spots(self, first: int = 1) -> Iterator[tuple[int, float, float]]:
        """Page, left and top of one label after the other, without end."""
        number = first - 1
        while True:
            page, spot = divmod(number, self.per_page)
            row, column = divmod(spot, self.across)
            yield page, self.left + column * (self.width + self.gap), self.top + row * self.height
            number += 1


STOCKS = {
    stock.code: stock
    for stock in (
        Stock("a4-24", 70, 37, 3, 8, 0, 0.5),
        Stock("a4-21", 63.5, 38.1, 3, 7, 7.25, 15.15, 2.5),
        Stock("a4-10", 99.1, 57, 2, 5, 4.65, 6, 2.5),
        Stock("a4-8", 105, 74, 2, 4, 0, 0.5),
        Stock("roll-50x30", 50, 30),
        Stock("roll-40x60", 40, 60),
    )
}


@dataclass(frozen=True, slots=True)
class Setup:
    """How it is printed: on what, from which label of the first sheet on, and how far the feed is put right."""

    stock: Stock
    first: int = 1
    right: float = 0.0
    lower: float = 0.0
    """Everything so much further to the right and down; less than nothing: to the left and up."""
