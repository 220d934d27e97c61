"""Returns and transfers: out of one's own bag, and for the storekeeper between all stores, bags and departments."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.routes.slips import item_choices, lines_of, shown
from crew_app.stock import queries as stock
from crew_app.stock.accounts import own_bag
from crew_app.stock.models import Account
from crew_app.storeroom import queries, transfers
from crew_app.storeroom.models import SlipKind
from crew_app.storeroom.transfers import Handover
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("transfers", __name__, url_prefix="/stock/transfers")


@blueprint.get("")
@needs(Right.SEE_STOCK)
def index() -> str:
    """The newest returns and transfers."""
    kinds = [SlipKind.RETURN, SlipKind.TRANSFER]
    slips = queries.slips(person(), kinds, before=optional_uuid(request.args, "before"))
    return render_template("transfers/index.html", slips=slips, more=queries.next_page(slips))


@blueprint.get("/new")
@needs(Right.SEE_STOCK)
def new() -> str:
    """The form to hand goods back or on."""
    me = person()
    kept = me.sites_with(Right.KEEP_STOCK)
    return render_template(
        "transfers/new.html",
        stores=stock.stores(me.sites_with(Right.SEE_STOCK)),
        bags=queries.bags(kept),
        departments=queries.department_accounts(kept),
        choices=item_choices(),
    )


@blueprint.post("")
@needs(Right.SEE_STOCK)
@prepared_command(arrive_with_form)
def create() -> Done:
    """Move goods."""
    me, form, at = person(), request.form, this_moment()
    target = stock.account(me, uuid(form, "target_id"))
    handover = Handover(
        slip_id=uuid(form, "slip_id"),
        source=_source(me, form, target.site_id),
        target=target,
        lines=lines_of(form),
        note=text(form, "note"),
    )
    slip = transfers.move(handover, arrived_photos(prepared()), by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return shown(slip, status=201)


def _source(me: Person, form: Mapping[str, str], site_id: UUID) -> Account:
    """Without a source it comes from one's own bag."""
    source_id = optional_uuid(form, "source_id")
    return stock.account(me, source_id) if source_id else own_bag(me, site_id)
