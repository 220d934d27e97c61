"""Flags a person may see: everybody's where they watch rounds, their own where they walk; and how many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.rounds.flag_models import FlagRemark
from crew_app.rounds.models import Flag, RoundTemplate, Run, RunStop, Visit
from crew_app.rounds.presence import DOUBT

PAGE = 30
_SHOWN = (
    joinedload(Flag.visit).options(
        joinedload(Visit.person),
        joinedload(Visit.run).options(joinedload(Run.template), joinedload(Run.version)),
        joinedload(Visit.stop).options(joinedload(RunStop.place), joinedload(RunStop.asset)),
    ),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which flags to list. `doubts`: only those that speak against the evidence, not late or untidy."""

    template_id: UUID | None = None
    person_id: UUID | None = None
    doubts: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """Of whom or what: visits, and how many of them have a flag that nobody has explained."""

    about: Person | RoundTemplate
    visits: int
    flagged: int

    @property
    def percent(self) -> int:
        """Flagged visits of a hundred."""
        return round(100 * self.flagged / self.visits) if self.visits else 0


def flags(person: Person, chosen: Filter, before: tuple[datetime, UUID] | None = None) -> Sequence[Flag]:
    """Flags from the newest on. Which ones is asked first: whole rows, templates and all, would be sorted otherwise."""
    query = _seen_by(person).with_only_columns(Flag.id)
    if chosen.template_id:
        query = query.where(Visit.run_id.in_(select(Run.id).where(Run.template_id == chosen.template_id)))
    if chosen.person_id:
        query = query.where(Visit.person_id == chosen.person_id)
    if chosen.doubts:
        query = query.where(Flag.rule.in_(DOUBT))
    if before:
        query = query.where(tuple_(Flag.made_at, Flag.id) < tuple_(*before))
    newest = (Flag.made_at.desc(), Flag.id.desc())
    found = session.scalars(query.order_by(*newest).limit(PAGE)).all()
    return session.scalars(select(Flag).where(Flag.id.in_(found)).order_by(*newest).options(*_SHOWN)).all()


def flag(person: Person, flag_id: UUID) -> Flag:
    """A flag the person may see, locked for who will say something about it."""
    found = session.scalar(_seen_by(person).where(Flag.id == flag_id).with_for_update(of=Flag))
    if found is None:
        raise Unseen("unknown-flag", N_("This flag is not known."))
    return found


def remarks(of: Iterable[Flag]) -> dict[UUID, list[FlagRemark]]:
    """What was said about these flags, in the order in which it was said."""
    query = select(FlagRemark).where(FlagRemark.flag_id.in_([one.id for one in of])).order_by(FlagRemark.at)
    found: dict[UUID, list[FlagRemark]] = {}
    for remark in session.scalars(query.options(joinedload(FlagRemark.person))):
        found.setdefault(remark.flag_id, []).append(remark)
    return found


def rates(person: Person, since: datetime) -> tuple[list[Rate], list[Rate]]:
    """By person and by route: visits of the runs since then, and how many have flags; the highest share first."""
    counted = _count(person, since)
    return (
        _rates(Person, ((person_id, visits, flagged) for person_id, _, visits, flagged in counted)),
        _rates(RoundTemplate, ((template_id, visits, flagged) for _, template_id, visits, flagged in counted)),
    )


def _count(person: Person, since: datetime) -> Sequence[Row[UUID, UUID, int, int]]:
    explained = select(FlagRemark.id).where(FlagRemark.flag_id == Flag.id, FlagRemark.explained.is_(True)).exists()
    query = (
        select(Visit.person_id, Run.template_id, func.count(Visit.id.distinct()), func.count(Flag.visit_id.distinct()))
        .select_from(Run)
        .join(Visit, Visit.run_id == Run.id)
        .outerjoin(Flag, and_(Flag.visit_id == Visit.id, ~explained))
        .where(_may_see(person, Run.site_id), Run.opens_at >= since, Visit.skipped.is_(False))
        .group_by(Visit.person_id, Run.template_id)
    )
    return session.execute(query).all()


def _rates(kind: type[Any], counted: Iterable[tuple[UUID, int, int]]) -> list[Rate]:
    sums: dict[UUID, tuple[int, int]] = {}
    for key, visits, flagged in counted:
        before = sums.get(key, (0, 0))
        sums[key] = (before[0] + visits, before[1] + flagged)
    things = session.scalars(select(kind).where(kind.id.in_(sums))).all()
    return sorted((Rate(one, *sums[one.id]) for one in things), key=lambda rate: (-rate.percent, -rate.visits))


def _seen_by(person: Person) -> Select[Flag]:
    return select(Flag).join(Visit, Visit.id == Flag.visit_id).where(_may_see(person, Flag.site_id))


def _may_see(person: Person, site_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Everybody's where they watch, their own where they only walk; one condition alone keeps to the index."""
    watched = person.sites_with(Right.WATCH_ROUNDS)
    walked = person.sites_with(Right.WALK) - watched
    everybodys, own = site_id.in_(watched), and_(site_id.in_(walked), Visit.person_id == person.id)
    if not walked:
        return everybodys
    return or_(everybodys, own) if watched else own
