"""Fields that no form has and some row does: whoever sends them too changes nothing with them."""

import re
from pathlib import Path

import pytest

import crew_app
from crew_app.core.ids import new_id
from tests.security.tally import count
from tests.support.counting import sql
from tests.support.tickets import make_ticket, report_fields

CODE = Path(crew_app.__file__).parent
SIGNS = {
    "id": "01900000-0000-7000-8000-00000000dead",
    "number": "2020010100001",
    "state": "verified-by-field",
    "status": "verified-by-field",
    "at": "2001-01-01T00:00:00Z",
    "opened_at": "2001-01-01T00:00:00Z",
    "version": "987654321",
    "unit_cost": "987654321",
    "follow_hash": "hash-by-field",
    "password_hash": "hash-by-field",
    "token_hash": "hash-by-field",
    "site_code": "code-by-field",
}
"""Values that can be recognised wherever they end up."""
OTHERS = {
    **dict.fromkeys(("owner_id", "person_id", "reporter_id", "made_by_id", "by", "by_id", "by_person"), "second"),
    "site_id": "south",
}
SWITCHES = {"role": "administrator", "roles": "administrator", "active": "0", "is_admin": "1", "approved": "1"}


def command(login, path, **fields):
    return login, path, fields


COMMANDS = [
    command("technician", "/tickets"),
    command("technician", "/tickets/{ticket}/notes", note="da"),
    command("technician", "/tickets/{ticket}/acceptance"),
    command("technician", "/notices/settings"),
    command("technician", "/pin", pin="7293", current="blauer-Eimer-47"),
    command("guard", "/gate-log", visit_id="", plate="京A12345", visitor="x", direction="in"),
    command("requester", "/stock/requests", request_id="", line_item="{item}", line_quantity="1"),
    command("storekeeper", "/stock/items/{item}/levels", store_id="{store}", minimum="1"),
    command("administrator", "/people/{guard}/details", name="新名", name_en="New"),
    command("administrator", "/admin/places/{room}", name="新室", name_en="New", code="north-B1-701"),
]
LOOSE = re.compile(r"\w\(\s*\*\*\s*(?:dict\()?request\.(?:form|args|values|json|get_json)|setattr\([^)]*request\.")
TABLES = [
    "tickets",
    "ticket_events",
    "gate_visits",
    "gate_entries",
    "slips",
    "slip_lines",
    "stock_levels",
    "people",
    "places",
    "memberships",
    "notice_choices",
    "login_sessions",
    "pins",
]


def cells(app):
    """Everything that stands in the tables that such commands write to."""
    return {str(cell) for name in TABLES for row in sql(app, f"SELECT * FROM {name}") for cell in row}


def administrators(app):
    return sql(app, "SELECT person_id FROM memberships WHERE role = 'administrator'")


@pytest.mark.parametrize(("login", "path", "fields"), COMMANDS, ids=[path for _, path, _ in COMMANDS])
def test_a_field_that_the_form_does_not_have_changes_nothing(app, world, sign_in, login, path, fields):
    ids = {
        "ticket": make_ticket(app, world),
        "item": world.items["tube"],
        "store": world.accounts["store"],
        "guard": world.people["guard"],
        "room": world.places["room"],
    }
    others = {name: str((world.people | world.sites)[value]) for name, value in OTHERS.items()}
    given = {name: value.format(**ids) or str(new_id()) for name, value in fields.items()}
    given |= report_fields(world) if path == "/tickets" else {}
    before, roles = cells(app), administrators(app)
    answer = sign_in(login).send(path.format(**ids), SWITCHES | SIGNS | others | given)
    assert answer.status_code in (200, 201, 302, 303, 422), answer.get_data(as_text=True)
    new = cells(app) - before
    count("mass_assignment", commands=1, fields=len(SIGNS) + len(others) + len(SWITCHES))
    assert not new & {*SIGNS.values(), SIGNS["id"].replace("-", "")}
    assert world.sites["south"].hex not in new
    assert world.people["second"].hex not in new
    assert administrators(app) == roles


def test_no_code_takes_all_fields_of_a_form_as_they_come():
    found = [str(path) for path in CODE.rglob("*.py") if LOOSE.search(path.read_text(encoding="utf-8"))]
    assert found == []
    assert LOOSE.search("Ticket(**request.form)")
    assert LOOSE.search("setattr(row, name, request.form[name])")
