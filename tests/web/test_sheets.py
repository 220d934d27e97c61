"""Spreadsheets: what people typed is text, whatever it begins with; numbers and times are what they are."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crew_app.core.db import session, write_transaction
from crew_app.web.sheets import Column, Format, in_pages, plain, sheet

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]
LISTS = [
    "/stock/lists/low.xlsx",
    "/stock/lists/dead.xlsx",
    "/stock/lists/most-used.xlsx",
    "/stock/lists/all.xlsx",
    "/stock/items/{tube}/moves.xlsx",
    "/stock/value.xlsx",
    "/stock/costs.xlsx",
    "/stock/demand.xlsx",
    "/stock/receipts/list.xlsx",
    "/stock/issues/list.xlsx",
    "/stock/transfers/list.xlsx",
    "/stock/write-offs/list.xlsx",
    "/stock/discrepancies/list.xlsx",
    "/stock/discrepancies/list.xlsx?settled=1",
    "/stock/requests/list.xlsx",
    "/stock/requests/pick-list.xlsx",
    "/stock/purchases/list.xlsx",
    "/stock/old-parts/list.xlsx",
    "/stock/counts/list.xlsx",
    "/stock/loans/list.xlsx",
    "/assets/register.xlsx",
    "/assets/register.xlsx?scrapped=1",
    "/assets/counts/list.xlsx",
    "/assets/transfers/list.xlsx",
    "/assets/checks/list.xlsx",
]
OWN = ("/stock/requests/", "/stock/old-parts/", "/stock/loans/", "/assets/", "/stock/demand")
"""For others these are lists of what is their own, or follow other rights."""


def read(response):
    return openpyxl.load_workbook(io.BytesIO(response.get_data())).active


def cells(app, values, format_=Format.TEXT):
    with app.test_request_context():
        response = sheet("表", [Column("列", 10, format_)], [[value] for value in values])
        response.direct_passthrough = False
        found = [row[0] for row in read(response).iter_rows(min_row=2)]
        response.close()
        return found


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=40), min_size=1, max_size=5))
@example(HOSTILE)
@example(["\x00", "\ud800", "", "x" * 40_000, "_x0041_", " a ", "\r\n"])
def test_no_text_ever_becomes_a_formula(app, texts):
    for text, cell in zip(texts, cells(app, texts), strict=True):
        assert cell.data_type in ("s", "inlineStr", "n")
        assert cell.data_type != "n" or cell.value is None
        assert (cell.value or "") == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_program_that_would_calculate_it_is_told_that_it_is_text(app, text):
    assert cells(app, [text])[0].quotePrefix


def test_numbers_are_numbers_and_times_are_of_the_site(app):
    (quantity,) = cells(app, [Decimal("2.5")], Format.QUANTITY)
    (at,) = cells(app, [datetime(2026, 11, 22, 16, 30, tzinfo=UTC)], Format.TIME)
    assert (quantity.value, quantity.number_format) == (2.5, Format.QUANTITY)
    assert (at.value, at.number_format) == (datetime(2026, 11, 23, 0, 30), Format.TIME)  # noqa: DTZ001 - as sheets do
    assert cells(app, [None])[0].value is None


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_a_sheet_with_a_heading_that_stays(world, sign_in, path):
    response = sign_in("storekeeper").get(path.format(tube=world.items["tube"]))
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    page = read(response)
    assert page.freeze_panes == "A2"
    assert all(cell.font.bold for cell in page[1])


def test_names_of_materials_are_no_formulas_either(app, world, sign_in):
    with app.app_context(), write_transaction():
        world.item("tube").name = "=1+1"
        world.item("tube").spec = "@x"
    for path in ("/stock/lists/all.xlsx", "/stock/value.xlsx"):
        found = [cell for row in read(sign_in("storekeeper").get(path)).iter_rows() for cell in row]
        assert not [cell for cell in found if cell.data_type == "f"]
        assert "=1+1" in [cell.value for cell in found]


def test_a_sheet_shows_no_other_site(world, sign_in):
    page = read(sign_in("storekeeper").get(f"/stock/items/{world.items['tube']}/moves.xlsx"))
    assert "南院" not in str(list(page.values))
    assert page.max_row == 3
    assert read(sign_in("storekeeper").get("/stock/lists/all.xlsx")).max_row == 4


@pytest.mark.parametrize("path", [path for path in LISTS if not path.startswith(OWN)])
def test_who_sees_no_stock_gets_no_sheet(world, sign_in, path):
    assert sign_in("requester").get(path.format(tube=world.items["tube"])).status_code == 403
    assert sign_in("guard").get(path.format(tube=world.items["tube"])).status_code == 403


@given(st.integers(0, 25), st.integers(1, 7))
def test_a_long_list_is_read_to_its_end_in_pages(app, count, size):
    asked = []

    def fetch(after):
        asked.append(after)
        start = -1 if after is None else after
        return [number for number in range(count) if number > start][:size]

    with app.app_context():
        assert list(in_pages(fetch, lambda number: number)) == list(range(count))
        assert not session().in_transaction()
    assert len(asked) == -(-count // size) + 1
