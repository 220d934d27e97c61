"""The place of single rows in the audit chain, and whether it fits them now: a quick look, not the whole walk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.chain import COVERS, START, Link, content_of, said_by, seal, sealed_by
from crew_app.core.chain_heads import ToldHead
from crew_app.core.db import Base, session


@dataclass(frozen=True, slots=True)
class Fit:
    """What a quick look at one link found."""

    link: Link
    as_sealed: bool
    """The row still says what it said when it was sealed."""
    in_place: bool
    """Its hash follows from the link before it, and the next one's hash from it."""
    told_on: date | None
    """The day of the next head that was told to the outside, if the chain still holds it."""

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against it."""
        return self.as_sealed and self.in_place


def links_of(rows: Sequence[Base]) -> dict[UUID, Link]:
    """The links of rows of one kind, by their ids, in one query."""
    kinds, ids = _kinds(type(rows[0])) if rows else [], [row.id for row in rows]  # type: ignore[attr-defined]
    query = select(Link).where(Link.subject.in_(ids), Link.kind.in_(kinds))
    return {link.subject: link for link in session.scalars(query)} if rows else {}


def written(rows: Sequence[Base]) -> list[dict[str, Any]]:
    """The links of rows of one kind with everything that their hashes are made of, in two queries."""
    links = links_of(rows)
    before = _befores(links.values())
    found = []
    for row in rows:
        link = links.get(row.id)  # type: ignore[attr-defined]
        if link:
            sealed = sealed_by(before.get((link.chain, link.position - 1), START), link)
            found.append({"row": said_by(COVERS[link.kind], row), "sealed": sealed, "hash": link.hash})
    return found


def _befores(links: Iterable[Link]) -> dict[tuple[str, int], str]:
    wanted = [(link.chain, link.position - 1) for link in links]
    names, positions = {chain for chain, _at in wanted}, [at for _chain, at in wanted]
    query = select(Link.chain, Link.position, Link.hash).where(Link.chain.in_(names), Link.position.in_(positions))
    return {(chain, position): digest for chain, position, digest in session.execute(query)} if wanted else {}


def fit(row: Base) -> Fit | None:
    """How a row's link fits; None while the row has none."""
    link = links_of([row]).get(row.id)  # type: ignore[attr-defined]
    if link is None:
        return None
    around = select(Link).where(Link.chain == link.chain, Link.position.in_((link.position - 1, link.position + 1)))
    beside = {one.position: one for one in session.scalars(around)}
    before, after = beside.get(link.position - 1), beside.get(link.position + 1)
    follows = link.hash == seal(before.hash if before else START, link) and (before is None) == (link.position == 1)
    leads = after is None or after.hash == seal(link.hash, after)
    return Fit(link, link.content == content_of(COVERS[link.kind], row), follows and leads, _told(link))


def _told(link: Link) -> date | None:
    """The day on which the outside was told how far the chain had come beyond this link, if that still holds."""
    later = select(ToldHead).where(ToldHead.chain == link.chain, ToldHead.position >= link.position)
    told = session.scalar(later.order_by(ToldHead.position).limit(1))
    there = session.get(Link, (told.chain, told.position)) if told else None
    return told.day if told and there and there.hash == told.hash else None


def _kinds(model: type[Base]) -> list[str]:
    return [one.kind for one in COVERS.values() if one.model is model]
