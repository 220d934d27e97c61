"""Blank tags: what a scan of one opens, and saying what it is stuck on."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import CrewError, Refused, Unseen
from crew_app.core.words import N_
from crew_app.desk import finding
from crew_app.desk.finding import Subject
from crew_app.labels import actions, queries
from crew_app.labels.models import BlankTag
from crew_app.people.rules import Right
from crew_app.places import asset_registry
from crew_app.places import queries as places
from crew_app.places.models import Asset, Place
from crew_app.tickets.forms import optional_uuid, text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.languages import named
from crew_app.web.people import person, person_or_none
from crew_app.web.strangers import welcome

blueprint = Blueprint("blank_tags", __name__)


def blank_page(blank: BlankTag) -> str:
    """What a blank tag says: to whoever manages tags a form, to the crew whom to tell, to strangers whom to call."""
    me = person_or_none()
    if me is None or not me.can(Right.REPORT, blank.site_id):
        welcome()
        return render_template("tags/blank_stranger.html", blank=blank)
    if blank.voided_at or not me.can(Right.MANAGE_TAGS, blank.site_id):
        return render_template("tags/blank.html", blank=blank, at=now())
    return render_template("tags/claim.html", blank=blank, **_found(blank))


@blueprint.post("/t/<code>/subject")
@needs(Right.MANAGE_TAGS)
@command
def claim(code: str) -> Done:
    """Say what a blank tag is stuck on: a place, an asset, or an asset that is made with it."""
    blank = queries.blank(code, lock=True)
    if blank is None or not person().can(Right.MANAGE_TAGS, blank.site_id):
        raise Unseen("unknown-tag", N_("This tag is not known here."))
    subject = _made(blank) if text(request.form, "name") else _named(text(request.form, "subject"))
    what = actions.Claim(subject, replaces="replaces" in request.form)
    tag = actions.claim(blank, what, by=person(), at=this_moment())
    return Done(url_for("tags.show", code=tag.code), tag.site_id, 201)


def _made(blank: BlankTag) -> Asset:
    place = places.place(person(), optional_uuid(request.form, "place_id") or UUID(int=0), Right.MANAGE_TAGS)
    if place.site_id != blank.site_id:
        raise Refused("other-site", N_("This label was printed for another site. Please take one of this site."))
    values = asset_registry.read(request.form | {"place": place.code}, blank.site_id)
    return asset_registry.add(blank.site_id, values, by=person(), at=this_moment(), right=Right.MANAGE_TAGS)


def _named(subject: str) -> Place | Asset:
    sort, _, key = subject.partition(":")
    try:
        found = UUID(key)
    except ValueError as error:
        raise Refused("subject-missing", N_("Please choose what this label is stuck on.")) from error
    one = places.asset if sort == "asset" else places.place
    return one(person(), found, Right.MANAGE_TAGS)


def _found(blank: BlankTag) -> dict[str, Any]:
    """What was looked for, or stands near a tag whose code was given, or near where the last label went."""
    typed, near = request.args.get("q", "")[:60], request.args.get("near", "")[:40]
    place, wrong = _near(blank, near)
    found = finding.search([blank.site_id], typed) if typed else _around(place)
    kinds = [(one.code, named(one)) for one in places.asset_kinds()]
    return {"typed": typed, "near": near, "place": place, "wrong": wrong, "found": found, "kinds": kinds}


def _near(blank: BlankTag, code: str) -> tuple[Place | None, str]:
    if not code:
        return queries.last_place(person(), blank.site_id), ""
    try:
        tag = places.tag(code)
    except CrewError as error:
        return None, error.message
    return (tag.where, "") if tag.site_id == blank.site_id else (None, N_("This tag belongs to another site."))


def _around(place: Place | None) -> list[Subject]:
    if place is None or place.retired_at:
        return []
    return [finding.subject(place, None), *(finding.subject(place, one) for one in places.assets_in(place.id, 20))]
