"""The audit chain: one sealed order per site of everything that counts as evidence.

Whatever is `cover`ed gets a link in the transaction that writes it. A link holds the hash of what its row says and of
the link before it, so that a row that is altered, deleted, put in or moved behind the application's back is found by
`chain_checks`. Whoever rewrites the whole chain is found by its heads, which are kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import ColumnElement, ForeignKey, Index, String, bindparam, event, func, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from crew_app.core.clock import now
from crew_app.core.db import BEFORE_COMMIT, Base, session
from crew_app.core.types import Fixed, Time

START = "0" * 64
"""What the first link of a chain follows."""
NOWHERE = "-"
"""The chain of what belongs to no site."""
CLOSED = "closed"
"""The kind of a link that says that nothing of some kind is adopted any more."""
_WAITING = "crew_unsealed"
_LOCKS = 0x63686169


class Link(Base):
    """The place of a row in its site's order. Rows never change and never go (triggers)."""

    __tablename__ = "chain_links"
    __table_args__ = (Index("ix_chain_links_subject_kind", "subject", "kind", unique=True),)

    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The id of the site, or `NOWHERE`."""
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[UUID]
    content: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what the row says."""
    at: Mapped[Time]
    """When it was sealed, by the server's clock; never runs backwards."""
    adopted: Mapped[bool] = mapped_column(default=False)
    """Sealed later: the row was there before the chain began."""
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Cover:
    """How a kind of row is sealed: by which key, and which of its columns are said."""

    kind: str
    model: type[Base]
    key: str
    columns: tuple[str, ...]


COVERS: dict[str, Cover] = {}
"""By kind, those of earlier versions too."""
CURRENT: dict[type[Base], Cover] = {}


def cover(kind: str, model: type[Base], columns: str, *, key: str = "id") -> None:
    """Seal each new row of a model from now on by these columns (names with blanks between them).

    A kind is never changed once rows were sealed by it: a model that gets another column gets another kind.
    """
    COVERS[kind] = CURRENT[model] = Cover(kind, model, key, tuple(columns.split()))


def start() -> None:
    """Watch for new rows; called at every start, connected once."""
    if seal_new not in BEFORE_COMMIT:
        BEFORE_COMMIT.append(seal_new)
        event.listen(Session, "after_flush", _remember)


def seal_new() -> None:
    """Give what this transaction has written its places."""
    waiting = session.info.pop(_WAITING, [])
    rows = [row for row in waiting if inspect(row).persistent]  # what a savepoint took back is not
    for name in sorted({chain_of(row) for row in rows}):
        append(name, [row for row in rows if chain_of(row) == name], at=now())


def append(name: str, rows: Iterable[Base], *, at: datetime, adopted: bool = False) -> None:
    """Put rows behind the last link of a chain, in this order."""
    found = [(CURRENT[type(row)], row) for row in rows]
    said = [(one.kind, getattr(row, one.key), content_of(one, row)) for one, row in found]
    _append(name, getattr(found[0][1], "site_id", None) if found else None, said, at, adopted=adopted)


def append_said(name: str, site_id: UUID | None, said: list[tuple[str, UUID, str]], *, at: datetime) -> None:
    """The same for rows that were written in bulk: kind, key and content of each, as `content_of` gives it."""
    _append(name, site_id, said, at, adopted=False)


def close(found: Cover, *, at: datetime) -> None:
    """Say, in the chain itself, that all rows of this kind have their place; done once."""
    if not closed(found):
        _append(NOWHERE, None, [(CLOSED, mark(found), content_of_mark(found))], at, adopted=False)


def closed(found: Cover) -> bool:
    """Whether rows of this kind that stand outside the chain are not adopted any more."""
    return session.scalar(select(Link.position).where(Link.kind == CLOSED, Link.subject == mark(found))) is not None


def mark(found: Cover) -> UUID:
    """What the link that closes a kind is about."""
    return uuid5(NAMESPACE_OID, found.kind)


def content_of_mark(found: Cover) -> str:
    """What the link that closes a kind says."""
    return _digest([CLOSED, found.kind])


def _append(name: str, site_id: UUID | None, said: list[tuple[str, UUID, str]], at: datetime, *, adopted: bool) -> None:
    lock(name)
    last = head(name)
    before, position = (last.hash, last.position) if last else (START, 0)
    at = max(last.at, at) if last else at
    made = []
    for kind, subject, content in said:
        position += 1
        link = {"chain": name, "position": position, "site_id": site_id, "kind": kind, "subject": subject}
        link |= {"content": content, "at": at, "adopted": adopted}
        before = seal(before, SimpleNamespace(**link))  # type: ignore[arg-type]  # a row of the table costs more
        made.append(link | {"hash": before})
    if made:
        session.execute(insert(Link), made)


def head(name: str) -> Link | None:
    """The last link of a chain."""
    return session.scalar(_LAST, {"name": name})


_LAST = select(Link).where(Link.chain == bindparam("name")).order_by(Link.position.desc()).limit(1)


def lock(name: str) -> None:
    """Let one transaction after the other to the end of a chain; SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCKS, func.hashtext(name))))


def chain_of(row: Base) -> str:
    """The name of the chain a row belongs to."""
    site_id = getattr(row, "site_id", None)
    return str(site_id) if site_id else NOWHERE


def seal(before: str, link: Link) -> str:
    """SHA-256, as 64 hex digits, of the hash before it and of what the link says."""
    return _digest(sealed_by(before, link))


def sealed_by(before: str, link: Link) -> list[Any]:
    """What the hash of a link is made of."""
    said = [link.chain, link.position, link.kind, link.subject.hex, link.content, _time(link.at), link.adopted]
    return [before, *said]


def content_of(found: Cover, row: Base) -> str:
    """SHA-256, as 64 hex digits, of what a row says, in one form on every database."""
    return _digest(said_by(found, row))


def said_by(found: Cover, row: Base) -> list[Any]:
    """What is sealed of a row: its kind, then each column with its value in a form that JSON has."""
    columns = type(row).__table__.columns
    return [found.kind, *([name, _plain(columns[name], getattr(row, name))] for name in found.columns)]


def _plain(column: ColumnElement[Any], value: Any) -> Any:
    if isinstance(value, Decimal):
        places = column.type.places if isinstance(column.type, Fixed) else 0
        return str(int(value.scaleb(places).to_integral_value()))
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, StrEnum):
        return value.value
    return repr(value) if isinstance(value, float) else value


def _time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(said: list[Any]) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _remember(found: Session, _context: Any) -> None:
    """Keep what was just written until the transaction ends."""
    fresh = [row for row in found.new if type(row) in CURRENT]
    if fresh:
        found.info.setdefault(_WAITING, []).extend(fresh)


def chains() -> Iterator[str]:
    """The names of all chains."""
    yield from session.scalars(select(Link.chain).distinct().order_by(Link.chain))
