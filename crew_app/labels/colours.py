"""Colours of the bands: one for each kind, always with its word, since some people and most rolls know no colours."""

from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green, blue, from 0 to 255 each."""

    red: int
    green: int
    blue: int

    @property
    def ink(self) -> "Colour":
        """What can be read on it: black, or white on dark ones."""
        return WHITE if self.light < 0.2 else BLACK  # noqa: PLR2004 - where both contrast alike

    @property
    def light(self) -> float:
        """How light it looks, from 0 to 1 (relative luminance)."""
        parts = ((self.red, 0.2126), (self.green, 0.7152), (self.blue, 0.0722))
        return sum(share * _linear(value / 255) for value, share in parts)

    def __str__(self) -> str:
        """As pages write it."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of the standard


def _colour(written: str) -> Colour:
    return Colour(*(int(written[place : place + 2], 16) for place in (0, 2, 4)))


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
_BANDS = (
    "0b6e4f",
    "b3261e",
    "1d4ed8",
    "f2a900",
    "6b21a8",
    "0e7490",
    "c2410c",
    "4d7c0f",
    "be185d",
    "44403c",
    "8ecae6",
    "d9ed92",
)
_PLACES = {"building": "12333f", "floor": "2f5d62", "room": "0b6e4f", "area": "4d7c0f"}
BLANK = _colour("e7e5e4")


def of_place(kind: str) -> Colour:
    """The band of a sort of place."""
    return _colour(_PLACES.get(kind, _PLACES["room"]))


def of_asset(kind: str) -> Colour:
    """The band of a kind of asset: always the same for the same code."""
    return _colour(_BANDS[crc32(kind.encode()) % len(_BANDS)])
