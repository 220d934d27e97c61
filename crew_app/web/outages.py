"""What keeps the server from keeping anything safe: a full disk, a database that is locked, broken off or away."""

import errno
import sqlite3
from collections.abc import Iterator
from http import HTTPStatus

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crew_app.core.errors import CrewError, Unavailable
from crew_app.core.words import N_

FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
_SQLITE_FULL, _SQLITE_IOERR, _SQLITE_READONLY, _SQLITE_CANTOPEN = 13, 10, 8, 14
_POSTGRES_FULL = "53100"
_POSTGRES_LOCKED = frozenset({"55P03", "40P01", "40001", "57014"})
"""Waited too long for a lock, or had to give way to somebody else."""


class DiskFull(CrewError):
    """There is no room for anything more."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


def full() -> DiskFull:
    """The disk has no room, or takes nothing any more."""
    return DiskFull(
        "disk-full", N_("The server's disk is full. What you entered stays on this phone and is sent later.")
    )


def busy() -> Unavailable:
    """Others write, for longer than anybody should wait."""
    return Unavailable("busy", N_("The server is busy. What you entered stays on this phone and is sent later."))


def away() -> Unavailable:
    """The database does not answer. Whether the last change was kept is known when the same is sent again."""
    words = N_(
        "The server cannot reach its database right now. What you entered stays on this phone and is sent later."
    )
    return Unavailable("database-away", words)


def outage(error: SQLAlchemyError) -> CrewError:
    """What happened, by what the database said first: undoing what failed may have failed as well."""
    codes = {told.sqlite_errorcode for told in _all_told(error) if isinstance(told, sqlite3.Error)}
    states = {getattr(told, "sqlstate", None) for told in _all_told(error)} - {None}
    if any(_no_room(code & 0xFF) for code in codes) or _POSTGRES_FULL in states:
        return full()
    if codes or states & _POSTGRES_LOCKED or not isinstance(error, DBAPIError):
        return busy()
    return away()


def _all_told(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        if isinstance(error, DBAPIError) and error.orig is not None:
            yield error.orig
        error = error.__context__


def _no_room(code: int) -> bool:
    """A full disk shows itself as that, or as a file that cannot be written, lengthened or made."""
    return code in (_SQLITE_FULL, _SQLITE_IOERR, _SQLITE_READONLY, _SQLITE_CANTOPEN)
