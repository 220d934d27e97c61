"""Demand: what jobs wait for, for whoever keeps the stock."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.people import queries as people
from crew_app.people.rules import Right
from crew_app.storeroom import demand
from crew_app.storeroom.availability import PAGE, available, open_demands, wanted_items
from crew_app.storeroom.demand_models import Demand
from crew_app.tickets.forms import uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("demand", __name__, url_prefix="/stock")


@blueprint.get("/demand")
@needs(Right.KEEP_STOCK)
def index() -> str:
    """What waits for what, by item, with the jobs."""
    sites = person().sites_with(Right.KEEP_STOCK)
    items = wanted_items(sites, request.args.get("after", ""))
    ids = [item.id for item in items]
    return render_template(
        "demand/index.html",
        items=items,
        demands=_by_item(open_demands(sites, ids)),
        free=available(ids, sites),
        sites=sorted(sites),
        more=items[-1].code if len(items) == PAGE else None,
    )


@blueprint.get("/demand.xlsx")
@needs(Right.KEEP_STOCK)
def export() -> Response:
    """The same as a spreadsheet."""
    columns = [
        Column(gettext("Code"), 12),
        Column(gettext("Material"), 24),
        Column(gettext("Specification"), 24),
        Column(gettext("Asked for"), 12, Format.QUANTITY),
        Column(gettext("Reserved"), 12, Format.QUANTITY),
        Column(gettext("Missing"), 12, Format.QUANTITY),
        Column(gettext("Unit"), 8),
        Column(gettext("Job"), 20),
        Column(gettext("Priority"), 10),
        Column(gettext("Place"), 30),
        Column(gettext("Technician"), 14),
        Column(gettext("Since"), 18, Format.TIME),
    ]
    found = open_demands(person().sites_with(Right.KEEP_STOCK))
    return sheet(gettext("Demand"), columns, map(_row, found))


@blueprint.post("/demand/allocation")
@needs(Right.KEEP_STOCK)
@command
def allocate() -> Done:
    """Share out what is free, as after a receipt: for goods that came back or were found."""
    site_id = people.site_where(person(), Right.KEEP_STOCK, uuid(request.form, "site_id")).id
    demand.allocate(site_id, by=person(), at=this_moment())
    return Done(url_for("demand.index"), site_id)


def _by_item(found: Sequence[Demand]) -> dict[UUID, list[Demand]]:
    ordered = sorted(found, key=lambda one: one.item.code)
    return {item_id: list(group) for item_id, group in groupby(ordered, key=lambda one: one.item_id)}


def _row(found: Demand) -> list[Value]:
    return [
        found.item.code,
        named(found.item),
        found.item.spec,
        found.quantity,
        found.reserved,
        found.missing,
        found.item.unit,
        found.ticket.number,
        label(found.ticket.priority),
        named(found.ticket.place, "path"),
        named(found.ticket.owner),
        found.at,
    ]
