"""The board: who has what, what waits for whom, and dispatching from it."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.core.clock import now
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.desk import board
from crew_app.people import queries as people
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.roster import queries as roster
from crew_app.tickets import queries
from crew_app.tickets.forms import optional_uuid
from crew_app.web.access import needs
from crew_app.web.cursors import Cursor, cursor, cursor_of
from crew_app.web.dispatch import hands_context
from crew_app.web.people import person

blueprint = Blueprint("board", __name__, url_prefix="/board")


@blueprint.get("")
@needs(Right.DISPATCH)
def index() -> str:
    """What is open, by how far it is or by who has it."""
    me, at = person(), now()
    site, by = _site(me), "person" if request.args.get("by") == "person" else "state"
    return render_template(
        "board/index.html",
        columns=board.by_person(site.id, at) if by == "person" else board.lanes(site.id, at),
        by=by,
        site=site,
        sites=people.sites_where(me, Right.DISPATCH),
        most=board.MOST,
        cursor_of=cursor_of,
        at=at,
    )


@blueprint.get("/column")
@needs(Right.DISPATCH)
def column() -> str:
    """One column from a job on."""
    me, at = person(), now()
    site, after = _site(me), cursor(request.args.get("after", ""))
    return render_template(
        "board/column.html", column=_column(site, after, at), site=site, most=board.MOST, cursor_of=cursor_of, at=at
    )


@blueprint.get("/jobs/<uuid:ticket_id>")
@needs(Right.DISPATCH)
def job(ticket_id: UUID) -> str:
    """Who should do a job: everybody who could, the best first, with the reasons."""
    ticket = queries.whole(person(), ticket_id)
    return render_template("board/job.html", ticket=ticket, **hands_context(person(), ticket), at=now())


def _column(site: Site, after: Cursor | None, at: datetime) -> board.Column:
    key = request.args.get("key", "")
    if key in set(board.Lane):
        dispatchers = [one.id for one in roster.with_right(site.id, Right.DISPATCH)]
        return board.lane(site.id, board.Lane(key), at, after, dispatchers=dispatchers)
    found = {str(one.id): one for one in roster.with_right(site.id, Right.WORK)}
    if key not in found:
        raise Unseen("unknown-person", N_("This person is not known here."))
    return board.person_column(site.id, found[key], at, after)


def _site(me: Person) -> Site:
    chosen = optional_uuid(request.args, "site")
    here = people.sites_where(me, Right.DISPATCH)
    return people.site_where(me, Right.DISPATCH, chosen) if chosen else here[0]
