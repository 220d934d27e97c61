"""Carrying: asked for in three touches, fetched by urgency and nearness, scanned at both ends."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.deliveries import actions, forms, queries
from crew_app.deliveries.rules import CARGO_ICONS, Cargo, Need
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.routes.tickets import done
from crew_app.tickets.forms import optional_uuid, text
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")


@blueprint.get("")
@signed_in
def index() -> str:
    """What I carry, what is to be fetched, what I asked for, and how long it takes on average."""
    me = person()
    works = me.can(Right.WORK)
    return render_template(
        "deliveries/index.html",
        carrying=queries.carrying(me) if works else [],
        fetch=queries.to_fetch(me) if works else [],
        under_way=queries.under_way(me) if me.can(Right.VERIFY) else [],
        asked=queries.asked_by(me),
        times=queries.times(me, now()) if me.can(Right.SEE_SITE) else None,
        here=queries.last_place(me) if works else None,
        at=now(),
    )


@blueprint.get("/new")
@needs(Right.REPORT)
def new() -> str:
    """Ask for something to be carried: from one's own ward, or from the place whose tag was scanned."""
    me = person()
    sites = me.sites_with(Right.REPORT)
    given = optional_uuid(request.args, "from")
    place = places.place(me, given) if given else None
    return render_template(
        "deliveries/new.html",
        place=place,
        own=queries.own_places(me, sites) if not place else [],
        places=queries.broad_places(frozenset({place.site_id}) if place else sites),
        goals=queries.usual_goals(frozenset({place.site_id}) if place else sites),
        cargo=[(one, CARGO_ICONS[one]) for one in Cargo],
        needs=list(Need),
    )


@blueprint.post("")
@needs(Right.REPORT)
@command
def create() -> Done:
    """Ask for it."""
    me, form = person(), forms.parse_ask(request.form, request.form.getlist("needs"))
    wish = actions.Wish(
        form.ticket_id,
        places.place(me, form.from_id),
        places.place(me, form.to_id),
        form.cargo,
        form.needs,
        form.priority,
        form.note,
    )
    return done(actions.ask(wish, by=me, at=this_moment()).ticket, 201)


@blueprint.post("/<uuid:ticket_id>/pick-up")
@needs(Right.WORK)
@command
def pick_up(ticket_id: UUID) -> Done:
    """Picked up, where the tag says."""
    me = person()
    delivery = queries.delivery(me, ticket_id, lock=True)
    actions.pick_up(delivery, _seen(delivery.site_id), by=me, at=this_moment())
    return done(delivery.ticket)


@blueprint.post("/<uuid:ticket_id>/drop")
@needs(Right.WORK)
@command
def drop(ticket_id: UUID) -> Done:
    """Handed over, where the tag says."""
    me = person()
    delivery = queries.delivery(me, ticket_id, lock=True)
    actions.drop(delivery, _seen(delivery.site_id), by=me, at=this_moment())
    return Done(url_for("deliveries.index"), delivery.site_id)


def _seen(site_id: UUID) -> actions.Seen:
    return actions.seen_at(person(), request.form.get("tag", "")[:40], site_id, text(request.form, "note")[:500])
