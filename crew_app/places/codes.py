"""Codes for tags: none is given twice, whatever it was given for."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from crew_app.core.codes import make_code
from crew_app.core.db import session
from crew_app.places.models import Tag

GIVEN: list[Callable[[set[str]], set[str]]] = [
    lambda codes: set(session.scalars(select(Tag.code).where(Tag.code.in_(codes)))),
]
"""Which of these codes were given already: whoever keeps codes elsewhere adds a function."""
AT_ONCE = 500


def fresh_codes(count: int) -> Iterator[str]:
    """So many codes that nobody was given."""
    given: set[str] = set()
    while len(given) < count:
        wanted = {make_code() for _ in range(min(AT_ONCE, count - len(given)))} - given
        for taken in GIVEN:
            wanted -= taken(wanted)
        given |= wanted
        yield from sorted(wanted)


def fresh_code() -> str:
    """One of them."""
    return next(fresh_codes(1))
