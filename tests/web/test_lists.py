"""Every list as a file: what the page shows and no more, in both forms, with nothing that is calculated."""

import csv
import io
from codecs import BOM_UTF8

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.places.models import Asset
from crew_app.tickets.models import Ticket
from crew_app.web.lists import LISTS
from crew_app.web.sheets import FORMULA
from tests.support.counting import statements
from tests.support.sheets import rows
from tests.support.tickets import make_ticket


def csv_rows(client, path):
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    assert response.mimetype == "text/csv"
    data = response.get_data()
    assert data.startswith(BOM_UTF8)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]


@pytest.fixture
def everything(app, world):
    """Somebody with every role at the north campus."""
    from crew_app.people.actions import set_roles  # noqa: PLC0415
    from crew_app.people.rules import Role  # noqa: PLC0415

    with app.app_context(), write_transaction():
        set_roles(world.person("foreman"), world.sites["north"], list(Role))
    return "foreman"


@pytest.mark.parametrize("path", sorted(LISTS))
def test_each_list_can_be_fetched_in_both_forms_from_its_page(app, sign_in, everything, path):
    client = sign_in(everything)
    page = client.get(path)
    assert page.status_code == 200
    if page.mimetype == "text/html":
        assert f'href="{path}/list.xlsx"' in page.get_data(as_text=True)
        assert f'href="{path}/list.csv"' in page.get_data(as_text=True)
    assert len(rows(client, f"{path}/list.xlsx")) == len(csv_rows(client, f"{path}/list.csv"))


def test_the_list_of_jobs_has_the_rows_of_the_page_with_the_same_filter(app, world, sign_in):
    ids = [make_ticket(app, world) for _ in range(3)]
    with app.app_context():
        numbers = [session.get_one(Ticket, one).number for one in ids]
    client = sign_in("supervisor")
    assert {row[0] for row in rows(client, "/tickets/list.xlsx?all=1")} == set(numbers)
    assert [row[0] for row in rows(client, f"/tickets/list.xlsx?q={numbers[1]}")] == [numbers[1]]
    assert rows(client, "/tickets/list.xlsx?state=cancelled") == []
    shown = client.page(f"/tickets?q={numbers[1]}").html
    assert f"/tickets/list.xlsx?q={numbers[1]}" in shown
    assert [row[0] for row in rows(sign_in("outsider"), "/tickets/list.xlsx?all=1")] == []


@pytest.mark.parametrize("typed", ["=1+1", "+2", "-3", "@x", "\tx", '=HYPERLINK("http://x")'])
def test_what_was_typed_is_never_calculated(app, world, sign_in, typed):
    with app.app_context(), write_transaction():
        session.get_one(Asset, world.assets["pump"]).name = typed
    found = [row for row in csv_rows(sign_in("administrator"), "/admin/assets/list.csv") if row[0] == "pump"]
    assert found[0][1] == f"'{typed}"
    assert not any(cell.startswith(FORMULA) for row in found for cell in row)


def test_a_list_has_the_rule_of_its_page(sign_in):
    assert sign_in("technician").get("/people/list.xlsx").status_code == 403
    assert sign_in("technician").get("/people/list.csv").status_code == 403
    assert sign_in("requester").get("/rounds/runs/list.csv").status_code == 403


def test_a_register_of_another_site_is_not_in_it(world, sign_in):
    codes = {row[0] for row in rows(sign_in("administrator"), "/admin/places/list.xlsx")}
    assert "north-B1-701" in codes
    assert not [code for code in codes if code.startswith("south")]


def test_the_file_of_jobs_behind_a_figure_has_those_jobs_alone(app, world, sign_in):
    for state in ("open", "open", "on_hold"):
        make_ticket(app, world, state)
    boss = sign_in("supervisor")
    shown = {link.get("href") for link in boss.page("/tickets?now=open").all("a") if one_job(link)}
    lines = boss.get("/tickets/list.csv?now=open").get_data(as_text=True).splitlines()
    assert len(lines) - 1 == len(shown) == 2


def test_more_jobs_in_a_file_need_no_more_statements(app, world, sign_in):
    boss, counted = sign_in("supervisor"), []
    make_ticket(app, world, "open", reporter="requester")
    boss.get("/tickets/list.csv")
    for number in (1, 9):
        for _ in range(number):
            make_ticket(app, world, "open", reporter="requester")
        with statements(app) as found:
            boss.get("/tickets/list.csv")
        counted.append(len(found))
    assert counted[0] == counted[1]


def one_job(link):
    return (link.get("href") or "").startswith("/tickets/0")
