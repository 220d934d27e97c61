"""Announcements: outages and notices, told to everybody concerned, with who has read them."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.desk import announcement_forms as forms
from crew_app.desk import announcement_places as where
from crew_app.desk import announcement_queries as queries
from crew_app.desk import announcements, briefings
from crew_app.desk.announcement_models import Announcement, AnnouncementKind, Utility
from crew_app.people.queries import sites_where
from crew_app.people.rules import Right, Role, Trade
from crew_app.registers import sites
from crew_app.tickets.forms import optional_uuid, text
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("announcements", __name__, url_prefix="/announcements")


@blueprint.get("")
@signed_in
def index() -> str:
    """What holds now or will, then what is over."""
    me, at = person(), now()
    current = queries.current(me, at)
    past = queries.past(me, at, optional_uuid(request.args, "before"))
    return render_template(
        "announcements/index.html",
        current=current,
        unread=queries.unread(me, [one.id for one in current]),
        past=past,
        more=past[-1].id if len(past) == queries.PAGE else None,
        at=at,
    )


@blueprint.get("/new")
@needs(Right.ANNOUNCE)
def new() -> str:
    """The form of an outage, or of a notice."""
    me = person()
    here = sites_where(me, Right.ANNOUNCE)
    begin = now().astimezone(here[0].zone).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return render_template(
        "announcements/new.html",
        kind="notice" if request.args.get("kind") == "notice" else "outage",
        sites=here,
        buildings=where.buildings([site.id for site in here]),
        chosen=where.chosen(me, optional_uuid(request.args, "place_id")),
        departments=where.departments([site.id for site in here]),
        roles=list(Role),
        trades=list(Trade),
        utilities=list(Utility),
        begin=begin,
        end=begin + timedelta(hours=2),
    )


@blueprint.post("")
@needs(Right.ANNOUNCE)
@command
def create() -> Done:
    """Announce it."""
    me, form = person(), request.form
    site = sites.site(me, Right.ANNOUNCE, optional_uuid(form, "site_id"))
    ticked = forms.Chosen(*(form.getlist(name) for name in ("place_ids", "department_ids", "roles", "trades")))
    return _done(announcements.announce(forms.parse_draft(form, ticked, site), by=me, at=this_moment()), 201)


@blueprint.get("/<uuid:announcement_id>")
@signed_in
def show(announcement_id: UUID) -> str:
    """One announcement: what, where, when, who has read it."""
    me = person()
    found = queries.announcement(me, announcement_id)
    readers = queries.readers(found)
    return render_template(
        "announcements/show.html",
        announcement=found,
        readers=readers,
        mine=next((one for one in readers if one.person_id == me.id), None),
        keeper=me.can(Right.ANNOUNCE, found.site_id),
        story=queries.story(found),
        at=now(),
    )


@blueprint.get("/<uuid:announcement_id>/sheet")
@signed_in
def sheet(announcement_id: UUID) -> str:
    """The notice for the ward's door, to print from the browser."""
    return render_template("announcements/sheet.html", announcement=queries.announcement(person(), announcement_id))


@blueprint.post("/<uuid:announcement_id>/changes")
@needs(Right.ANNOUNCE)
@command
def change(announcement_id: UUID) -> Done:
    """Other times, other words."""
    found, form = _locked(announcement_id), request.form
    times = found.starts_at, found.ends_at
    if found.kind is AnnouncementKind.OUTAGE:
        zone = found.site.zone
        begin, end = (forms.moment(form, name, zone) for name in ("starts_at", "ends_at"))
        times = begin or found.starts_at, end or found.ends_at
    announcements.change(found, times, text(form, "words"), by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:announcement_id>/endings")
@needs(Right.ANNOUNCE)
@command
def end(announcement_id: UUID) -> Done:
    """It works again."""
    found = _locked(announcement_id)
    announcements.end(found, text(request.form, "note"), by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:announcement_id>/cancellations")
@needs(Right.ANNOUNCE)
@command
def cancel(announcement_id: UUID) -> Done:
    """It does not happen."""
    found = _locked(announcement_id)
    announcements.cancel(found, text(request.form, "note"), by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:announcement_id>/reads")
@signed_in
@command
def read(announcement_id: UUID) -> Done:
    """I have read this version."""
    found = queries.announcement(person(), announcement_id)
    typed = request.form.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1  # noqa: PLR2004
    announcements.read(found, version, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:announcement_id>/reminders")
@needs(Right.ANNOUNCE)
@command
def remind(announcement_id: UUID) -> Done:
    """Tell those again who have not read it."""
    found = _locked(announcement_id)
    announcements.remind(found, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:announcement_id>/briefings")
@needs(Right.ANNOUNCE)
@command
def brief(announcement_id: UUID) -> Done:
    """Record that it was read out in a briefing: a training of its own kind, with those who have read it."""
    found = _locked(announcement_id)
    training = briefings.record(found, text(request.form, "note"), by=person(), at=this_moment())
    return Done(url_for("trainings.show", training_id=training.id), found.site_id, 201)


def _locked(announcement_id: UUID) -> Announcement:
    return queries.announcement(person(), announcement_id, lock=True)


def _done(found: Announcement, status: int = 200) -> Done:
    return Done(url_for("announcements.show", announcement_id=found.id), found.site_id, status)
