"""How rounds stand, in one short text: who watches a page asks whether it is still true, without loading it again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.phones.rules import Contact, awaited
from crew_app.rounds.models import Run, RunStop, Visit
from crew_app.rounds.rules import LIVE, StopState

QUIET = timedelta(minutes=10)
"""So long without a word a phone is said to be silent: nobody knows then how far the round has come."""
AROUND = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Silence:
    """The phone of whoever walks a round: not heard since. `late`: the round's time is over, and it is waited for."""

    contact: Contact
    late: bool


def of_site(person: Person, at: datetime) -> str:
    """How the rounds of a day around now stand at the sites the person sees."""
    counted = (func.count(), func.sum(Run.visited_count), func.sum(Run.missed_count), func.sum(Run.fault_count))
    within = (Run.opens_at >= at - AROUND, Run.opens_at <= at + AROUND)
    query = select(*counted, func.max(Run.changed_at)).where(Run.site_id.in_(person.sites_with(Right.SEE_SITE)))
    return _text(session.execute(query.where(*within)).one())


def of_run(run: Run) -> str:
    """How one run stands."""
    stops = select(func.count()).where(RunStop.run_id == run.id, RunStop.state == StopState.WAITING)
    visits = select(func.count()).where(Visit.run_id == run.id)
    return _text((run.state.value, session.scalar(stops), session.scalar(visits), run.fault_count))


def silence(run: Run, known: Mapping[UUID, Sequence[Contact]], at: datetime, grace: timedelta) -> Silence | None:
    """What is not known about a run because the phone of whoever walks it is silent or holds something back."""
    walker = run.begun_by_id or run.person_id
    contacts = known.get(walker, ()) if walker else ()
    if run.state not in LIVE or not contacts or at < run.opens_at:
        return None
    late = awaited(run.closes_at + timedelta(minutes=run.grace_minutes), at, grace, contacts)
    if late:
        return Silence(late, late=True)
    newest = max(contacts, key=lambda one: one.seen_at)
    quiet = newest.unsent or at - newest.seen_at > QUIET
    return Silence(newest, late=False) if run.begun_at and quiet else None


def _text(values: Iterable[object]) -> str:
    return ".".join(str(value or 0).replace(" ", "_") for value in values)
