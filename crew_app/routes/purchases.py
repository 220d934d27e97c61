"""Purchase lists: proposed, saved, approved, exported, and what of them is still to come."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people import queries as people
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.storeroom import purchases, queries, slips
from crew_app.storeroom.forms import parse_lines
from crew_app.storeroom.level_forms import month_or, parse_month
from crew_app.storeroom.models import Slip, SlipKind
from crew_app.storeroom.sums import first_of_month
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.item_sheets import item_columns, item_values
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("purchases", __name__, url_prefix="/stock/purchases")


@blueprint.get("")
@needs(Right.SEE_STOCK)
def index() -> str:
    """The newest purchase lists."""
    found = queries.slips(person(), [SlipKind.PURCHASE], before=optional_uuid(request.args, "before"))
    more = found[-1].id if len(found) == queries.PAGE else None
    return render_template("purchases/index.html", slips=found, to_come=purchases.still_to_come(found), more=more)


@blueprint.get("/new")
@needs(Right.KEEP_STOCK)
def new() -> str:
    """The form, filled with what is proposed for next month."""
    me = person()
    site_id = optional_uuid(request.args, "site_id")
    sites = people.sites_where(me, Right.KEEP_STOCK)
    site = people.site_where(me, Right.KEEP_STOCK, site_id) if site_id else sites[0]
    today = now().astimezone(site.zone).date()
    return render_template(
        "purchases/new.html",
        site=site,
        sites=sites,
        month=month_or(request.args, first_of_month(today, 1)),
        months=[first_of_month(today, later) for later in range(4)],
        proposals=purchases.propose(site.id),
    )


@blueprint.post("")
@needs(Right.KEEP_STOCK)
@command
def create() -> Done:
    """Save a purchase list."""
    me, form = person(), request.form
    plan = purchases.Plan(
        slip_id=uuid(form, "slip_id"),
        site=people.site_where(me, Right.KEEP_STOCK, uuid(form, "site_id")),
        month=parse_month(form),
        lines=[line.asked(stock.item(line.item_id)) for line in parse_lines(form)],
        urgent=form.get("urgent") == "1",
        note=text(form, "note"),
    )
    return _done(purchases.make(plan, by=me, at=this_moment()), status=201)


@blueprint.get("/<uuid:purchase_id>")
@needs(Right.SEE_STOCK)
def show(purchase_id: UUID) -> str:
    """A purchase list: what was ordered, what came in, what is still to come."""
    slip = _purchase(purchase_id)
    return render_template("purchases/show.html", slip=slip, lines=purchases.open_lines(slip))


@blueprint.get("/<uuid:purchase_id>/lines.xlsx")
@needs(Right.SEE_STOCK)
def export(purchase_id: UUID) -> Response:
    """The list as a spreadsheet, for the purchasing office."""
    slip = _purchase(purchase_id)
    prices = {line.item_id: line.unit_cost or line.item.price for line in slip.lines}
    columns = [
        *item_columns(),
        Column(gettext("Ordered"), 12, Format.QUANTITY),
        Column(gettext("Received"), 12, Format.QUANTITY),
        Column(gettext("Still to come"), 12, Format.QUANTITY),
        Column(gettext("Unit price"), 12, Format.PRICE),
        Column(gettext("Amount"), 14, Format.MONEY),
        Column(gettext("Reason"), 36),
    ]
    rows: Iterator[list[Value]] = (
        [
            *(*item_values(line.item), line.ordered, line.received, line.open),
            *(prices[line.item.id], line.ordered * prices[line.item.id], line.reason),
        ]
        for line in purchases.open_lines(slip)
    )
    return sheet(f"{gettext('Purchase list')} {slip.number}", columns, rows)


@blueprint.post("/<uuid:purchase_id>/approval")
@needs(Right.APPROVE_STOCK)
@command
def approve(purchase_id: UUID) -> Done:
    """Say yes."""
    slip = _purchase(purchase_id, lock=True)
    purchases.decide(slip, text(request.form, "note")[:500], yes=True, by=person(), at=this_moment())
    return _done(slip)


@blueprint.post("/<uuid:purchase_id>/rejection")
@needs(Right.APPROVE_STOCK)
@command
def decline(purchase_id: UUID) -> Done:
    """Say no, with the reason."""
    slip = _purchase(purchase_id, lock=True)
    purchases.decide(slip, text(request.form, "note")[:500], yes=False, by=person(), at=this_moment())
    return _done(slip)


@blueprint.post("/<uuid:purchase_id>/cancellation")
@needs(Right.KEEP_STOCK)
@command
def cancel(purchase_id: UUID) -> Done:
    """Take it back, or wait no longer for what did not come."""
    slip = _purchase(purchase_id, lock=True)
    slips.cancel(slip, by=person(), at=this_moment())
    return _done(slip)


def _purchase(purchase_id: UUID, *, lock: bool = False) -> Slip:
    slip = queries.slip(person(), purchase_id, lock=lock)
    if slip.kind is not SlipKind.PURCHASE:
        raise Unseen("unknown-slip", N_("This slip is not known."))
    return slip


def _done(slip: Slip, status: int = 200) -> Done:
    return Done(url_for("purchases.show", purchase_id=slip.id), slip.site_id, status)
