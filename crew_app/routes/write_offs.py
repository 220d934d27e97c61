"""Write-offs: proposed, decided, and the limit up to which a supervisor decides."""

from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.people import queries as people
from crew_app.people.rules import Right
from crew_app.routes.slips import item_choices, lines_of, shown
from crew_app.stock import queries as stock
from crew_app.storeroom import queries, write_offs
from crew_app.storeroom.forms import price
from crew_app.storeroom.models import SlipKind, SlipState
from crew_app.storeroom.write_offs import Proposal
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("write_offs", __name__, url_prefix="/stock/write-offs")


@blueprint.get("")
@needs(Right.SEE_STOCK)
def index() -> str:
    """The newest write-offs; for those that wait, what they are worth and who must decide."""
    me = person()
    slips = queries.slips(me, [SlipKind.SCRAP], before=optional_uuid(request.args, "before"))
    values = {slip.id: write_offs.value(slip) for slip in slips if slip.state is SlipState.PROPOSED}
    return render_template(
        "write_offs/index.html",
        slips=slips,
        values=values,
        deciders={slip.id: write_offs.decider(slip) for slip in slips if slip.id in values},
        sites=people.sites_where(me, Right.APPROVE_ANY_STOCK),
        more=queries.next_page(slips),
    )


@blueprint.get("/new")
@needs(Right.KEEP_STOCK)
def new() -> str:
    """The form to propose a write-off."""
    stores = stock.stores(person().sites_with(Right.KEEP_STOCK))
    return render_template("write_offs/new.html", stores=stores, choices=item_choices())


@blueprint.post("")
@needs(Right.KEEP_STOCK)
@prepared_command(arrive_with_form)
def create() -> Done:
    """Propose to write goods off."""
    me, form, at = person(), request.form, this_moment()
    store = stock.account(me, uuid(form, "store_id"))
    proposal = Proposal(uuid(form, "slip_id"), store, lines_of(form), text(form, "note"))
    slip = write_offs.propose(proposal, arrived_photos(prepared()), by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return shown(slip, status=201)


@blueprint.post("/<uuid:slip_id>/approval")
@needs(Right.APPROVE_STOCK)
@command
def approve(slip_id: UUID) -> Done:
    """Say yes."""
    me = person()
    slip = queries.slip(me, slip_id, lock=True)
    write_offs.approve(slip, text(request.form, "note")[:500], by=me, at=this_moment())
    return shown(slip)


@blueprint.post("/<uuid:slip_id>/rejection")
@needs(Right.APPROVE_STOCK)
@command
def decline(slip_id: UUID) -> Done:
    """Say no."""
    me = person()
    slip = queries.slip(me, slip_id, lock=True)
    write_offs.decline(slip, text(request.form, "note")[:500], by=me, at=this_moment())
    return shown(slip)


@blueprint.post("/limit")
@needs(Right.APPROVE_ANY_STOCK)
@command
def set_limit() -> Done:
    """Set up to which value a supervisor decides."""
    me = person()
    site = people.site_where(me, Right.APPROVE_ANY_STOCK, uuid(request.form, "site_id"))
    write_offs.set_limit(site, price(request.form, "limit"), by=me)
    return Done("/stock/write-offs", site.id)
