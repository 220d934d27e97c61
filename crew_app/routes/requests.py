"""Requests for issue (领用单): asking, deciding, and the list to pick by."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people import queries as people
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.stock import queries as stock
from crew_app.stock.models import Item
from crew_app.storeroom import bins, departments, fulfilment, requests
from crew_app.storeroom.forms import parse_lines
from crew_app.storeroom.models import Slip
from crew_app.storeroom.request_forms import filled_in, parse_grants
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.tickets.models import Ticket
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("requests", __name__, url_prefix="/stock/requests")


@blueprint.get("")
@signed_in
def index() -> str:
    """One's own requests, and those of others that wait for one's decision or one's hands."""
    me = person()
    mine = requests.mine(me, optional_uuid(request.args, "before"))
    return render_template(
        "requests/index.html",
        mine=mine,
        waiting=requests.waiting(me),
        approved=requests.approved(me),
        more=mine[-1].id if len(mine) == departments.PAGE else None,
    )


@blueprint.get("/new")
@needs(Right.ASK_FOR_STOCK)
def new() -> str:
    """The form of a ward, with everything it may ask for; or that of the crew, for the bag or for a job."""
    me, asked_id = person(), optional_uuid(request.args, "department")
    wards = departments.own(me)
    if asked_id and asked_id not in {ward.id for ward in wards}:
        raise Unseen("unknown-department", N_("This department is not known here."))
    chosen = next((ward for ward in wards if ward.id == asked_id), None)
    crew = bool(_crew_sites(me))
    if chosen is None and wards and not crew:
        chosen = wards[0]
    return render_template(
        "requests/new.html",
        wards=wards,
        chosen=chosen,
        ticket=_ticket(me, optional_uuid(request.args, "ticket")),
        sites=people.sites(_crew_sites(me)),
        **(_ward_context(chosen) if chosen else {}),
    )


@blueprint.post("")
@needs(Right.ASK_FOR_STOCK)
@command
def create() -> Done:
    """Send a request."""
    me, form = person(), request.form
    ward, ticket = _ward(optional_uuid(form, "department_id")), _ticket(me, optional_uuid(form, "ticket_id"))
    wish = requests.Wish(
        slip_id=uuid(form, "slip_id"),
        site_id=_site_id(me, ward, ticket),
        lines=[line.asked(stock.item(line.item_id)) for line in parse_lines(filled_in(form))],
        department=ward,
        ticket=ticket,
        urgent=form.get("urgent") == "1",
        note=text(form, "note"),
    )
    return _done(requests.ask(wish, by=me, at=this_moment()), status=201)


@blueprint.get("/pick-list")
@needs(Right.KEEP_STOCK)
def pick_list() -> str:
    """Everything that is approved and not handed out, by bin, with who it is for."""
    approved = [(slip, fulfilment.open_lines(slip)) for slip in requests.approved(person())]
    totals: dict[Item, Decimal] = defaultdict(Decimal)
    for _slip, lines in approved:
        for line in lines:
            totals[line.item] += line.left
    stores = stock.stores(person().sites_with(Right.KEEP_STOCK))
    return render_template(
        "requests/pick_list.html",
        approved=approved,
        groups=bins.grouped(totals.items(), stores[0] if stores else None),
        in_stores=stock.on_hand([item.id for item in totals], [store.id for store in stores]),
    )


@blueprint.get("/<uuid:request_id>")
@signed_in
def show(request_id: UUID) -> str:
    """A request: what is asked for, how it stands, what it costs, and what may come next."""
    me = person()
    found = requests.request(me, request_id)
    return render_template(
        "requests/show.html",
        slip=found,
        ticket=_ticket(me, found.ticket_id) if found.ticket_id else None,
        issued=fulfilment.issued(found),
        issues=fulfilment.issues_of(found),
        worth=requests.worth(found),
        budget=departments.budget(found.department) if found.department else None,
        may_decide=me.can(Right.APPROVE_STOCK, found.site_id) and found.person_id != me.id,
        may_keep=me.can(Right.KEEP_STOCK, found.site_id),
    )


@blueprint.post("/<uuid:request_id>/approval")
@needs(Right.APPROVE_STOCK)
@command
def approve(request_id: UUID) -> Done:
    """Grant it, or less of it."""
    found = requests.request(person(), request_id, lock=True)
    words = text(request.form, "note")
    requests.approve(found, parse_grants(request.form), words, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:request_id>/refusal")
@needs(Right.APPROVE_STOCK)
@command
def decline(request_id: UUID) -> Done:
    """Say no, with the reason."""
    found = requests.request(person(), request_id, lock=True)
    requests.decline(found, text(request.form, "note"), by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:request_id>/cancellation")
@needs(Right.ASK_FOR_STOCK)
@command
def cancel(request_id: UUID) -> Done:
    """Take it back."""
    found = requests.request(person(), request_id, lock=True)
    requests.cancel(found, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:request_id>/closure")
@needs(Right.KEEP_STOCK)
@command
def close(request_id: UUID) -> Done:
    """End it although not everything was handed out."""
    found = requests.request(person(), request_id, lock=True)
    requests.close(found, by=person(), at=this_moment())
    return _done(found)


def _done(found: Slip, status: int = 200) -> Done:
    return Done(url_for("requests.show", request_id=found.id), found.site_id, status)


def _crew_sites(me: Person) -> frozenset[UUID]:
    return me.sites_with(Right.ASK_FOR_STOCK) & me.sites_with(Right.SEE_STOCK)


def _ward(department_id: UUID | None) -> Department | None:
    found = session.get(Department, department_id) if department_id else None
    if department_id and found is None:
        raise Unseen("unknown-department", N_("This department is not known here."))
    return found


def _ticket(me: Person, ticket_id: UUID | None) -> Ticket | None:
    return tickets.ticket(me, ticket_id) if ticket_id else None


def _site_id(me: Person, ward: Department | None, ticket: Ticket | None) -> UUID:
    if ward or ticket:
        return (ward or ticket).site_id  # type: ignore[union-attr]
    site_id = optional_uuid(request.form, "site_id") or next(iter(sorted(me.sites_with(Right.ASK_FOR_STOCK))), None)
    if site_id is None:
        raise Refused("unknown-site", N_("Please choose a site."))
    return site_id


def _ward_context(ward: Department) -> dict[str, object]:
    items = requests.requestable()
    return {
        "groups": bins.grouped([(item, None) for item in items], None),
        "prices": departments.prices(ward.site_id, items),
        "latest": requests.latest(ward),
        "budget": departments.budget(ward),
    }
