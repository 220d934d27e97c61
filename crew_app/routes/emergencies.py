"""Emergencies: one touch starts one; steps, answers, log, and the report at the end."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.emergencies import actions, forms, playbooks, queries
from crew_app.emergencies.models import Emergency, PlaybookVersion
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import Asset, Place
from crew_app.tickets import photos
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.tickets.models import PhotoRole
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("emergencies", __name__, url_prefix="/emergencies")


@blueprint.get("")
@signed_in
def index() -> str:
    """What goes on, what can be started here, what is over."""
    me = person()
    return render_template(
        "emergencies/index.html",
        running=queries.running(me),
        past=queries.past(me),
        at=now(),
        **_offers(me),
    )


@blueprint.get("/new")
@needs(Right.REPORT)
def new() -> str:
    """Start one: where it is, then one clear touch."""
    me, asked = person(), request.args
    playbook_id = optional_uuid(asked, "playbook")
    version = playbooks.current(playbooks.playbook(me, playbook_id)) if playbook_id else None
    place, asset = _given(me)
    return render_template(
        "emergencies/new.html",
        version=version,
        place=place,
        asset=asset,
        drill="drill" in asked and me.can(Right.LEAD_EMERGENCIES),
        **_offers(me, place, asset),
        **({} if place else _wheres(me, version)),
    )


@blueprint.post("")
@needs(Right.REPORT)
@command
def create() -> Done:
    """Start it: the clock runs, people are called."""
    me, form = person(), request.form
    place_id, asset_id = forms.parse_where(form)
    place, asset = tickets.where(me, place_id, asset_id)
    playbook = playbooks.for_site(playbooks.playbook(me, uuid(form, "playbook_id")), place.site_id)
    start = actions.Start(
        uuid(form, "ticket_id"), playbook, place, asset, text(form, "note"), drill=form.get("drill") == "1"
    )
    return _done(actions.start(start, by=me, at=this_moment()), 201)


@blueprint.get("/<uuid:ticket_id>")
@signed_in
def show(ticket_id: UUID) -> str:
    """The running emergency: clock, next steps, who comes, log."""
    me = person()
    emergency, at = queries.emergency(me, ticket_id), now()
    return render_template(
        "emergencies/show.html",
        emergency=emergency,
        steps=queries.steps_of(emergency),
        outcome=queries.outcome(emergency, at),
        call=queries.my_call(emergency, me),
        leads=actions.may_lead(emergency, me),
        at=at,
    )


@blueprint.get("/<uuid:ticket_id>/report")
@signed_in
def report(ticket_id: UUID) -> str:
    """What happened, in minutes, to print and sign."""
    emergency, at = queries.emergency(person(), ticket_id), now()
    return render_template(
        "emergencies/report.html",
        emergency=emergency,
        steps=queries.steps_of(emergency),
        outcome=queries.outcome(emergency, at),
        at=at,
    )


@blueprint.post("/<uuid:ticket_id>/answers")
@signed_in
@command
def answer(ticket_id: UUID) -> Done:
    """Say whether one comes."""
    emergency, form = _own(ticket_id), request.form
    actions.answer(emergency, uuid(form, "entry_id"), forms.parse_answer(form), by=person(), at=this_moment())
    return _done(emergency)


@blueprint.post("/<uuid:ticket_id>/steps")
@signed_in
@command
def tick(ticket_id: UUID) -> Done:
    """A step is done."""
    emergency, form = _own(ticket_id), request.form
    actions.tick(emergency, uuid(form, "entry_id"), form.get("step_key", ""), by=person(), at=this_moment())
    return _done(emergency)


@blueprint.post("/<uuid:ticket_id>/omissions")
@signed_in
@command
def skip(ticket_id: UUID) -> Done:
    """A step is left out, with the reason."""
    emergency, form = _own(ticket_id), request.form
    key, note = form.get("step_key", ""), text(form, "note")
    actions.skip(emergency, uuid(form, "entry_id"), key, note, by=person(), at=this_moment())
    return _done(emergency)


@blueprint.post("/<uuid:ticket_id>/mistakes")
@signed_in
@command
def take_back(ticket_id: UUID) -> Done:
    """A step was ticked by mistake."""
    emergency, form = _own(ticket_id), request.form
    actions.take_back(emergency, uuid(form, "entry_id"), form.get("step_key", ""), by=person(), at=this_moment())
    return _done(emergency)


@blueprint.post("/<uuid:ticket_id>/entries")
@signed_in
@prepared_command(arrive_with_form)
def say(ticket_id: UUID) -> Done:
    """Write into the log, with photos."""
    emergency, form, pictures = _own(ticket_id), request.form, arrived_photos(prepared())
    entry_id, note = uuid(form, "entry_id"), text(form, "note")
    actions.say(emergency, entry_id, note, photos=len(pictures), by=person(), at=this_moment())
    photos.attach(emergency.ticket, PhotoRole.SCENE, pictures, by=person(), at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return _done(emergency)


@blueprint.post("/<uuid:ticket_id>/false-alarm")
@signed_in
@command
def false_alarm(ticket_id: UUID) -> Done:
    """Take it back, with the reason."""
    emergency = _own(ticket_id)
    actions.false_alarm(emergency, text(request.form, "note"), by=person(), at=this_moment())
    return _done(emergency)


@blueprint.post("/<uuid:ticket_id>/closure")
@signed_in
@command
def close(ticket_id: UUID) -> Done:
    """End it, with a report."""
    emergency, form = _own(ticket_id), request.form
    closing = actions.Closing(text(form, "note"), forms.parse_heads(form))
    actions.close(emergency, closing, by=person(), at=this_moment())
    return Done(url_for("emergencies.report", ticket_id=ticket_id), emergency.site_id)


def _own(ticket_id: UUID) -> Emergency:
    return queries.emergency(person(), ticket_id, lock=True)


def _given(me: Person) -> tuple[Place | None, Asset | None]:
    place_id, asset_id = optional_uuid(request.args, "place"), optional_uuid(request.args, "asset")
    if asset_id:
        asset = places.asset(me, asset_id)
        return asset.place, asset
    return (places.place(me, place_id), None) if place_id else (None, None)


def _wheres(me: Person, version: PlaybookVersion | None) -> dict[str, Any]:
    """Where it can be: the things that playbooks are about (lifts), then buildings, floors, areas."""
    asked = [version] if version else playbooks.offered(me)
    sites = {version.site_id} if version else me.sites_with(Right.REPORT)
    kinds = {(one.site_id, one.playbook.asset_kind): one for one in asked if one.playbook.asset_kind}
    groups = [(named(one), queries.assets_of_kind(*key)) for key, one in kinds.items()]
    return {"things": [group for group in groups if group[1]], "places": queries.broad_places(sites)}


def _offers(me: Person, place: Place | None = None, asset: Asset | None = None) -> dict[str, Any]:
    offers: list[PlaybookVersion] = playbooks.offered(me)
    if place:
        offers = [one for one in offers if one.site_id == place.site_id]
    once = {one.playbook.code: one for one in offers}  # which site's it is follows from where it is
    return {"offers": queries.offered_first(asset, list(once.values()))}


def _done(emergency: Emergency, status: int = 200) -> Done:
    return Done(url_for("emergencies.show", ticket_id=emergency.ticket_id), emergency.site_id, status)
