"""What a job took and cost, for its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.reports import works
from crew_app.reports.cost_models import WorkTime
from crew_app.reports.works import OwnWork
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import UNDER_WORK, Kind, State, Verb


@dataclass(frozen=True, slots=True)
class Effort:
    """Recorded work time, whether one may record more; for works the quote, and whether one may set it."""

    times: Sequence[WorkTime]
    may_record: bool
    is_works: bool
    quote: OwnWork | None
    may_quote: bool

    @property
    def minutes(self) -> int:
        """All recorded time together."""
        return sum(one.minutes for one in self.times)


def effort(me: Person, ticket: Ticket) -> Effort | None:
    """What the crew sees of it; nothing for anybody else, and nothing before somebody has the job."""
    if not me.can(Right.SEE_SITE, ticket.site_id):
        return None
    is_works = ticket.kind is Kind.WORKS
    begun = ticket.accepted_at is not None and ticket.state in (*UNDER_WORK, State.FINISHED, State.VERIFIED)
    helped = any(event.verb is Verb.HELP and event.person_id == me.id for event in ticket.events)
    return Effort(
        times=works.work_times(ticket) if begun else [],
        may_record=begun and me.can(Right.WORK, ticket.site_id) and (ticket.owner_id == me.id or helped),
        is_works=is_works,
        quote=works.quote_of(ticket) if is_works else None,
        may_quote=is_works and me.can(Right.VERIFY, ticket.site_id),
    )
