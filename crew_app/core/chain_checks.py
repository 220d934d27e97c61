"""Proof that nothing was altered, deleted, put in, moved or cut off: the chain against its rows and its heads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select

from crew_app.core.chain import (
    CLOSED,
    COVERS,
    CURRENT,
    START,
    Cover,
    Link,
    append,
    chain_of,
    chains,
    close,
    closed,
    content_of,
    content_of_mark,
    mark,
    seal,
)
from crew_app.core.chain_heads import ToldHead
from crew_app.core.db import Base, session
from crew_app.core.removals import Removal, Removed, follow, sealed_removals

PAGE = 500
SHORTEST_HEAD = 12
"""Hex digits of a head that somebody copied from paper."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain does not fit: `what` is altered, deleted, missing, moved, unsealed, cut or rewritten."""

    chain: str
    position: int
    what: str
    kind: str = ""
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain had come on a day, as it was told to the outside: position and hash, or the beginning of it."""

    day: date
    chain: str
    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.chain} {self.position} {self.hash}"


def read_head(line: str) -> Head:
    """A head as `str()` writes it; `ValueError` for anything else."""
    day, chain, position, digits = line.split()
    if len(digits) < SHORTEST_HEAD or set(digits.lower()) - set("0123456789abcdef"):
        raise ValueError(line)
    return Head(date.fromisoformat(day), chain, int(position), digits.lower())


def faults(heads: Iterable[Head] = ()) -> Iterator[Fault]:
    """Walk every chain from its start, a page at a time, and tell where it does not fit its rows or these heads."""
    wanted = list(heads)
    for name in chains():
        yield from _walk(name)
    for head in wanted:
        yield from _against(head)
    for found in CURRENT.values():
        yield from _unsealed(found)


def faults_at_end(most: int = PAGE) -> Iterator[Fault]:
    """The same for the last links of each chain only, and what was told to the outside: quick at any age."""
    for name in chains():
        last = session.scalar(select(func.max(Link.position)).where(Link.chain == name)) or 0
        yield from _walk(name, max(0, last - most))
    for head in told_heads()[-most:]:
        yield from _against(head)


def _walk(name: str, after: int = 0) -> Iterator[Fault]:
    start = session.get(Link, (name, after)) if after else None
    position, before, at = after, start.hash if start else START, None
    for page in _pages(name, after):
        said, wanted = _contents(page)
        for link in page:
            if link.position != position + 1:
                yield Fault(name, position + 1, "missing")
            elif link.hash != seal(before, link) or (at and link.at < at):
                yield Fault(name, link.position, "moved", link.kind, link.subject)
            content = said.get((link.kind, link.subject))
            if content != wanted.get((link.kind, link.subject), link.content):
                yield Fault(name, link.position, "altered" if content else "deleted", link.kind, link.subject)
            position, before, at = link.position, link.hash, link.at
        session.expunge_all()


def _pages(name: str, last: int) -> Iterator[list[Link]]:
    while True:
        query = select(Link).where(Link.chain == name, Link.position > last).order_by(Link.position).limit(PAGE)
        page = list(session.scalars(query))
        if not page:
            return
        last = page[-1].position
        yield page


def _contents(page: list[Link]) -> tuple[dict[tuple[str, UUID], str], dict[tuple[str, UUID], str]]:
    """What the rows behind these links say now; and what they should, where something was removed from them."""
    said, wanted = {}, {}
    for found in COVERS.values():
        said[CLOSED, mark(found)] = content_of_mark(found)
        links = {link.subject: link.content for link in page if link.kind == found.kind}
        rows = _rows(found, list(links))
        said |= {(found.kind, subject): content_of(found, row) for subject, row in rows.items()}
        odd = [subject for subject in rows if said[found.kind, subject] != links[subject]]
        for subject, removals in (sealed_removals(found.kind, odd) if odd else {}).items():
            wanted[found.kind, subject] = follow(links[subject], rows[subject], removals)
    return said, wanted


def _rows(found: Cover, ids: list[UUID]) -> dict[UUID, Base]:
    key = getattr(found.model, found.key)
    rows = session.scalars(select(found.model).where(key.in_(ids))) if ids else ()
    return {getattr(row, found.key): row for row in rows}


def _against(head: Head) -> Iterator[Fault]:
    link = session.get(Link, (head.chain, head.position))
    if link is None:
        yield Fault(head.chain, head.position, "cut")
    elif not link.hash.startswith(head.hash):
        yield Fault(head.chain, head.position, "rewritten", link.kind, link.subject)


def _unsealed(found: Cover) -> Iterator[Fault]:
    for row in session.scalars(_without_place(found).limit(PAGE)):
        yield Fault(chain_of(row), 0, "unsealed", found.kind, getattr(row, found.key))


def _without_place(found: Cover) -> Select[Any]:
    key = getattr(found.model, found.key)
    kinds = [one.kind for one in COVERS.values() if one.model is found.model]
    sealed = exists().where(Link.subject == key, Link.kind.in_(kinds))
    return select(found.model).where(~sealed).order_by(key)


def adopt(at: datetime, most: int = PAGE) -> int:
    """Seal rows that were there before the chain covered their kind; how many, within a write transaction.

    Once none is left the kind is closed by a link of its own: whatever is put in later is told as unsealed.
    """
    for found in CURRENT.values():
        if closed(found):
            continue
        rows: list[Base] = list(session.scalars(_without_place(found).limit(most)))
        for name in sorted({chain_of(row) for row in rows}):
            append(name, [row for row in rows if chain_of(row) == name], at=at, adopted=True)
        if rows:
            return len(rows)
        close(found, at=at)
    return 0


def all_closed() -> bool:
    """Whether nothing is adopted any more."""
    return all(closed(found) for found in CURRENT.values())


def heads_now(day: date) -> list[Head]:
    """How far each chain has come, to be told to the outside."""
    last = select(Link.chain, func.max(Link.position)).group_by(Link.chain)
    ends = session.execute(last.order_by(Link.chain)).all()
    return [Head(day, name, position, session.get_one(Link, (name, position)).hash) for name, position in ends]


def told_heads() -> list[Head]:
    """The heads that were told to the outside, as this database remembers them."""
    rows = session.scalars(select(ToldHead).order_by(ToldHead.day, ToldHead.chain))
    return [Head(row.day, row.chain, row.position, row.hash) for row in rows]


def removed() -> dict[str, int]:
    """How often something was removed under a rule, by what."""
    query = select(Removal.what, func.count()).where(Removal.what != Removed.RULE).group_by(Removal.what)
    return {what.value: many for what, many in session.execute(query)}


def summary() -> dict[str, int]:
    """How many links of each kind there are, and how many of them were adopted."""
    rows = session.execute(select(Link.kind, func.count()).group_by(Link.kind)).all()
    counted: dict[str, int] = {kind: many for kind, many in rows}  # noqa: C416 - rows are no pairs for the types
    adopted = session.scalar(select(func.count()).where(Link.adopted)) or 0
    return {**counted, "adopted": adopted}
