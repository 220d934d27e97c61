"""Tags: what a scan opens, the label to print, retiring and replacing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.clock import now
from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.deliveries import queries as deliveries
from crew_app.desk import doors
from crew_app.emergencies import playbooks
from crew_app.emergencies.models import PlaybookVersion
from crew_app.fixed_assets import queries as fixed_assets
from crew_app.fixed_assets.rules import AssetState
from crew_app.labels import queries as labels
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places import actions, queries
from crew_app.places.models import Asset, Place, Tag
from crew_app.rounds import queries as rounds
from crew_app.routes.blank_tags import blank_page
from crew_app.tickets import choices, followers
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import text
from crew_app.tickets.models import Ticket
from crew_app.web.access import needs, public
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person, person_or_none
from crew_app.web.qr import drawing, public_address
from crew_app.web.strangers import welcome

blueprint = Blueprint("tags", __name__)


@blueprint.get("/t/")
@public
def typed() -> AnyResponse:
    """A code that somebody typed in."""
    try:
        return redirect(url_for("tags.show", code=normalise(request.args.get("code", ""))))
    except BadTagCode as error:
        raise Unseen("bad-tag", N_("This code has a typing error. Please compare it with the printed one.")) from error


@blueprint.get("/t/<code>")
@public
def show(code: str) -> str | AnyResponse:
    """What a scan opens: for the crew the place or asset with what to do there, for anybody else how to report."""
    try:
        scanned = queries.tag(code)
    except Unseen:
        blank = labels.blank(code)
        if blank is None:
            raise
        return blank_page(blank)
    tag = queries.current(scanned)
    me = person_or_none()
    if tag.code != scanned.code:
        return redirect(url_for("tags.show", code=tag.code, replaced=scanned.code))
    if me is None or not me.can(Right.REPORT, tag.site_id):
        welcome()
        return stranger_page(tag)
    here = _here(tag, past=me.can(Right.SEE_SITE, tag.site_id))
    parts = here | _own_and_others(tag, me, here["tickets"]) | _past(tag, me)
    return render_template("tags/show.html", **parts, at=now())


def stranger_page(tag: Tag, filled: Mapping[str, str] | None = None, wrong: str = "") -> str:
    """How to report here without an account; with what was typed before, if something was wrong with it."""
    return render_template("tags/stranger.html", **_here(tag, past=False), filled=filled or {}, wrong=wrong)


def _own_and_others(tag: Tag, me: Person, here: Sequence[Ticket]) -> dict[str, Any]:
    """What is open here: all of it for the crew; others see their own jobs, and of the rest that it is reported."""
    crew = me.can(Right.SEE_SITE, tag.site_id)
    own = followers.of_person(me, here)
    mine = [ticket for ticket in here if crew or ticket.id in own]
    return {
        "tickets": mine,
        "reported": [ticket for ticket in here if ticket not in mine],
        "joinable": [ticket for ticket in here if ticket.id not in own],
    }


def _here(tag: Tag, *, past: bool) -> dict[str, Any]:
    kinds, more_kinds = choices.choices(tag.where, tag.asset)
    here, history = tickets.here(tag.where.id, tag.asset_id, past=past)
    return {
        "tag": tag,
        "subject": tag.subject,
        "place": tag.where,
        "asset": tag.asset,
        "tickets": here,
        "history": history,
        "others": followers.counts(here),
        "kinds": kinds,
        "more_kinds": more_kinds,
        "scrapped": _scrapped(tag),
        "replaced": request.args.get("replaced", "")[:20],
    }


def _scrapped(tag: Tag) -> bool:
    return tag.asset_id is not None and fixed_assets.state_of(tag.asset_id) is AssetState.SCRAPPED


def _past(tag: Tag, me: Person) -> dict[str, object]:
    crew = me.can(Right.SEE_SITE, tag.site_id)
    return {
        "stops": rounds.stops_here(me, tag.where.id, tag.asset_id, now()) if me.can(Right.WALK, tag.site_id) else [],
        "ward_place": not crew and doors.is_of_ward(me, tag.where),
        "assets": queries.assets_in(tag.where.id, 30) if crew and not tag.asset_id else [],
        "carry": deliveries.here(me, tag.where) if me.can(Right.WORK, tag.site_id) else ([], [], []),
        "playbooks": _playbooks(tag, me),
    }


def _playbooks(tag: Tag, me: Person) -> list[PlaybookVersion]:
    if not tag.asset or not me.can(Right.REPORT, tag.site_id):
        return []
    return playbooks.about_assets(tag.site_id).get(tag.asset.kind.code, [])


@blueprint.get("/tags/<code>/label")
@needs(Right.SEE_SITE)
def label(code: str) -> str:
    """One label, to print from the browser."""
    tag = _own(code)
    return render_template("tags/label.html", tag=tag, subject=tag.subject, place=tag.where, url=tag_url(tag))


@blueprint.get("/tags/<code>/qr.svg")
@needs(Right.SEE_SITE)
def picture(code: str) -> Response:
    """The QR code as a drawing, error correction level Q."""
    return drawing(tag_url(_own(code)))


@blueprint.post("/places/<uuid:place_id>/tags")
@needs(Right.MANAGE_TAGS)
@command
def create_for_place(place_id: UUID) -> Done:
    """Make a tag for a place."""
    return _made(queries.place(person(), place_id))


@blueprint.post("/assets/<uuid:asset_id>/tags")
@needs(Right.MANAGE_TAGS)
@command
def create_for_asset(asset_id: UUID) -> Done:
    """Make a tag for an asset."""
    return _made(queries.asset(person(), asset_id))


@blueprint.post("/tags/<code>/retirement")
@needs(Right.MANAGE_TAGS)
@command
def retire(code: str) -> Done:
    """Retire a lost or damaged tag."""
    tag = _own(code, Right.MANAGE_TAGS)
    actions.retire_tag(tag, by=person(), at=this_moment(), reason=text(request.form, "reason"))
    return Done(_page_of(tag.subject), tag.site_id)


@blueprint.post("/tags/<code>/replacement")
@needs(Right.MANAGE_TAGS)
@command
def replace(code: str) -> Done:
    """Retire a tag and make its successor, ready to print."""
    tag = _own(code, Right.MANAGE_TAGS)
    fresh = actions.replace_tag(tag, by=person(), at=this_moment(), reason=text(request.form, "reason"))
    return Done(url_for("tags.label", code=fresh.code), tag.site_id)


def tag_url(tag: Tag) -> str:
    """What the QR code says."""
    return public_address(f"/t/{tag.code}")


def _made(subject: Place | Asset) -> Done:
    if not person().can(Right.MANAGE_TAGS, subject.site_id):
        raise Unseen("unknown-place", N_("This place is not known."))
    tag = actions.make_tag(subject, by=person(), at=this_moment())
    return Done(url_for("tags.label", code=tag.code), tag.site_id, 201)


def _own(code: str, right: Right = Right.SEE_SITE) -> Tag:
    tag = queries.tag(code, lock=right is Right.MANAGE_TAGS)
    if not person().can(right, tag.site_id):
        raise Unseen("unknown-tag", N_("This tag is not known here."))
    return tag


def _page_of(subject: Place | Asset) -> str:
    if isinstance(subject, Asset):
        return url_for("places.asset", asset_id=subject.id)
    return url_for("places.place", place_id=subject.id)
