"""Lists of materials: low, dead, most used; and all of them, and an item's moves, as spreadsheets."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import Move
from crew_app.storeroom import lists
from crew_app.storeroom.availability import on_hand, reserved
from crew_app.storeroom.counts.queries import hidden_from
from crew_app.storeroom.rules import NOTHING
from crew_app.web.access import needs
from crew_app.web.filters import account_words, label
from crew_app.web.item_sheets import item_columns, item_values
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("stock_lists", __name__, url_prefix="/stock")


@blueprint.get("/lists")
@needs(Right.SEE_STOCK)
def low() -> str:
    """What must be ordered."""
    return render_template("stock/low.html", found=lists.low(_sites()))


@blueprint.get("/lists/dead")
@needs(Right.SEE_STOCK)
def dead() -> str:
    """What lies there and does not move."""
    return render_template("stock/dead.html", found=lists.dead(_sites(), now()))


@blueprint.get("/lists/most-used")
@needs(Right.SEE_STOCK)
def most_used() -> str:
    """What is used most."""
    return render_template("stock/most_used.html", found=lists.most_used(_sites(), now()))


@blueprint.get("/lists/low.xlsx")
@needs(Right.SEE_STOCK)
def export_low() -> Response:
    """What must be ordered, as a spreadsheet."""
    headings = [gettext("Available"), gettext("Reserved"), gettext("Lacking"), gettext("On order"), gettext("Minimum")]
    headings += [gettext("Reorder point"), gettext("Maximum"), gettext("Proposed quantity")]
    rows = (
        [
            *item_values(one.item),
            *(one.position.available, one.position.reserved, one.position.missing, one.position.ordered),
            *(one.position.minimum, one.position.reorder_point, one.position.maximum, one.position.proposed),
        ]
        for one in lists.low(_sites())
    )
    return sheet(
        gettext("Low stock"), [*item_columns(), *(Column(words, 12, Format.QUANTITY) for words in headings)], rows
    )


@blueprint.get("/lists/dead.xlsx")
@needs(Right.SEE_STOCK)
def export_dead() -> Response:
    """What does not move, as a spreadsheet."""
    columns = [
        *item_columns(),
        Column(gettext("On hand"), 12, Format.QUANTITY),
        Column(gettext("Value"), 14, Format.MONEY),
        Column(gettext("Last issue"), 14, Format.DAY),
    ]
    rows = ([*item_values(one.item), one.on_hand, one.value, one.last] for one in lists.dead(_sites(), now()))
    return sheet(gettext("Dead stock"), columns, rows)


@blueprint.get("/lists/most-used.xlsx")
@needs(Right.SEE_STOCK)
def export_most_used() -> Response:
    """What is used most, as a spreadsheet."""
    columns = [
        *item_columns(),
        Column(gettext("Used"), 12, Format.QUANTITY),
        Column(gettext("Times"), 8, Format.QUANTITY),
        Column(gettext("Cost"), 14, Format.MONEY),
    ]
    rows = ([*item_values(one.item), one.quantity, one.times, one.cost] for one in lists.most_used(_sites(), now()))
    return sheet(gettext("Most used"), columns, rows)


@blueprint.get("/lists/all.xlsx")
@needs(Right.SEE_STOCK)
def export_all() -> Response:
    """All materials with what the stores hold, as a spreadsheet."""
    columns = [
        *item_columns(),
        Column(gettext("Category"), 16),
        Column(gettext("On hand"), 12, Format.QUANTITY),
        Column(gettext("Reserved"), 12, Format.QUANTITY),
        Column(gettext("Average price"), 12, Format.PRICE),
        Column(gettext("Value"), 14, Format.MONEY),
    ]
    return sheet(gettext("Stock"), columns, _everything(_sites(), shown=not hidden_from(person())))


@blueprint.get("/items/<uuid:item_id>/moves.xlsx")
@needs(Right.SEE_STOCK)
def export_moves(item_id: UUID) -> Response:
    """The moves of an item, the newest first, as a spreadsheet."""
    me, item = person(), stock.item(item_id)
    columns = [
        Column(gettext("Time"), 18, Format.TIME),
        Column(gettext("Reason"), 16),
        Column(gettext("From"), 24),
        Column(gettext("To"), 24),
        Column(gettext("Quantity"), 12, Format.QUANTITY),
        Column(gettext("Unit"), 8),
        Column(gettext("Unit price"), 12, Format.PRICE),
        Column(gettext("Amount"), 14, Format.MONEY),
        Column(gettext("Person"), 14),
        Column(gettext("Note"), 30),
    ]
    title = f"{named(item)} {gettext('Moves')}"
    moves = in_pages(lambda after: stock.moves_of_item(me, item_id, after), lambda move: move.id)
    return sheet(title, columns, map(_move, moves))


def _sites() -> frozenset[UUID]:
    return person().sites_with(Right.SEE_STOCK)


def _everything(sites: frozenset[UUID], *, shown: bool) -> Iterator[list[Value]]:
    """All materials; without what there is of them while a blind count goes on."""
    for item in in_pages(lambda after: stock.items(after=after or ""), lambda item: item.code):
        ids = [item.id]
        have, kept = on_hand(ids, sites).get(item.id, NOTHING), reserved(ids, sites).get(item.id, NOTHING)
        price = lists.averages(ids, sites).get(item.id)
        value = None if price is None or not shown else have * price
        yield [*item_values(item), item.category, have if shown else None, kept, price, value]


def _move(move: Move) -> list[Value]:
    unit = move.item.unit
    return [
        *(move.posting.at, label(move.posting.reason), account_words(move.from_account)),
        *(account_words(move.to_account), move.quantity, unit, move.unit_cost, move.cost),
        *(named(move.posting.person), move.posting.note),
    ]
