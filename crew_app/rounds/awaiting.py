"""Which runs wait for a phone that is known to be away: nobody can say yet that something was missed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.people.models import Membership, Person, PersonTrade
from crew_app.phones import queries as phones
from crew_app.phones.rules import Contact, awaited
from crew_app.rounds.models import Run


def awaited_runs(at: datetime, grace: timedelta) -> Callable[[Run], bool]:
    """A question for `close_overdue`: does this run wait for a phone, at most `grace` after its own grace?

    Of whoever walks it or is named, a phone that was silent since before the end counts, as for jobs. Where anybody of
    a trade may walk it, only phones that told of unsent entries do: somebody is always off duty and silent.
    """

    @cache
    def contacts(site_id: UUID) -> Mapping[UUID, list[Contact]]:
        return phones.contacts([site_id])

    def waits(run: Run) -> bool:
        deadline, known = run.closes_at + timedelta(minutes=run.grace_minutes), contacts(run.site_id)
        walker = run.begun_by_id or run.person_id
        if walker:
            return awaited(deadline, at, grace, known.get(walker, ())) is not None
        unsent = [one for person in _able(run) for one in known.get(person, ()) if one.unsent]
        return awaited(deadline, at, grace, unsent) is not None

    return waits


def _able(run: Run) -> list[UUID]:
    query = select(Membership.person_id).join(Person).where(Membership.site_id == run.site_id, Person.active)
    if run.role:
        query = query.where(Membership.role == run.role)
    if run.trade:
        query = query.where(Membership.person_id.in_(select(PersonTrade.person_id).filter_by(trade=run.trade)))
    return list(session.scalars(query))
