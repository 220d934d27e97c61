"""What changes seldom is kept in each process, exactly as fresh as the database has it, on any number of hosts.

People and their roles, places, lists: every page needs them and they change a few times a day. The database counts the
changes of each group of tables in `revisions`, by triggers, so that nobody who writes can forget it. A transaction
reads these few numbers once (one statement of 30 microseconds); what was made from the same numbers is good.

Within a write transaction the numbers are read again after each change of its own: what was made from those is never
kept, because they may still be taken back.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, String, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from crew_app.core.db import BEGUN, Base, db, session

Made = TypeVar("Made")
Numbers = dict[str, int]

TOPICS: dict[str, tuple[str, ...]] = {
    "people": ("sites", "people", "memberships", "person_trades"),
    "places": ("departments", "places", "place_contexts", "asset_kinds", "assets", "tags"),
    "lists": (
        "chat_hook_topics",
        "chat_hooks",
        "credential_kinds",
        "credentials",
        "escalation_steps",
        "job_kinds",
        "licence_needs",
        "playbook_versions",
        "playbooks",
        "responsibilities",
        "roster_rules",
        "service_hours",
        "shot_rules",
        "site_words",
        "target_rules",
        "webhooks",
    ),
    "announcements": ("announcements", "announcement_audiences", "announcement_places"),
    "habits": ("notice_choices", "notice_habits", "push_subscriptions"),
}
"""Which tables count together. A test compares this with the triggers of a migrated database."""
MOST = 20_000
"""Things kept in one process; the one not asked for longest goes first."""
_SQL = "SELECT topic, number FROM revisions"
_READ, _AT_BEGIN, _CHECKED = "crew_revisions", "crew_revisions_at_begin", "crew_revisions_checked"
_FLUSHED = "crew_flushed"


class Revision(Base):
    """How often one group of tables has changed."""

    __tablename__ = "revisions"

    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(default=0, server_default="0")


class _Kept:
    """What one process keeps of one database."""

    def __init__(self) -> None:
        self._things: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, stamp: Hashable) -> tuple[Any] | None:
        """The thing, in a tuple, if it was made from these numbers."""
        with self._lock:
            found = self._things.get(key)
            if found is None or found[0] != stamp:
                return None
            self._things.move_to_end(key)
            return (found[1],)

    def put(self, key: Hashable, stamp: Hashable, thing: Any) -> None:
        """Keep it."""
        with self._lock:
            self._things[key] = (stamp, thing)
            self._things.move_to_end(key)
            if len(self._things) > MOST:
                self._things.popitem(last=False)


_by_engine: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def kept(topics: tuple[str, ...], key: Hashable, make: Callable[[], Made], *, also: Hashable = None) -> Made:
    """What `make` gives, made anew only when one of these groups of tables, or `also`, has changed since.

    It must not be changed by whoever gets it, and must not belong to a session: many threads see the same one.
    """
    numbers = _numbers()
    if numbers is None:
        return make()
    stamp = (tuple(numbers[topic] for topic in topics), also)
    store = _store()
    found = store.get(key, stamp)
    if found is not None:
        made: Made = found[0]
        return made
    made = make()
    if _numbers() is not None:  # making it has changed nothing of this
        store.put(key, stamp, made)
    return made


def apart(load: Callable[[Session], Made]) -> Made:
    """Rows as they stand, belonging to no session: what `load` reads in one of its own, within this transaction."""
    with Session(session.connection()) as own:
        made = load(own)
        own.expunge_all()
    return made


def _numbers() -> Numbers | None:
    """The numbers this transaction began with; nothing once it has changed something that is counted."""
    current = session()
    begun: Numbers | None = current.info.get(_AT_BEGIN)
    if begun is None:
        return _of_reader(current)
    current.flush()
    written = _written()
    if written is None or current.info.get(_CHECKED) != written:
        if _read() != begun:
            return None
        current.info[_CHECKED] = written
    return begun


def _of_reader(current: Session) -> Numbers | None:
    """The same outside of `write_transaction()`, where nothing is written but by scripts and tests."""
    numbers: Numbers | None = current.info.get(_READ)
    if current.info.get(_FLUSHED) or current.new or current.dirty or current.deleted:
        return None
    if numbers is None:
        numbers = current.info[_READ] = _read()
    return numbers


def _written() -> int | None:
    """How many rows this connection has written so far, where its driver counts them."""
    found: int | None = getattr(session.connection().connection.dbapi_connection, "total_changes", None)
    return found


def _read() -> Numbers:
    return {row[0]: row[1] for row in session.connection().exec_driver_sql(_SQL)}


def _store() -> _Kept:
    engine = db.engine
    found = _by_engine.get(engine)
    if found is None:
        found = _by_engine[engine] = _Kept()
    return found


def _begin() -> None:
    session().info[_AT_BEGIN] = _read()


def _flushed(current: Session, _context: Any) -> None:
    current.info[_FLUSHED] = True


def _end(ended: Session, transaction: Any) -> None:
    if transaction.parent is None:
        for name in (_READ, _AT_BEGIN, _CHECKED, _FLUSHED):
            ended.info.pop(name, None)


BEGUN.append(_begin)
event.listen(Session, "after_flush", _flushed)
event.listen(Session, "after_transaction_end", _end)
