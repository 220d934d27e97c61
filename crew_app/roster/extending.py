"""Shifts from patterns, made ahead of time again and again."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from crew_app.core.db import session, write_transaction
from crew_app.people.models import Person
from crew_app.roster.actions import extend
from crew_app.roster.models import Rota, ShiftPattern
from crew_app.roster.rules import AHEAD


def extend_all(at: datetime, off: Callable[[UUID], Mapping[date, bool]]) -> int:
    """Make the shifts of the next weeks for everybody in a pattern; `off` gives the days off of a site."""
    ids = list(session.scalars(_short(at)))
    session.rollback()
    made = 0
    for rota_id in ids:
        with write_transaction():
            rota = session.scalar(select(Rota).where(Rota.id == rota_id).with_for_update())
            made += extend(rota, off=off(rota.site_id), at=at) if rota else 0
    return made


def _short(at: datetime) -> Select[UUID]:
    """Who has no shifts yet on the last day of the weeks ahead."""
    last = (at + AHEAD).date()
    going_on = or_(Rota.until_on.is_(None), Rota.made_until.is_(None), Rota.until_on > Rota.made_until)
    behind = or_(Rota.made_until.is_(None), Rota.made_until < last)
    query = select(Rota.id).join(ShiftPattern).join(Person, Person.id == Rota.person_id)
    return query.where(ShiftPattern.active, Person.active, going_on, behind).order_by(Rota.id)
