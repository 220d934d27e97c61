"""The record of who came in: complete, readable by administrators of the site alone, and kept for half a year."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.people import records
from crew_app.people.record_models import AccessRecord, What
from crew_app.web import jobs
from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.guessing import FREE, attempt

NEW = "neues-Rad-2026"
FILES = ("/people/list.xlsx", "/people/list.csv", "/admin/changes.xlsx", "/admin/dump/download")


def lines(app, login="technician"):
    query = "SELECT what, how FROM access_records WHERE login = :login ORDER BY at, id"
    return [tuple(row) for row in sql(app, query, login=login)]


def test_coming_and_going(app, sign_in):
    sign_in("technician").post("/sign-out")
    assert lines(app) == [("in", "password"), ("out", "")]


def test_refusals_and_waiting(app, stranger):
    for _ in range(FREE + 2):
        attempt(stranger, "technician")
    assert lines(app) == [*[("refused", "password")] * FREE, ("held_up", "password")]


def test_names_that_nobody_has(app, stranger):
    attempt(stranger, "nobody-at-all")
    assert sql(app, "SELECT login, person_id FROM access_records") == [("nobody-at-all", None)]


def test_the_password_that_was_typed_is_nowhere(app, stranger):
    attempt(stranger, "technician", "typed-by-mistake-77")
    tables = [row[0] for row in sql(app, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    everything = str([sql(app, f'SELECT * FROM "{name}"') for name in tables])
    assert "typed-by-mistake-77" not in everything


def test_address_and_browser(app, stranger):
    where = {"REMOTE_ADDR": "10.1.1.1"}
    stranger.post("/login", data={"login": "x"}, headers={"User-Agent": "Phone 1"}, environ_base=where)
    assert sql(app, "SELECT address, browser FROM access_records") == [("10.1.1.1", "Phone 1")]


def test_changes_of_access_by_whom(app, world, sign_in):
    boss = sign_in("administrator")
    accepted(boss.send(f"/people/{world.people['technician']}/password", {"password": NEW}))
    found = sql(app, "SELECT by_id, detail FROM access_records WHERE what = 'rights' AND login = 'technician'")
    assert [(str(by).replace("-", ""), detail) for by, detail in found] == [
        (world.people["administrator"].hex, "password")
    ]


def test_roles_with_both_values(app, world, sign_in):
    path = f"/people/{world.people['technician']}/roles"
    fields = {"site_id": str(world.sites["north"]), "roles": "supervisor"}
    accepted(sign_in("administrator").send(path, fields))
    assert one(app, "SELECT detail FROM access_records WHERE what = 'rights'") == "roles: technician > supervisor"


@pytest.mark.parametrize("path", FILES)
def test_data_that_is_taken_out(app, sign_in, path):
    boss = sign_in("administrator")
    assert boss.get(path).status_code == 200
    assert one(app, "SELECT detail FROM access_records WHERE what = 'export'") == path


def test_pages_are_no_exports(app, sign_in):
    sign_in("administrator").page("/people")
    assert one(app, "SELECT COUNT(*) FROM access_records WHERE what = 'export'") == 0


def test_the_page_and_its_file(app, world, sign_in, stranger):
    attempt(stranger, "technician")
    attempt(stranger, "nobody-at-all")
    boss = sign_in("administrator", language="en")
    page = boss.page("/admin/sign-in/record").text
    assert "Refused" in page
    assert "nobody-at-all" not in page, "whoever administers one of two sites does not see what belongs to none"
    only = boss.page(f"/admin/sign-in/record?what=refused&person_id={world.people['guard']}").text
    assert "Nothing of this kind is written down" in only
    file = openpyxl.load_workbook(BytesIO(boss.get("/admin/sign-in/record.xlsx?what=refused").data)).worksheets[0]
    assert [row[2].value for row in file.iter_rows(min_row=2)] == ["technician"]


def test_other_sites_see_nothing_of_it(app, world, sign_in, stranger):
    attempt(stranger, "technician")
    attempt(stranger, "southerner")
    seen = sign_in("outsider", language="en").page("/admin/sign-in/record?what=refused")
    assert "southerner" in seen.html or "Southerner" in seen.text
    assert "Technician" not in seen.text


@pytest.mark.parametrize("login", ["technician", "supervisor", "manager", "guard"])
def test_others_do_not_see_it(sign_in, login):
    client = sign_in(login)
    assert client.get("/admin/sign-in/record").status_code == 403
    assert client.get("/admin/sign-in/record.xlsx").status_code == 403


def write_line(app, days):
    """A line as old as that, by the clock of the database."""
    with app.app_context(), write_transaction():
        session.add(AccessRecord(at=datetime.now(UTC) - timedelta(days=days), what=What.IN, login=f"d{days}"))


def test_the_worker_lets_go_of_it_after_its_time(any_app, any_world):
    for days in (10, 179, 182, 400):
        write_line(any_app, days)
    with any_app.app_context():
        jobs.clean_up(any_app.config["SETTINGS"], now())
        session.remove()
    assert {row[0] for row in sql(any_app, "SELECT login FROM access_records WHERE login LIKE 'd%'")} == {"d10", "d179"}


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM access_records", "UPDATE access_records SET login = 'another'", "UPDATE access_records SET at = at"],
)
def test_nobody_changes_or_shortens_it(any_app, any_world, statement):
    write_line(any_app, 179)
    with any_app.app_context(), pytest.raises(DatabaseError), db.engine.begin() as connection:
        connection.execute(text(statement))
    assert one(any_app, "SELECT COUNT(*) FROM access_records WHERE login = 'd179'") == 1


def test_sabotage_without_the_trigger_it_is_shortened(app, world):
    write_line(app, 179)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER access_records_no_delete"))
        connection.execute(text("DELETE FROM access_records"))
    assert one(app, "SELECT COUNT(*) FROM access_records") == 0


def test_pages_of_it_follow_one_another(app, world, sign_in):
    boss = sign_in("administrator")
    with app.app_context(), write_transaction():
        for _ in range(records.PAGE + 5):
            records.record(What.OUT, world.person("guard"))
    first = boss.page("/admin/sign-in/record?what=out")
    assert "after=" in first.html
    with app.app_context():
        me = world.person("administrator")
        one_page = records.records(me, records.Wanted(What.OUT))
        rest = records.records(me, records.Wanted(What.OUT), (one_page[-1].at, one_page[-1].id))
        assert (len(one_page), len(rest)) == (records.PAGE, 5)
