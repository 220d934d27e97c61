"""What one was told: the list behind the bell, and what was read."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.db import write_transaction
from crew_app.notifications import queries
from crew_app.notifications.forms import parse_until
from crew_app.web.access import signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment, without_receipt
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.people import person

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
@signed_in
def index() -> str:
    """What one was told: what was not read yet first."""
    me, after = person(), cursor(request.args.get("before", ""))
    read = list(queries.read(me, after))
    more = cursor_of(read[-2].made_at, read[-2].id) if len(read) > queries.PAGE else None
    unread = [] if after else queries.unread(me)
    return render_template(
        "notices/index.html", unread=unread, read=read[: queries.PAGE], more=more, after=after, at=now()
    )


@blueprint.get("/unread")
@signed_in
def unread() -> Response:
    """How many are not read yet, for the bell."""
    response = jsonify(count=queries.unread_count(person()))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/reading")
@signed_in
@command
def read_all() -> Done:
    """All that was in the list has been read."""
    at = this_moment().at
    queries.mark_all_read(person(), at, parse_until(request.form.get("until", ""), at))
    return Done(url_for("notices.index"))


@blueprint.post("/<uuid:notice_id>/reading")
@signed_in
@online_only("sent on the way to what the notice is about; without a network it just stays unread")
@without_receipt("reading again changes nothing")
def read(notice_id: UUID) -> tuple[str, int]:
    """One has been opened."""
    with write_transaction():
        queries.mark_read(queries.own(person(), notice_id), now())
    return "", 204
