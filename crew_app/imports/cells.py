"""What a cell says: texts as people type them to typed values, or in words why not. Pure."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from crew_app.core.words import N_

_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xA0: 0x20}
_WIDE_SIGNS = {sign: plain for sign, plain in _FULL_WIDTH.items() if chr(plain).isalnum() or plain == ord(" ")}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MONEY = re.compile(r"^(?:rmb|cny|[¥$])|(?:元|rmb|cny)$", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?(?:[ T].*)?")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000
"""Days of a spreadsheet from 1927 to 2119."""
_EPOCH = date(1899, 12, 30)
_LARGEST = Decimal(10) ** 11
YES = frozenset({"是", "有", "对", "y", "yes", "true", "1", "√", "✓", "需要"})
NO = frozenset({"否", "无", "不", "没有", "n", "no", "false", "0", "×", "✗", "不需要", ""})


class Bad(Exception):
    """A cell that cannot be taken: an English key with its parameters."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message, self.params = message, params


def text(value: str) -> str:
    """A text without signs that nobody sees; letters, digits and spaces in their usual width."""
    return " ".join(_INVISIBLE.sub("", value).translate(_WIDE_SIGNS).split())


def code(value: str) -> str:
    """A code: everything in its usual width, without spaces at the ends."""
    return " ".join(_INVISIBLE.sub("", value).translate(_FULL_WIDTH).split())


def key(value: str) -> str:
    """By what two texts count as the same word: width, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", value)).casefold().split())


def short(value: str, most: int) -> str:
    """A text that fits, or `Bad`."""
    if len(value) > most:
        raise Bad(N_("This is too long: %(most)s characters at most."), most=most)
    return value


def number(value: str, places: int, *, least: Decimal = Decimal(0)) -> Decimal:
    """A number as it is typed in offices: with separators, a currency, in full width."""
    plain = _MONEY.sub("", code(value).replace(" ", "").replace("，", ",").replace("￥", "¥"))
    plain = _MONEY.sub("", plain)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        found = Decimal(plain)
    except InvalidOperation as error:
        raise Bad(N_("This is no number. Write it like 12.5.")) from error
    if not found.is_finite() or found < least or found > _LARGEST:
        raise Bad(N_("This number is out of range."))
    return found.quantize(Decimal(1).scaleb(-places)).normalize() + Decimal(0)


def day(value: str) -> date:
    """A day: 2024-05-06, 2024/5/6, 2024.5.6, 2024年5月6日, 20240506, a month, or the number a spreadsheet keeps."""
    plain = code(value)
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    if re.fullmatch(r"\d{5}(\.\d+)?", plain) and _FIRST_SERIAL <= float(plain) <= _LAST_SERIAL:
        return _EPOCH + timedelta(days=int(float(plain)))
    found = _DATE.fullmatch(plain)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        pass
    raise Bad(N_("This is no day. Write it like 2024-05-31."))


def yes(value: str) -> bool:
    """Yes or no."""
    plain = key(value)
    if plain in YES or plain in NO:
        return plain in YES
    raise Bad(N_("Only yes or no can stand here (是 or 否)."))


def column_name(number: int) -> str:
    """How a spreadsheet calls a column: 0 is A, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
