"""Why a job went to somebody, in words; and what the page of a job shows of its hands."""

import json
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.desk import crew
from crew_app.desk.dispatch import gifts_of
from crew_app.desk.dispatch_rules import Reason
from crew_app.desk.models import TicketDispatch
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import UNDER_WORK, State, Verb
from crew_app.web.languages import in_chinese


def reason_words(reasons: str | Iterable[Reason]) -> str:
    """The reasons of a dispatch in one line; those that were kept are JSON."""
    pairs = json.loads(reasons) if isinstance(reasons, str) else reasons
    return " · ".join(_words(text, params) for text, params in pairs)


def _words(text: str, params: Any) -> str:
    language = "zh" if in_chinese() else "en"
    filled = {name: value if isinstance(value, str) else value[language] for name, value in params.items()}
    words: str = gettext(text)
    return words % filled if filled else words


def hands_context(me: Person, ticket: Ticket) -> dict[str, Any]:
    """What the page of a job needs about whose hands it is in; only the crew sees any of it."""
    if not me.can(Right.SEE_SITE, ticket.site_id):
        return no_hands()
    gifts = {gift.position: gift for gift in gifts_of(ticket)}
    waiting = ticket.state in UNDER_WORK or ticket.state is State.OPEN
    colleagues = sites.members([ticket.site_id], Right.WORK) if waiting else []
    return {
        "gifts": gifts,
        "asked": _asked(ticket, gifts),
        "helpers": _helpers(ticket),
        "colleagues": [one for one in colleagues if one.id != me.id],
        "ranking": crew.ranking(ticket, now()) if waiting and me.can(Right.DISPATCH, ticket.site_id) else None,
    }


def no_hands() -> dict[str, Any]:
    """The same for a page that shows nothing of it."""
    return {"gifts": {}, "asked": None, "helpers": [], "colleagues": [], "ranking": None}


def _asked(ticket: Ticket, gifts: dict[int, TicketDispatch]) -> TicketDispatch | None:
    """The dispatch that waits for an answer."""
    last = gifts[max(gifts)] if gifts else None
    return last if last and last.person_id == ticket.assignee_id else None


def _helpers(ticket: Ticket) -> list[Person]:
    helped = [event.person for event in ticket.events if event.verb is Verb.HELP and event.person]
    return list({person.id: person for person in helped}.values())
