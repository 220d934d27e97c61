"""Receipts: goods that arrive, on the storekeeper's phone."""

from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.people.rules import Right
from crew_app.routes.slips import item_choices, lines_of, shown
from crew_app.stock import queries as stock
from crew_app.storeroom import queries, receipts
from crew_app.storeroom.models import Slip, SlipKind, SlipState
from crew_app.storeroom.receipts import Delivery
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("receipts", __name__, url_prefix="/stock/receipts")


@blueprint.get("")
@needs(Right.SEE_STOCK)
def index() -> str:
    """The newest receipts."""
    slips = queries.slips(person(), [SlipKind.RECEIPT], before=optional_uuid(request.args, "before"))
    return render_template("receipts/index.html", slips=slips, more=queries.next_page(slips))


@blueprint.get("/new")
@needs(Right.KEEP_STOCK)
def new() -> str:
    """The form for goods that come without a purchase list, and the lists they may belong to."""
    plans = queries.slips(person(), [SlipKind.PURCHASE], states=[SlipState.APPROVED])
    return _form(plans=plans)


@blueprint.get("/new/<uuid:purchase_id>")
@needs(Right.KEEP_STOCK)
def against(purchase_id: UUID) -> str:
    """The form with what a purchase list still waits for."""
    plan = queries.slip(person(), purchase_id)
    receipts.need_approved(plan)
    return _form(plan=plan, rows=receipts.outstanding(plan))


@blueprint.post("")
@needs(Right.KEEP_STOCK)
@prepared_command(arrive_with_form)
def create() -> Done:
    """Take goods in."""
    me, form, at = person(), request.form, this_moment()
    purchase_id = optional_uuid(form, "purchase_id")
    delivery = Delivery(
        slip_id=uuid(form, "slip_id"),
        store=stock.account(me, uuid(form, "store_id")),
        lines=lines_of(form),
        supplier=text(form, "supplier")[:120],
        reference=text(form, "reference")[:60],
        based_on=queries.slip(me, purchase_id, lock=True) if purchase_id else None,
        note=text(form, "note"),
    )
    slip = receipts.receive(delivery, arrived_photos(prepared()), by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return shown(slip, status=201)


def _form(plan: Slip | None = None, plans: object = (), rows: object = ()) -> str:
    stores = stock.stores([plan.site_id] if plan else person().sites_with(Right.KEEP_STOCK))
    return render_template(
        "receipts/new.html", plan=plan, plans=plans, rows=rows, stores=stores, choices=item_choices()
    )
