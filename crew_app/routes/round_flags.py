"""What looked odd on rounds: for who watches them everybody's, for who walks them their own."""

import json
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.rounds import flag_queries, flag_remarks
from crew_app.rounds.flag_queries import Filter
from crew_app.rounds.flag_words import sentence
from crew_app.rounds.models import Flag
from crew_app.tickets.forms import optional_uuid, text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.languages import translate
from crew_app.web.people import person

blueprint = Blueprint("round_flags", __name__, url_prefix="/rounds/flags")

MONTH = timedelta(days=30)


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """Flags from the newest on, and how many there are per person and route."""
    me = person()
    chosen = Filter(
        optional_uuid(request.args, "template"),
        optional_uuid(request.args, "person"),
        request.args.get("only") == "doubts",
    )
    found = flag_queries.flags(me, chosen, cursor(request.args.get("before", "")))
    people, routes = flag_queries.rates(me, now() - MONTH)
    return render_template(
        "rounds/flags.html",
        flags=found,
        remarks=flag_queries.remarks(found),
        said_of={flag.id: _words(flag) for flag in found},
        chosen=chosen,
        people=people,
        routes=routes,
        more=cursor_of(found[-1].made_at, found[-1].id) if len(found) == flag_queries.PAGE else None,
    )


@blueprint.post("/<uuid:flag_id>/remarks")
@needs(Right.SEE_SITE)
@command
def remark(flag_id: UUID) -> Done:
    """Say something about a flag."""
    flag = flag_queries.flag(person(), flag_id)
    flag_remarks.remark(flag, text(request.form, "note"), by=person(), at=this_moment())
    return Done(url_for("round_flags.index"), flag.site_id)


@blueprint.post("/<uuid:flag_id>/explanations")
@needs(Right.WATCH_ROUNDS)
@command
def explain(flag_id: UUID) -> Done:
    """Say that a flag is explained."""
    flag = flag_queries.flag(person(), flag_id)
    flag_remarks.explain(flag, text(request.form, "note"), by=person(), at=this_moment())
    return Done(url_for("round_flags.index"), flag.site_id)


def _words(flag: Flag) -> str:
    message, params = sentence(flag.rule, json.loads(flag.facts))
    return translate(message, **params)
