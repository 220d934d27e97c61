"""The fleet: what phones hold, when they were last heard from, and those that several people share."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.queries import sites
from crew_app.people.rules import Right
from crew_app.phones import actions, queries
from crew_app.phones.forms import parse_report
from crew_app.sync import discards
from crew_app.tickets.forms import text, uuid
from crew_app.web import phones
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, without_receipt
from crew_app.web.people import person

blueprint = Blueprint("phones", __name__)


@blueprint.get("/phones")
@needs(Right.SEE_PHONES)
def index() -> str:
    """Everybody's phones: those not heard from first, then those with something unsent."""
    me, at = person(), now()
    found = discards.recent(me)
    return render_template(
        "phones/index.html",
        people=queries.in_hands(me, at),
        shared=queries.shared(me),
        here=phones.this_device(),
        discards=found,
        discards_arrived=discards.arrived([one.discarded_key for one in found]),
        sites=sites(me.sites_with(Right.MANAGE_PEOPLE)),
        at=at,
    )


@blueprint.get("/phones/<uuid:device_id>")
@needs(Right.SEE_PHONES)
def show(device_id: UUID) -> str:
    """One phone: who uses it, what it holds, and what an administrator may change."""
    me = person()
    device = queries.phone(me, device_id)
    managed = queries.may_manage(me, device)
    return render_template(
        "phones/show.html", device=device, entries=queries.users(me, device), managed=managed, at=now()
    )


@blueprint.post("/phones/sharing")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration; only the server knows which phone this is")
@command
def share() -> Done:
    """Mark the phone in one's hand as shared. Needs the network: only the server knows which phone this is."""
    site = _site()
    device = phones.own_device()
    actions.share(device, text(request.form, "label"), site.id, by=person(), at=now())
    return _done(device.id, site.id)


@blueprint.post("/phones/<uuid:device_id>/name")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration")
@command
def rename(device_id: UUID) -> Done:
    """Give a phone a name. Administration; needs the network."""
    device = queries.managed_phone(person(), device_id)
    actions.rename(device, text(request.form, "label"))
    return _done(device.id, device.site_id)


@blueprint.post("/phones/<uuid:device_id>/release")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration")
@command
def unshare(device_id: UUID) -> Done:
    """End the sharing of a phone. Administration; needs the network."""
    device = queries.managed_phone(person(), device_id)
    actions.unshare(device, by=person(), at=now())
    return _done(device.id, device.site_id)


@blueprint.post("/phones/<uuid:device_id>/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration")
@command
def forget(device_id: UUID) -> Done:
    """Take a phone off the list. Administration; needs the network."""
    device = queries.managed_phone(person(), device_id)
    site_id = device.site_id
    actions.forget(device)
    return Done(url_for("phones.index"), site_id)


@blueprint.post("/sync/contact")
@signed_in
@online_only("a report of now")
@without_receipt("only the last word counts; a later contact says it again")
def contact() -> Response:
    """A phone tells how much it holds. It is itself the sign of a network, so it is never kept for later."""
    me, told, at = person(), parse_report(request.form), now()
    device = phones.this_device()
    if device is None or actions.is_news(device, me, told, at=at):
        with write_transaction():
            actions.hear(phones.own_device(), me, told, at=at)
    return Response(status=204)


def _site() -> Site:
    site = session.get(Site, uuid(request.form, "site_id"))
    if site is None or site.id not in person().sites_with(Right.MANAGE_PEOPLE):
        raise Refused("unknown-site", N_("Please choose a site."))
    return site


def _done(device_id: UUID, site_id: UUID | None) -> Done:
    return Done(url_for("phones.show", device_id=device_id), site_id)
