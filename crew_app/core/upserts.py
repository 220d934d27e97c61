"""The INSERT that knows what to do on a conflict: each database has its own, all used here in the same way."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite

from crew_app.core.db import session

Insert = Callable[[Any], Any]
"""Makes an INSERT into a model or table that has `on_conflict_do_update` and `on_conflict_do_nothing`."""
_INSERTS: dict[str, Insert] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert() -> Insert:
    """That of this session's database."""
    return _INSERTS[session.get_bind().dialect.name]


def upsert(make: Callable[[Insert], Any]) -> Callable[[], Executable]:
    """A statement with such an INSERT, put together once for each database when the module is loaded."""
    made = {name: make(insert) for name, insert in _INSERTS.items()}
    return lambda: made[session.get_bind().dialect.name]
