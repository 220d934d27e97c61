"""Reports by people without an account: from a tag, or joined there; what they may do then is in `report_answers`."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.clock import server_moment
from crew_app.core.errors import CrewError, Refused
from crew_app.core.ids import secret_hash
from crew_app.core.words import N_
from crew_app.places import queries as places
from crew_app.places.models import Tag
from crew_app.routes.tags import stranger_page
from crew_app.tickets import actions, floods, forms, hearing, queries
from crew_app.tickets.floods import EffortNeeded
from crew_app.web.access import public
from crew_app.web.answers import OWN_SECRET, Done
from crew_app.web.commands import is_repeated, online_only, own_secret, prepared, prepared_command, this_moment
from crew_app.web.errors import crew_error
from crew_app.web.languages import translate
from crew_app.web.pictures import arrive_from_strangers, arrived_photos, bind_arrivals
from crew_app.web.strangers import stranger

blueprint = Blueprint("reports", __name__)
MOST_PHOTOS = 5
SHOWN_AGAIN = (Refused, EffortNeeded)


def _report_arrives() -> Any:
    """A flood is turned away before anything is decoded or written."""
    _turn_away(joins=False)
    return arrive_from_strangers(MOST_PHOTOS)


def _join_arrives() -> None:
    _turn_away(joins=True)


def _turn_away(*, joins: bool) -> None:
    tag = _tag(_code())
    if not is_repeated():
        floods.refuse_flood(tag, stranger(tag.code), server_moment(), joins=joins)


@blueprint.post("/t/<code>/reports")
@public
@online_only("a stranger has no outbox: the page works in any browser")
@prepared_command(_report_arrives)
def create(code: str) -> Done:
    """Report a fault at a tag; the answer is a secret link to follow it."""
    tag = _tag(code, lock=True)
    job_kind = queries.job_kind(request.form.get("job_kind", ""))
    if job_kind is None or tag.gone:
        raise Refused("job-kind-missing", N_("Please choose what is wrong."))
    report = actions.Report(
        forms.uuid(request.form, "ticket_id"),
        tag.where,
        job_kind,
        tag.asset,
        forms.text(request.form, "description"),
        photos=arrived_photos(prepared()),
        reporter_name=forms.text(request.form, "reporter_name")[:60],
        reporter_phone=forms.phone(request.form, "reporter_phone"),
        follow_hash=secret_hash(own_secret()),
    )
    floods.enter(tag, stranger(tag.code), this_moment())
    ticket = actions.open_ticket(report, by=None, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return Done(_link(), ticket.site_id, 201)


@blueprint.post("/t/<code>/reports/<uuid:ticket_id>/followers")
@public
@online_only("a stranger has no outbox: the page works in any browser")
@prepared_command(_join_arrives)
def join(code: str, ticket_id: UUID) -> Done:
    """Me too: follow what somebody else has reported at this tag, by a secret link of one's own."""
    tag = _tag(code, lock=True)
    ticket = queries.live_at(tag.where.id, tag.asset_id, ticket_id)
    floods.enter(tag, stranger(tag.code), this_moment(), joins=True)
    hearing.join(ticket, by=None, secret_hash=secret_hash(own_secret()), at=this_moment())
    return Done(_link(), ticket.site_id, 201)


@blueprint.errorhandler(CrewError)
def _again(error: CrewError) -> Any:
    """Show the form again with what was typed, where that helps; else only what went wrong."""
    if not isinstance(error, SHOWN_AGAIN) or not _has_form(error):
        return crew_error(error)
    page = stranger_page(_tag(_code()), filled=request.form, wrong=translate(error.message, **error.params))
    return AnyResponse(page, error.status, {"Crew-Refusal": error.code}, mimetype="text/html")


def _has_form(error: CrewError) -> bool:
    """A page is made only for those who came from one: a flood is answered as cheaply as possible."""
    return not isinstance(error, EffortNeeded) or bool(request.form.get("_effort"))


def _code() -> str:
    return str((request.view_args or {})["code"])


def _tag(code: str, *, lock: bool = False) -> Tag:
    found = places.current(places.tag(code))
    return places.tag(found.code, lock=True) if lock else found


def _link() -> str:
    return url_for("report_answers.show", secret=OWN_SECRET)
