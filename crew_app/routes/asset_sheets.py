"""Counts, transfers and spot checks of fixed assets as spreadsheets: the rows of the pages, for those who see them."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.fixed_assets import queries, results
from crew_app.fixed_assets.models import AssetCheck, AssetSighting, AssetTransfer
from crew_app.fixed_assets.results import Due, Results
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset
from crew_app.web.access import needs
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("asset_sheets", __name__, url_prefix="/assets")


@blueprint.get("/counts/list.xlsx")
@needs(Right.SEE_SITE)
def counts() -> Response:
    """When which department was counted and is to be counted again."""
    columns = [
        *_words(gettext("Department")),
        Column(gettext("Assets"), 10, Format.QUANTITY),
        Column(gettext("Last counted"), 14, Format.DAY),
        Column(gettext("Next count"), 14, Format.DAY),
    ]
    return sheet(gettext("Counts of assets"), columns, map(_due, results.due(person(), now())))


@blueprint.get("/counts/<uuid:asset_count_id>/results.xlsx")
@needs(Right.SEE_SITE)
def count(asset_count_id: UUID) -> Response:
    """What a count found: every asset it looks for, what stood elsewhere, what nobody knows."""
    found = results.count(person(), asset_count_id)
    columns = [
        *_words(gettext("Number"), gettext("Name"), gettext("Result"), gettext("Place in the books")),
        *_words(gettext("Seen in"), gettext("Person")),
        Column(gettext("Time"), 18, Format.TIME),
        Column(gettext("Value"), 14, Format.MONEY),
    ]
    return sheet(f"{gettext('Count')} {named(found.scope)}", columns, _results(results.results(found)))


@blueprint.get("/transfers/list.xlsx")
@needs(Right.REPORT)
def transfers() -> Response:
    """What goes or went from one department to another, and who confirmed."""
    me = person()
    columns = [
        *(Column(gettext("Time"), 18, Format.TIME), *_words(gettext("Code"), gettext("Name"))),
        *_words(gettext("From"), gettext("To"), gettext("State"), gettext("Given by"), gettext("Taken by")),
        Column(gettext("Note"), 30),
    ]
    found = (one for is_open in (True, False) for one in _transfers(me, is_open=is_open))
    return sheet(gettext("Transfers of assets"), columns, map(_transfer, found))


@blueprint.get("/checks/list.xlsx")
@needs(Right.KEEP_ASSETS)
def checks() -> Response:
    """Every asset of every spot check, and whether it was there."""
    me = person()
    columns = [
        *(Column(gettext("Time"), 18, Format.TIME), *_words(gettext("Department"), gettext("Code"), gettext("Name"))),
        *_words(gettext("Place"), gettext("Result"), gettext("Person")),
        Column(gettext("Note"), 30),
    ]
    found = in_pages(lambda before: queries.checks(me, before), lambda check: check.id)
    return sheet(gettext("Spot checks"), columns, (row for check in found for row in _check(check)))


def _words(*headings: str) -> list[Column]:
    return [Column(words, 20) for words in headings]


def _due(row: Due) -> list[Value]:
    return [named(row.department), row.cards, row.last, row.due]


def _results(found: Results) -> Iterator[list[Value]]:
    odd = {seen.asset_id for seen in found.elsewhere}
    cards = {card.asset_id: card for card in [*found.expected, *found.missing]}
    for card in cards.values():
        seen = None if card in found.missing else found.latest.get(card.asset_id)
        if card.asset_id not in odd:
            words = gettext("Found in its place") if seen else gettext("Not seen")
            yield [card.number, named(card.asset), words, _path(card.asset), *_seen(seen), card.value]
    for seen in found.elsewhere:
        expected = cards.get(seen.asset_id) if seen.asset_id else None
        number, value = (expected.number, expected.value) if expected else (seen.code, None)
        place = named(seen.expected, "path") if seen.expected else ""
        yield [number, named(seen.asset), gettext("Found elsewhere"), place, *_seen(seen), value]
    for seen in found.unknown:
        yield [seen.code, "", gettext("Unknown code"), "", *_seen(seen), None]


def _seen(seen: AssetSighting | None) -> list[Value]:
    if seen is None:
        return ["", "", None]
    return [named(seen.place, "path") if seen.place else "", named(seen.person), seen.at]


def _path(asset: Asset) -> str:
    return named(asset.place, "path")


def _transfers(me: Person, *, is_open: bool) -> Iterator[AssetTransfer]:
    return in_pages(lambda before: queries.transfers(me, is_open=is_open, before=before), lambda one: one.id)


def _transfer(one: AssetTransfer) -> list[Value]:
    ways = (named(one.from_department), named(one.to_department), label(one.state))
    return [one.at, one.asset.code, named(one.asset), *ways, named(one.given_by), named(one.taken_by), one.note]


def _check(check: AssetCheck) -> Iterator[list[Value]]:
    for line in check.lines:
        what = (line.asset.code, named(line.asset), _path(line.asset))
        result = label(line.result) if line.result else ""
        yield [check.at, named(check.department), *what, result, named(line.person), line.note]
