"""Tool loans (工具借用): lending, taking back, looking at what is out."""

from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.storeroom import issues, loans
from crew_app.storeroom.forms import parse_lines
from crew_app.storeroom.request_forms import parse_signatures
from crew_app.tickets.forms import optional_uuid, quantity, text, uuid
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("loans", __name__, url_prefix="/stock/loans")


@blueprint.get("")
@signed_in
def index() -> str:
    """Who holds which tool since when; one's own only, for whoever keeps no stock."""
    me = person()
    stores = stock.stores(me.sites_with(Right.KEEP_STOCK))
    sites = {store.site_id for store in stores}
    return render_template(
        "loans/index.html",
        loans=loans.loans(me),
        at=now(),
        stores=stores,
        tools=loans.tools(stores) if stores else [],
        people={one.id: one for site_id in sites for one in issues.receivers(site_id)}.values(),
    )


@blueprint.post("")
@needs(Right.KEEP_STOCK)
@command
def create() -> Done:
    """Lend a tool."""
    me, form = person(), request.form
    store = stock.account(me, uuid(form, "store_id"))
    borrower = issues.receiver(optional_uuid(form, "receiver_id"), store.site_id)
    lending = loans.Lending(
        slip_id=uuid(form, "slip_id"),
        store=store,
        borrower=borrower,
        lines=[line.asked(stock.item(line.item_id)) for line in parse_lines(form)],
        signatures=parse_signatures(form, borrower, me, required=False),
        note=text(form, "note"),
    )
    loans.lend(lending, by=me, at=this_moment())
    return Done("/stock/loans", store.site_id, 201)


@blueprint.post("/<uuid:loan_id>/returns")
@needs(Right.KEEP_STOCK)
@command
def take_back(loan_id: UUID) -> Done:
    """Take a tool back into a store."""
    me, form = person(), request.form
    loan = loans.account(me, loan_id)
    item, store = stock.item(uuid(form, "item_id")), stock.account(me, uuid(form, "store_id"))
    note = text(form, "note")[:500]
    loans.take_back(loan, item, quantity(form, "quantity"), store, note, by=me, at=this_moment())
    return Done("/stock/loans", loan.site_id)


@blueprint.post("/<uuid:loan_id>/checks")
@needs(Right.KEEP_STOCK)
@command
def check(loan_id: UUID) -> Done:
    """Note that a lent tool was looked at."""
    loan = loans.account(person(), loan_id)
    loans.check(loan, stock.item(uuid(request.form, "item_id")), by=person(), at=this_moment())
    return Done("/stock/loans", loan.site_id)
