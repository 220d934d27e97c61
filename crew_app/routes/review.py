"""The supervisor's queue of finished work, and how often work came back."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.evidence.flag_queries import flags_of
from crew_app.evidence.site_rules import rule_of
from crew_app.people.rules import Right
from crew_app.tickets import materials, queries, review_queries, reviewing
from crew_app.tickets.models import Ticket
from crew_app.tickets.usual import usage
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("review", __name__, url_prefix="/review")
SPANS = (30, 90, 365)
"""Days that figures can be asked for."""


@blueprint.get("")
@needs(Right.VERIFY)
def index() -> str:
    """The job that should be looked at first (or the one asked for), with what speaks for it, and those behind it."""
    me, queue = person(), review_queries.queue(person())
    place = _place(queue)
    ticket = queries.whole(me, queue[place].id) if queue else None
    moves = materials.moves_of(ticket) if ticket else []
    rest = review_queries.rest(me)
    return render_template(
        "review/index.html",
        queue=queue,
        place=place,
        ticket=ticket,
        usage=usage(ticket, moves) if ticket else [],
        cost=materials.cost_of(moves, ticket) if ticket else 0,
        flags=flags_of(me, [one.photo_id for one in ticket.photos]) if ticket else {},
        reasons=review_queries.reasons([one.id for one in queue]),
        history=queries.recent_at(ticket.place_id, ticket.asset_id) if ticket else [],
        repeat=review_queries.same_before(ticket) if ticket else None,
        rest=rest,
        at=now(),
    )


def _place(queue: Sequence[Ticket]) -> int:
    wanted = request.args.get("job", "")
    return next((place for place, one in enumerate(queue) if str(one.id) == wanted), 0)


@blueprint.post("/rest")
@needs(Right.VERIFY)
@command
def pass_rest() -> Done:
    """Pass together what was shown and was not drawn; what changed since then stays."""
    me = person()
    tickets = review_queries.among_rest(me, _chosen())
    if not tickets:
        raise Refused("rest-changed", N_("These jobs have changed in the meantime. Please look at the list again."))
    for site_id in {ticket.site_id for ticket in tickets}:
        here = [ticket for ticket in tickets if ticket.site_id == site_id]
        percent = rule_of(site_id).sample_percent
        words = gettext("Passed without a closer look: not drawn (%(percent)s in 100 are).", percent=percent)
        reviewing.pass_rest(here, words, by=me, at=this_moment())
    return Done(url_for("review.index"), tickets[0].site_id)


def _chosen() -> set[UUID]:
    try:
        return {UUID(one) for one in request.form.getlist("ticket_id")[: review_queries.SHOWN]}
    except ValueError:
        return set()


@blueprint.get("/figures")
@needs(Right.VERIFY)
def figures() -> str:
    """How often finished work was sent back, by person and by kind of job."""
    days = request.args.get("days", "")
    chosen = int(days) if days in map(str, SPANS) else SPANS[1]
    since = now() - timedelta(days=chosen)
    return render_template(
        "review/figures.html",
        people=review_queries.rates_of_people(person(), since),
        kinds=review_queries.rates_of_kinds(person(), since),
        spans=SPANS,
        days=chosen,
    )
