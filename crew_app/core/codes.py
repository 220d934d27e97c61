"""Codes of tags: 13 random characters and one that finds every wrong and every swapped character."""

import secrets
import unicodedata
from typing import Literal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 13
LENGTH = RANDOM + 1

Fault = Literal["length", "character", "check"]

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_IGNORED = str.maketrans("", "", " \t\r\n" + _DASHES)
_LOOKALIKES = str.maketrans("ILO", "110")
_FIELD = 0b100101  # x^5 + x^2 + 1


class BadTagCode(ValueError):
    """What was typed or scanned is no code of a tag; `fault` says what is wrong with it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def make_code() -> str:
    """A new code, from 65 random bits."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return body + check_character(body)


def normalise(text: str) -> str:
    """The code as it is stored, from the way people and scanners write it; raises BadTagCode."""
    code = unicodedata.normalize("NFKC", text).translate(_IGNORED).upper().translate(_LOOKALIKES)
    if any(character not in _VALUES for character in code):
        raise BadTagCode("character")
    if len(code) != LENGTH:
        raise BadTagCode("length")
    if check_character(code[:RANDOM]) != code[RANDOM]:
        raise BadTagCode("check")
    return code


def check_character(body: str) -> str:
    """Sum of value i times a to the power i in GF(32), where a is the element 2."""
    total = 0
    for character in reversed(body):
        total = _double(total ^ _VALUES[character])
    return ALPHABET[total]


def grouped(code: str) -> str:
    """The code as it is printed, AAAAA-BBBBB-CCCC."""
    return f"{code[:5]}-{code[5:10]}-{code[10:]}"


def _double(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & 0b100000 else value
