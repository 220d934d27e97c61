"""Slips, loans, discrepancies and counts as spreadsheets: a row for each line, the newest first."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext

from crew_app.people.rules import Right
from crew_app.stock.models import Account, Discrepancy
from crew_app.storeroom import loans, queries
from crew_app.storeroom.counts import queries as counts
from crew_app.storeroom.counts import settlements
from crew_app.storeroom.counts.comparison import Compared, compare
from crew_app.storeroom.counts.models import CountResult
from crew_app.storeroom.models import Slip, SlipKind
from crew_app.web.access import needs, signed_in
from crew_app.web.filters import account_words, label
from crew_app.web.item_sheets import item_columns, item_values
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("stock_sheets", __name__, url_prefix="/stock")


@blueprint.get("/receipts/list.xlsx")
@needs(Right.SEE_STOCK)
def receipts() -> Response:
    """What came in."""
    return _slips(gettext("Receipts"), SlipKind.RECEIPT)


@blueprint.get("/issues/list.xlsx")
@needs(Right.KEEP_STOCK)
def issues() -> Response:
    """What was handed out."""
    return _slips(gettext("Issues"), SlipKind.ISSUE)


@blueprint.get("/transfers/list.xlsx")
@needs(Right.SEE_STOCK)
def transfers() -> Response:
    """What was handed back and on."""
    return _slips(gettext("Returns and transfers"), SlipKind.RETURN, SlipKind.TRANSFER)


@blueprint.get("/write-offs/list.xlsx")
@needs(Right.SEE_STOCK)
def write_offs() -> Response:
    """What was written off, or is proposed to be."""
    return _slips(gettext("Write-offs"), SlipKind.SCRAP)


@blueprint.get("/loans/list.xlsx")
@signed_in
def lent() -> Response:
    """Who holds which tool since when."""
    columns = [
        Column(gettext("Person"), 16),
        *item_columns(),
        Column(gettext("Quantity"), 12, Format.QUANTITY),
        Column(gettext("Since"), 18, Format.TIME),
        Column(gettext("Checked"), 18, Format.TIME),
    ]
    rows = (
        [account_words(one.account), *item_values(one.item), one.quantity, one.since, one.checked_at]
        for one in loans.loans(person())
    )
    return sheet(gettext("Tool loans"), columns, rows)


@blueprint.get("/discrepancies/list.xlsx")
@needs(Right.KEEP_STOCK)
def discrepancies() -> Response:
    """What has to be settled, or what was."""
    me, settled = person(), "settled" in request.args
    columns = [
        Column(gettext("Time"), 18, Format.TIME),
        Column(gettext("Person"), 14),
        Column(gettext("From"), 24),
        Column(gettext("To"), 24),
        *item_columns(),
        Column(gettext("Missing"), 12, Format.QUANTITY),
        Column(gettext("Outcome"), 16),
        Column(gettext("Settled at"), 18, Format.TIME),
        Column(gettext("Note"), 30),
    ]
    found = in_pages(lambda before: settlements.discrepancies(me, settled=settled, before=before), lambda gap: gap.id)
    return sheet(gettext("Discrepancies"), columns, map(_gap, found))


@blueprint.get("/counts/<uuid:count_id>/differences.xlsx")
@needs(Right.SEE_STOCK)
def differences(count_id: UUID) -> Response:
    """What a count found against what the books had."""
    me = person()
    count = counts.count(me, count_id)
    counts.need_books(count, me)
    columns = [
        *item_columns(),
        Column(gettext("Counted"), 12, Format.QUANTITY),
        Column(gettext("Books"), 12, Format.QUANTITY),
        Column(gettext("Difference"), 12, Format.QUANTITY),
        Column(gettext("Unit price"), 12, Format.PRICE),
        Column(gettext("Value"), 14, Format.MONEY),
        Column(gettext("Time"), 18, Format.TIME),
    ]
    lines = counts.results(count.id) or compare(count).lines
    return sheet(f"{gettext('Differences')} {count.number}", columns, map(_difference, lines))


def _slips(title: str, *kinds: SlipKind) -> Response:
    me = person()
    columns = [
        *(Column(gettext("Number"), 18), Column(gettext("Time"), 18, Format.TIME), Column(gettext("State"), 12)),
        *(Column(gettext("From"), 24), Column(gettext("To"), 24), Column(gettext("Department"), 16)),
        Column(gettext("Delivery note or order number"), 18),
        *item_columns(),
        Column(gettext("Quantity"), 12, Format.QUANTITY),
        Column(gettext("Of these booked"), 12, Format.QUANTITY),
        Column(gettext("Unit price"), 12, Format.PRICE),
        Column(gettext("Amount"), 14, Format.MONEY),
        *(Column(gettext("Person"), 14), Column(gettext("Reason"), 24), Column(gettext("Note"), 30)),
    ]
    found = in_pages(lambda before: queries.slips(me, kinds, before=before), lambda slip: slip.id)
    return sheet(title, columns, (row for slip in found for row in _lines(slip)))


def _lines(slip: Slip) -> Iterator[list[Value]]:
    prices = queries.prices(slip)
    source, target = _way(slip)
    for line in slip.lines:
        booked = line.quantity if line.granted is None else line.granted
        price = prices.get(line.id)
        yield [
            *(slip.number, slip.at, label(slip.state), source, target, named(slip.department), slip.reference),
            *(*item_values(line.item), line.quantity, booked if slip.posting_id else None, price),
            *(None if price is None else booked * price, named(slip.person), line.reason, slip.note),
        ]


def _way(slip: Slip) -> tuple[str, str]:
    """From where to where; a supplier and the scrap have no account on the slip."""
    store, other = _words(slip.store), _words(slip.other)
    if slip.kind is SlipKind.RECEIPT:
        return slip.supplier, store
    return (other, store) if slip.kind is SlipKind.RETURN else (store, other)


def _words(account: Account | None) -> str:
    return account_words(account) if account else ""


def _gap(gap: Discrepancy) -> list[Value]:
    posting = gap.move.posting
    return [
        *(posting.at, named(posting.person), account_words(gap.move.from_account), account_words(gap.move.to_account)),
        *(*item_values(gap.item), gap.missing, label(gap.outcome) if gap.outcome else "", gap.settled_at, gap.note),
    ]


def _difference(line: Compared | CountResult) -> list[Value]:
    known = (line.counted, line.book, line.difference, line.unit_cost, line.value, line.at)
    return [*item_values(line.item), *known]
