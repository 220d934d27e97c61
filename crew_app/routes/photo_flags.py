"""What looks odd about photos, for who verifies the work: the list, and what people say of each flag."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.evidence import flag_queries
from crew_app.evidence.flag_queries import Filter
from crew_app.evidence.flagging import judge as say
from crew_app.evidence.proof_models import Oddity
from crew_app.people.rules import Right
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.people import person

blueprint = Blueprint("photo_flags", __name__)

VERDICTS = {"harmless": True, "not-right": False}


@blueprint.get("/photo-flags")
@needs(Right.VERIFY)
def index() -> str:
    """Flags from the newest on."""
    chosen = Filter(_kind(request.args.get("kind", "")), request.args.get("only") == "open")
    found = flag_queries.flags(person(), chosen, cursor(request.args.get("before", "")))
    more = cursor_of(found[-1].made_at, found[-1].id) if len(found) == flag_queries.PAGE else None
    return render_template("photo_flags/index.html", found=found, chosen=chosen, kinds=list(Oddity), more=more)


@blueprint.post("/photos/<uuid:photo_id>/flags/<uuid:flag_id>/judgement")
@needs(Right.VERIFY)
@command
def judge(photo_id: UUID, flag_id: UUID) -> Done:
    """Say what is behind a flag."""
    flag = flag_queries.flag(person(), photo_id, flag_id)
    verdict = VERDICTS.get(request.form.get("verdict", ""))
    if verdict is None:
        raise Refused("verdict-missing", N_("Please choose whether the picture is all right."))
    say(flag, harmless=verdict, by=person(), at=this_moment())
    return Done(url_for("photo_flags.index"), flag.site_id)


def _kind(text: str) -> Oddity | None:
    try:
        return Oddity(text) if text else None
    except ValueError as error:
        raise Unseen("bad-page", N_("This page does not exist, or not for you.")) from error
