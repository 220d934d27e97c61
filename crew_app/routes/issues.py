"""Issues (出库): handing goods out of the store."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.stock import queries as stock
from crew_app.stock.models import Account
from crew_app.storeroom import bins, fulfilment, issues, old_parts, queries, requests
from crew_app.storeroom.availability import reserved
from crew_app.storeroom.forms import parse_lines
from crew_app.storeroom.models import Slip, SlipKind
from crew_app.storeroom.request_forms import filled_in, parse_signatures
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("issues", __name__, url_prefix="/stock/issues")


@blueprint.get("")
@needs(Right.KEEP_STOCK)
def index() -> str:
    """Approved requests that wait to be handed out, and the latest issue slips."""
    slips = queries.slips(person(), [SlipKind.ISSUE], before=optional_uuid(request.args, "before"))
    return render_template(
        "issues/index.html",
        approved=requests.approved(person()),
        slips=slips,
        more=slips[-1].id if len(slips) == queries.PAGE else None,
    )


@blueprint.get("/new")
@needs(Right.KEEP_STOCK)
def new() -> str:
    """The form to hand out: against a request, for a job, or freely into a bag."""
    me = person()
    request_id, ticket_id = optional_uuid(request.args, "request"), optional_uuid(request.args, "ticket")
    slip = requests.request(me, request_id) if request_id else None
    job_id = (slip.ticket_id if slip else None) or ticket_id
    ticket = tickets.ticket(me, job_id) if job_id else None
    site_ids = {slip.site_id} if slip else {ticket.site_id} if ticket else me.sites_with(Right.KEEP_STOCK)
    stores = stock.stores(site_ids & me.sites_with(Right.KEEP_STOCK))
    return render_template(
        "issues/new.html",
        slip=slip,
        ticket=ticket,
        stores=stores,
        text=request.args.get("q", "")[:40],
        found=_jobs(me, request.args.get("q", "")[:40]),
        groups=_groups(slip, stores) if slip else {},
        on_hand=_on_hand(slip, stores) if slip else {},
        people=_people(stores),
        owed=_owed(stores),
        kept=any(reserved(None, {store.site_id for store in stores}).values()),
    )


@blueprint.post("")
@needs(Right.KEEP_STOCK)
@command
def create() -> Done:
    """Book what was handed out."""
    me, form = person(), request.form
    store = stock.account(me, uuid(form, "store_id"))
    request_id, ticket_id = optional_uuid(form, "request_id"), optional_uuid(form, "ticket_id")
    receiver = issues.receiver(optional_uuid(form, "receiver_id"), store.site_id)
    handing = issues.Handing(
        slip_id=uuid(form, "slip_id"),
        store=store,
        receiver=receiver,
        lines=[line.asked(stock.item(line.item_id)) for line in parse_lines(filled_in(form))],
        signatures=parse_signatures(form, receiver, me),
        request=requests.request(me, request_id, lock=True) if request_id else None,
        ticket=tickets.ticket(me, ticket_id, lock=True) if ticket_id else None,
        department=_department(optional_uuid(form, "department_id")),
        note=text(form, "note"),
        over_reserved=form.get("over_reserved") == "1",
    )
    issues.hand_out(handing, by=me, at=this_moment())
    return Done(f"/stock/slips/{handing.slip_id}", store.site_id, 201)


def _department(department_id: UUID | None) -> Department | None:
    found = session.get(Department, department_id) if department_id else None
    if department_id and found is None:
        raise Refused("request-needed", N_("This department is not known here."))
    return found


def _jobs(me: Person, words: str) -> Sequence[object]:
    return tickets.newest(me, tickets.Filter(live=True, text=words), None)[:10] if words else ()


def _groups(slip: Slip, stores: Sequence[Account]) -> dict[str, list[object]]:
    lines = [(line.item, line.left) for line in fulfilment.open_lines(slip)]
    return bins.grouped(lines, stores[0] if stores else None)  # type: ignore[return-value]


def _on_hand(slip: Slip, stores: Sequence[Account]) -> dict[UUID, object]:
    return stock.on_hand([line.item_id for line in slip.lines], [store.id for store in stores])  # type: ignore[return-value]


def _people(stores: Sequence[Account]) -> list[Person]:
    found = {one.id: one for site_id in {store.site_id for store in stores} for one in issues.receivers(site_id)}
    return list(found.values())


def _owed(stores: Sequence[Account]) -> dict[UUID, list[old_parts.Owed]]:
    """What each person still owes at the sites of these stores."""
    sites = {store.site_id for store in stores}
    owing: dict[UUID, list[old_parts.Owed]] = {}
    for row in old_parts.owed(person()):
        if row.account.site_id in sites and row.account.person_id:
            owing.setdefault(row.account.person_id, []).append(row)
    return owing
