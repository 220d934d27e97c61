"""Slips, loans, discrepancies and counts as spreadsheets: a row for each line, the newest first."""

from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext

from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import Account, Discrepancy
from crew_app.storeroom import bins, loans, old_parts, queries, requests
from crew_app.storeroom.counts import queries as counts
from crew_app.storeroom.counts import settlements
from crew_app.storeroom.counts.comparison import Compared, compare
from crew_app.storeroom.counts.models import CountResult, StockCount
from crew_app.storeroom.fulfilment import open_lines
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


@blueprint.get("/requests/list.xlsx")
@signed_in
def asked_for() -> Response:
    """What was asked for: one's own, and where one keeps or approves stock everybody's."""
    return _slips(gettext("Requests for materials"), SlipKind.REQUEST)


@blueprint.get("/requests/pick-list.xlsx")
@needs(Right.KEEP_STOCK)
def to_pick() -> Response:
    """What is to be handed out, in the order of the bins."""
    stores = stock.stores(person().sites_with(Right.KEEP_STOCK))
    columns = [
        *(Column(gettext("Bin"), 14), *item_columns(), Column(gettext("Quantity"), 12, Format.QUANTITY)),
        *(Column(gettext("For"), 20), Column(gettext("Number"), 18)),
    ]
    found = [(line.item, (line.left, slip)) for slip in requests.approved(person()) for line in open_lines(slip)]
    rows = (
        [place, *item_values(item), left, named(slip.department or slip.person), slip.number]
        for place, group in bins.grouped(found, stores[0] if stores else None).items()
        for item, (left, slip) in group
    )
    return sheet(gettext("Pick list"), columns, rows)


@blueprint.get("/purchases/list.xlsx")
@needs(Right.SEE_STOCK)
def ordered() -> Response:
    """What was put on purchase lists."""
    return _slips(gettext("Purchase lists"), SlipKind.PURCHASE)


@blueprint.get("/old-parts/list.xlsx")
@signed_in
def owed() -> Response:
    """Who owes which old parts, and what lies off the books."""
    me = person()
    columns = [Column(gettext("Person"), 16), *item_columns(), Column(gettext("Quantity"), 12, Format.QUANTITY)]
    found = [*old_parts.owed(me), *old_parts.off_the_books(me.sites_with(Right.KEEP_STOCK))]
    rows = ([account_words(one.account), *item_values(one.item), one.quantity] for one in found)
    return sheet(gettext("Old for new"), columns, rows)


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
        Column(gettext("Lacking"), 12, Format.QUANTITY),
        Column(gettext("Outcome"), 16),
        Column(gettext("Settled at"), 18, Format.TIME),
        Column(gettext("Note"), 30),
    ]
    found = in_pages(lambda before: settlements.discrepancies(me, settled=settled, before=before), lambda gap: gap.id)
    return sheet(gettext("Discrepancies"), columns, map(_gap, found))


@blueprint.get("/counts/list.xlsx")
@needs(Right.SEE_STOCK)
def counted() -> Response:
    """Which counts there are and were."""
    me = person()
    columns = [
        *(Column(gettext("Number"), 18), Column(gettext("Time"), 18, Format.TIME), Column(gettext("Store"), 20)),
        *(Column(gettext("What is counted"), 18), Column(gettext("Person"), 14), Column(gettext("State"), 12)),
        *(Column(gettext("Decided by"), 14), Column(gettext("Decided at"), 18, Format.TIME)),
    ]
    over = in_pages(lambda before: counts.closed(me, before), lambda count: count.id)
    return sheet(gettext("Stock counts"), columns, map(_count, chain(counts.live(me), over)))


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


def _count(count: StockCount) -> list[Value]:
    what = count.part or label(count.scope)
    about: list[Value] = [count.number, count.opened_at, account_words(count.account), what, named(count.opened_by)]
    return [*about, label(count.state), named(count.decided_by), count.decided_at]


def _difference(line: Compared | CountResult) -> list[Value]:
    known = (line.counted, line.book, line.difference, line.unit_cost, line.value, line.at)
    return [*item_values(line.item), *known]
