"""Who is on duty at a moment, whose shifts there are, what holds at a site."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.revisions import apart, kept
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Membership, Person
from crew_app.people.rules import RIGHTS, Right, Trade
from crew_app.roster.models import (
    Duty,
    DutyShift,
    RosterChange,
    RosterRules,
    Rota,
    ShiftPattern,
    ShiftSwap,
    SwapState,
)
from crew_app.roster.rules import Conflict, Rules, conflicts

_SWAP = (
    joinedload(ShiftSwap.shift),
    joinedload(ShiftSwap.other),
    joinedload(ShiftSwap.giver).options(*NAMED),
    joinedload(ShiftSwap.taker).options(*NAMED),
)


def on_duty(site_id: UUID, at: datetime, right: Right, trade: Trade | None = None) -> list[Person]:
    """Who is there and may do it: present before on call, then by name.

    Where a site keeps no roster for anybody with this right, everybody with the right counts as being there.
    """
    people = with_right(site_id, right)
    there = presence(site_id, at, {person.id for person in people}, trade)
    if there is None:
        return people
    found = [person for person in people if person.id in there]
    return sorted(found, key=lambda person: there[person.id] is not Duty.PRESENT)


def presence(
    site_id: UUID,
    at: datetime,
    people: Collection[UUID],
    trade: Trade | None = None,
    shifts: Sequence[DutyShift] | None = None,
) -> dict[UUID, Duty] | None:
    """How each of these people is there; nothing at all where no roster is kept for any of them.

    `shifts`: those that run then, if they are known.
    """
    running = shifts_at(site_id, at) if shifts is None else shifts
    fitting = [one for one in running if trade is None or one.trade in (trade, None)]
    shifts = sorted(fitting, key=lambda one: one.duty is Duty.PRESENT)
    there = {shift.person_id: shift.duty for shift in shifts if shift.person_id in people}
    return there if there or _rostered(site_id, people) else None


def with_right(site_id: UUID, right: Right) -> list[Person]:
    """Everybody who has a right at a site, by name."""
    return list(session.scalars(_with_right(site_id, right)))


def crew_of(site_id: UUID, right: Right) -> Sequence[Person]:
    """The same, as they stand: they belong to no session, to be weighed only."""
    people = partial(_as_they_stand, _with_right(site_id, right))
    return kept(("people",), ("crew", site_id, right), lambda: apart(people))


def _as_they_stand(query: Select[Person], own: Session) -> Sequence[Person]:
    return own.scalars(query).all()


def _with_right(site_id: UUID, right: Right) -> Select[Person]:
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    there = select(Membership.person_id).where(Membership.site_id == site_id, Membership.role.in_(roles))
    return select(Person).where(Person.id.in_(there), Person.active).order_by(Person.name, Person.id)


def rules_of(site_id: UUID) -> Rules:
    """What holds at a site."""
    return kept(("lists",), ("roster rules", site_id), lambda: _rules_of(site_id))


def _rules_of(site_id: UUID) -> Rules:
    row = session.get(RosterRules, site_id, populate_existing=True)
    return Rules(row.swap_approval, row.rest_hours, row.dispatching) if row else Rules()


def shifts_between(site_id: UUID, start: datetime, end: datetime) -> Sequence[DutyShift]:
    """All shifts of a site that touch this time, as they begin."""
    query = select(DutyShift).where(DutyShift.site_id == site_id, DutyShift.ends_at > start, DutyShift.starts_at < end)
    return session.scalars(query.options(joinedload(DutyShift.person)).order_by(DutyShift.starts_at)).all()


def shifts_of(person_id: UUID, since: datetime, until: datetime) -> Sequence[DutyShift]:
    """The shifts of one person, wherever they are."""
    query = select(DutyShift).where(
        DutyShift.person_id == person_id, DutyShift.ends_at > since, DutyShift.starts_at < until
    )
    return session.scalars(query.options(joinedload(DutyShift.site)).order_by(DutyShift.starts_at)).all()


def next_shift(person_id: UUID, at: datetime, within: timedelta) -> DutyShift | None:
    """The shift in which somebody is, or that begins soon."""
    return next(iter(shifts_of(person_id, at, at + within)), None)


def warnings(site_id: UUID, start: datetime, end: datetime) -> list[Conflict]:
    """What is wrong with the shifts of a time; being on call at home is rest."""
    rest = timedelta(hours=rules_of(site_id).rest_hours)
    shifts = [one for one in shifts_between(site_id, start - rest, end + rest) if one.duty is Duty.PRESENT]
    return [one for one in conflicts(shifts, rest) if one.second.ends_at > start and one.first.starts_at < end]


def shift(person: Person, shift_id: UUID, right: Right = Right.SEE_SITE, *, lock: bool = False) -> DutyShift:
    """A shift of a site where the person has the right."""
    query = select(DutyShift).where(DutyShift.id == shift_id, DutyShift.site_id.in_(person.sites_with(right)))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-shift", N_("This shift is not on the roster any more."))
    return found


def patterns(site_id: UUID) -> Sequence[ShiftPattern]:
    """The patterns of a site, those in use first, as they begin."""
    query = select(ShiftPattern).where(ShiftPattern.site_id == site_id)
    return session.scalars(query.order_by(ShiftPattern.active.desc(), ShiftPattern.starts, ShiftPattern.name)).all()


def pattern(person: Person, pattern_id: UUID) -> ShiftPattern:
    """A pattern of a site whose roster the person makes."""
    found = session.get(ShiftPattern, pattern_id)
    if found is None or found.site_id not in person.sites_with(Right.DISPATCH):
        raise Unseen("unknown-pattern", N_("This shift pattern is not known here."))
    return found


def rota(person: Person, rota_id: UUID) -> Rota:
    """Somebody's place in a pattern, at a site whose roster the person makes."""
    found = session.get(Rota, rota_id)
    if found is None or found.site_id not in person.sites_with(Right.DISPATCH):
        raise Unseen("unknown-pattern", N_("This shift pattern is not known here."))
    return found


