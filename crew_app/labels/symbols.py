"""QR codes as rows of squares: level Q, so that a quarter of the print may be worn off. Knows qrcode."""

from collections.abc import Iterator

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

MASK = 3
"""Always the same pattern over the code. Trying all eight takes nine times as long and reads no better (decisions)."""


def squares(text: str) -> list[list[bool]]:
    """The dark squares of a code, without the white around it."""
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=MASK)
    symbol.add_data(text)
    symbol.make(fit=True)
    return [[bool(dark) for dark in row] for row in symbol.modules]


def runs(grid: list[list[bool]]) -> Iterator[tuple[int, int, int]]:
    """Neighbouring dark squares of a row as one bar: its left end, its row, its length."""
    for down, row in enumerate(grid):
        begin = None
        for across, dark in enumerate([*row, False]):
            if dark and begin is None:
                begin = across
            elif not dark and begin is not None:
                yield begin, down, across - begin
                begin = None
