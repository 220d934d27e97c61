"""Who is inside, who was, and who comes often; within the sites whose gate somebody sees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers.gate import plate_key
from crew_app.registers.gate_models import GateEntry, GateVisit

PAGE = 50
MOST_INSIDE = 300
KNOWN_FOR = timedelta(days=60)
MOST_KNOWN = 40


@dataclass(frozen=True, slots=True)
class Known:
    """Who came before, with the words of the last time; `times` within the last 60 days."""

    site_id: UUID
    plate: str
    visitor: str
    reason: str
    host: str
    times: int


def visit(person: Person, visit_id: UUID, right: Right = Right.SEE_GATE, *, lock: bool = False) -> GateVisit:
    """A visit at a site whose gate the person sees (or keeps)."""
    query = select(GateVisit).where(GateVisit.id == visit_id, GateVisit.site_id.in_(person.sites_with(right)))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-visit", N_("This entry of the gate log is not known."))
    return found


def inside(site_ids: Collection[UUID], text: str = "") -> Sequence[GateVisit]:
    """Who is inside now, the newest first."""
    query = select(GateVisit).where(_inside(site_ids), _matching(text))
    return session.scalars(query.order_by(GateVisit.at.desc(), GateVisit.id.desc()).limit(MOST_INSIDE)).all()


def inside_count(site_ids: Collection[UUID]) -> int:
    """How many are inside now."""
    return session.scalar(select(func.count(GateVisit.id)).where(_inside(site_ids))) or 0


def _inside(site_ids: Collection[UUID]) -> ColumnElement[bool]:
    return and_(GateVisit.site_id.in_(site_ids), GateVisit.left_at.is_(None), GateVisit.void.is_(False))


def visits(site_ids: Collection[UUID], text: str = "", before: UUID | None = None) -> Sequence[GateVisit]:
    """Who went out again, the newest first, a page at a time."""
    over = or_(GateVisit.left_at.is_not(None), GateVisit.void.is_(True))
    query = select(GateVisit).where(GateVisit.site_id.in_(site_ids), over, _matching(text))
    return session.scalars(_page(query, before)).all()


def everything(site_ids: Collection[UUID], before: UUID | None = None) -> Sequence[GateVisit]:
    """All visits, the newest first, a page at a time."""
    return session.scalars(_page(select(GateVisit).where(GateVisit.site_id.in_(site_ids)), before)).all()


def _page(query: Select[GateVisit], before: UUID | None) -> Select[GateVisit]:
    last = session.get(GateVisit, before) if before else None
    if last:
        query = query.where(tuple_(GateVisit.at, GateVisit.id) < (last.at, last.id))
    return query.order_by(GateVisit.at.desc(), GateVisit.id.desc()).limit(PAGE)


def _matching(text: str) -> ColumnElement[bool]:
    if not text.strip():
        return true()
    key = plate_key(text)
    words = GateVisit.visitor.icontains(text.strip(), autoescape=True)
    return or_(words, GateVisit.plate_key.contains(key, autoescape=True)) if key else words


def known(site_ids: Collection[UUID], at: datetime) -> list[Known]:
    """Who came most often of late and is not inside now."""
    who = (GateVisit.site_id, GateVisit.plate_key, GateVisit.visitor)
    lately = and_(GateVisit.site_id.in_(site_ids), GateVisit.at >= at - KNOWN_FOR, GateVisit.void.is_(False))
    elsewhere = tuple_(*who).not_in(select(*who).where(_inside(site_ids)))
    order = (func.count(GateVisit.id).desc(), func.max(GateVisit.at).desc())
    query = select(*who, func.count(GateVisit.id), func.max(GateVisit.at)).where(lately, elsewhere).group_by(*who)
    rows = session.execute(query.order_by(*order).limit(MOST_KNOWN)).all()
    last = _last_words([(row[0], row[1], row[2], row[4]) for row in rows])
    return [Known(row[0], *last[row[0], row[1], row[2]], row[3]) for row in rows]


def _last_words(keys: list[tuple[UUID, str, str, datetime]]) -> dict[tuple[UUID, str, str], tuple[str, str, str, str]]:
    column = tuple_(GateVisit.site_id, GateVisit.plate_key, GateVisit.visitor, GateVisit.at)
    found = session.scalars(select(GateVisit).where(column.in_(keys))) if keys else ()
    return {(one.site_id, one.plate_key, one.visitor): (one.plate, one.visitor, one.reason, one.host) for one in found}


def story(found: GateVisit) -> Sequence[GateEntry]:
    """All that was written about a visit, in the order of receipt."""
    query = select(GateEntry).where(GateEntry.visit_id == found.id).options(selectinload(GateEntry.person))
    return session.scalars(query.order_by(GateEntry.id)).all()


def last_heard(site_ids: Collection[UUID]) -> datetime | None:
    """When the last entry of these gates arrived."""
    return session.scalar(select(func.max(GateEntry.received_at)).where(GateEntry.site_id.in_(site_ids)))