def swap(person: Person, swap_id: UUID) -> ShiftSwap:
    """A swap the person has a part in: one of the two, or whoever makes the roster."""
    query = select(ShiftSwap).where(ShiftSwap.id == swap_id, _theirs(person)).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Unseen("unknown-swap", N_("This swap is not known here."))
    return found


def own_swaps(person: Person, since: datetime) -> Sequence[ShiftSwap]:
    """Swaps that the person proposed or was asked for, the newest first."""
    mine = or_(ShiftSwap.from_id == person.id, ShiftSwap.to_id == person.id)
    query = select(ShiftSwap).where(mine, ShiftSwap.made_at >= since).options(*_SWAP)
    return session.scalars(query.order_by(ShiftSwap.made_at.desc()).limit(30)).all()


def swaps_to_answer(person: Person) -> Sequence[ShiftSwap]:
    """Swaps that wait for the person: for their agreement, or for their approval."""
    sites = person.sites_with(Right.DISPATCH)
    asked = (ShiftSwap.to_id == person.id) & (ShiftSwap.state == SwapState.PROPOSED)
    approving = ShiftSwap.site_id.in_(sites) & (ShiftSwap.state == SwapState.AGREED)
    others = (ShiftSwap.from_id != person.id) & (ShiftSwap.to_id != person.id)
    query = select(ShiftSwap).where(or_(asked, approving & others)).options(*_SWAP)
    return session.scalars(query.order_by(ShiftSwap.made_at).limit(30)).all()


def changes(site_id: UUID, start: datetime, end: datetime) -> Sequence[RosterChange]:
    """What was changed by hand in the shifts of a time, the newest first."""
    query = select(RosterChange).where(RosterChange.site_id == site_id, RosterChange.ends_at > start)
    query = query.where(RosterChange.starts_at < end).order_by(RosterChange.at.desc(), RosterChange.id.desc())
    options = (joinedload(RosterChange.person), joinedload(RosterChange.before), joinedload(RosterChange.by))
    return session.scalars(query.options(*options).limit(30)).all()


def off_duty(person: Person, site_id: UUID, at: datetime, within: timedelta) -> bool:
    """Whether somebody who is on the roster of a site is neither there now nor soon."""
    around = timedelta(weeks=2)
    known = [one for one in shifts_of(person.id, at - around, at + around) if one.site_id == site_id]
    return bool(known) and not any(one.starts_at <= at + within and one.ends_at > at for one in known)


def _theirs(person: Person) -> ColumnElement[bool]:
    sites = person.sites_with(Right.DISPATCH)
    return or_(ShiftSwap.site_id.in_(sites), ShiftSwap.from_id == person.id, ShiftSwap.to_id == person.id)


def shifts_at(site_id: UUID, at: datetime) -> Sequence[DutyShift]:
    """The shifts of a site that run at a moment."""
    return session.scalars(_RUNNING, {"site_id": site_id, "at": at}).all()


_RUNNING = select(DutyShift).where(
    DutyShift.site_id == bindparam("site_id"),
    DutyShift.starts_at <= bindparam("at"),
    DutyShift.ends_at > bindparam("at"),
)


def _rostered(site_id: UUID, people: Collection[UUID]) -> bool:
    query = select(DutyShift.id).where(DutyShift.site_id == site_id, DutyShift.person_id.in_(people))
    return session.scalar(query.limit(1)) is not None
