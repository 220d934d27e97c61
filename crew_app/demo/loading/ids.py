"""Identifiers that come out the same every time."""

from datetime import datetime
from functools import cache
from random import Random
from uuid import NAMESPACE_DNS, UUID, uuid5

from crew_app.core.codes import ALPHABET, RANDOM, check_character

SPACE = uuid5(NAMESPACE_DNS, "demo.crew-app")
Row = dict[str, object]


@cache
def known(kind: str, name: object) -> UUID:
    """The id of something that has a name or code: the same in every demo."""
    return uuid5(SPACE, f"{kind}:{name}")


def timed(at: datetime, dice: Random) -> UUID:
    """A UUIDv7, as a device would have made at this moment, so that newer rows have greater ids."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | dice.getrandbits(12) << 64 | 2 << 62 | dice.getrandbits(62))


def tag_code(dice: Random) -> str:
    """A tag code from a seed; never use this where a code must be hard to guess."""
    body = "".join(dice.choices(ALPHABET, k=RANDOM))
    return body + check_character(body)
