"""Who could do a job, with all that the rules of dispatch ask about each of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, case, func, or_, select

from crew_app.core.db import session
from crew_app.core.revisions import kept
from crew_app.desk import dispatch_rules
from crew_app.desk.dispatch_rules import Area, Candidate, Score
from crew_app.people.models import Person
from crew_app.people.rules import RIGHTS, Right, Role, Trade
from crew_app.places.models import Place
from crew_app.registers.credential_queries import lacking_of
from crew_app.roster import queries as roster
from crew_app.roster.models import Responsibility
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import UNDER_WORK, State, Verb

_GAVE_BACK = (Verb.DECLINE, Verb.RELEASE)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everybody who may work at the site of a job, the best first."""

    scores: list[Score]
    people: dict[UUID, Person]
    """As they stand; whoever is chosen becomes part of this transaction."""
    gave_back: frozenset[UUID | None]
    """Who declined the job or gave it back, whatever they may do."""

    def person(self, found: Score) -> Person:
        """Who was weighed."""
        return session.merge(self.people[found.candidate.person_id], load=False)


def ranking(ticket: Ticket, at: datetime) -> Ranking:
    """Weigh everybody who may work at the ticket's site."""
    trade = ticket.job_kind.trade
    people = {one.id: one for one in roster.crew_of(ticket.site_id, Right.WORK)}
    shifts = roster.shifts_at(ticket.site_id, at)
    presence = roster.presence(ticket.site_id, at, people, trade, shifts)
    anyhow = roster.presence(ticket.site_id, at, people, None, shifts) or {}
    areas, jobs, gave_back = _areas(ticket, people.values()), _jobs(people), gave_back_by(ticket)
    knowing = [one for one in people.values() if trade in one.trade_set or (one.id in areas and areas[one.id].named)]
    lacks = lacking_of([one.id for one in people.values()], trade, ticket.site_id, at)
    known = {one.id for one in knowing}
    candidates = [
        Candidate(
            person_id=person_id,
            knows=person_id in known,
            duty=(presence or {}).get(person_id) if person_id in known else anyhow.get(person_id),
            area=areas.get(person_id),
            jobs=jobs.get(person_id, 0),
            lacks=tuple({"zh": kind.name, "en": kind.name_en or kind.name} for kind in lacks.get(person_id, ())),
            declined=person_id in gave_back,
        )
        for person_id in people
    ]
    return Ranking(dispatch_rules.ranked(candidates, trade, rostered=presence is not None), people, gave_back)


def answering(ticket: Ticket, at: datetime) -> list[Person]:
    """Who may answer for a job until somebody fits: those who dispatch, on duty first, supervisors before managers."""
    everybody = roster.with_right(ticket.site_id, Right.DISPATCH)
    there = roster.on_duty(ticket.site_id, at, Right.DISPATCH)
    jobs, on_duty = _jobs([one.id for one in everybody]), {one.id for one in there}
    return sorted(everybody, key=lambda one: (one.id not in on_duty, _rank(one, ticket.site_id), jobs.get(one.id, 0)))


def gave_back_by(ticket: Ticket) -> frozenset[UUID | None]:
    """Who declined this job or gave it back; nobody one that was only opened so far."""
    if ticket.event_count <= 1:
        return frozenset()
    query = select(TicketEvent.person_id).where(TicketEvent.ticket_id == ticket.id, TicketEvent.verb.in_(_GAVE_BACK))
    return frozenset(session.scalars(query))


def way_up(place: Place) -> list[Place]:
    """A place and those around it, from the inside out."""
    found = [place]
    while found[-1].parent:
        found.append(found[-1].parent)
    return found


def _rank(person: Person, site_id: UUID) -> int:
    roles = {one.role for one in person.memberships if one.site_id == site_id}
    if Role.SUPERVISOR in roles:
        return 0
    return 1 if any(Right.VERIFY in RIGHTS[role] for role in roles) else 2


def _areas(ticket: Ticket, people: Collection[Person]) -> dict[UUID, Area]:
    """For each person the nearest place around the job that they, or else their crew, answer for."""
    trade = ticket.job_kind.trade
    key = "areas around", ticket.place_id, trade
    found: dict[UUID, Area] = {}
    for person_id, area in kept(("places", "lists"), key, lambda: _around(ticket.place, trade)):
        whose = [person_id] if person_id else [crew.id for crew in people if trade in crew.trade_set]
        for one in whose:
            found.setdefault(one, area)
    return found


def _around(place: Place, trade: Trade) -> list[tuple[UUID | None, Area]]:
    """The areas around a place with whoever answers for them (nobody: the crew of the trade), people and near first."""
    way = {place.id: (steps, place) for steps, place in enumerate(way_up(place))}
    query = select(Responsibility).where(
        Responsibility.place_id.in_(way), or_(Responsibility.trade.is_(None), Responsibility.trade == trade)
    )
    found = []
    for one in session.scalars(query):
        steps, around = way[one.place_id]
        name = {"zh": around.name, "en": around.name_en or around.name}
        found.append((one.person_id, Area(name, steps, one.person_id is not None)))
    return sorted(found, key=lambda one: (one[0] is None, one[1].steps))


def _jobs(person_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many jobs each has in hand or is asked to accept."""
    if not person_ids:
        return {}
    rows = session.execute(_IN_HAND, {"people": list(person_ids)}).all()
    return {row[0]: row[1] for row in rows}


def _in_hand() -> Select[UUID, int]:
    people: BindParameter[Any] = bindparam("people", expanding=True)
    holder = case((Ticket.state == State.OPEN, Ticket.assignee_id), else_=Ticket.owner_id).label("holder")
    theirs = or_(
        Ticket.owner_id.in_(people) & Ticket.state.in_(UNDER_WORK),
        Ticket.assignee_id.in_(people) & (Ticket.state == State.OPEN),
    )
    return select(holder, func.count(Ticket.id)).where(theirs).group_by(holder)


_IN_HAND = _in_hand()
