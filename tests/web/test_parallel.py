"""Many phones at once, as real processes and threads on both databases: one effect each, right sums, no errors."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from crew_app.core.ids import new_id
from tests.support.applications import signing_in
from tests.support.counting import counts, one, sql
from tests.support.processes import CREWS, Errand
from tests.support.tickets import make_ticket, report_fields

EACH = 6
TAKERS = ("technician", "second", "foreman")


@pytest.fixture
def installation(any_app):
    """The settings that other processes start from."""
    return any_app.config["SETTINGS"]


def test_the_same_command_from_several_processes_has_one_effect(any_app, any_world, installation, crews):
    commands = [("/tickets", report_fields(any_world), new_id()) for _ in range(EACH)]
    answers = crews(installation, any_world, [Errand("technician", commands)] * CREWS)
    assert {answer.status for mine in answers for answer in mine} == {201}
    assert len({tuple(answer.location for answer in mine) for mine in answers}) == 1
    assert counts(any_app)["tickets"] == counts(any_app)["receipts"] == EACH


def test_the_same_command_from_several_threads_has_one_effect(any_app, any_world):
    fields, key, barrier = report_fields(any_world), new_id(), Barrier(4)
    clients = [signing_in(any_app, any_world)("technician") for _ in range(4)]

    def send(client):
        barrier.wait(timeout=30)
        return client.send("/tickets", fields, key=key).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = set(pool.map(send, clients))
    assert statuses <= {201, 409}
    assert 201 in statuses
    assert counts(any_app)["tickets"] == counts(any_app)["receipts"] == 1


def test_numbers_are_consecutive_when_processes_report_at_once(any_app, any_world, installation, crews):
    errands = [Errand(name, [("/tickets", report_fields(any_world), new_id()) for _ in range(EACH)]) for name in TAKERS]
    answers = crews(installation, any_world, errands)
    assert {answer.status for mine in answers for answer in mine} == {201}
    numbers = [str(row[0]) for row in sql(any_app, "SELECT number FROM tickets")]
    per_day = Counter(number[:-4] for number in numbers)
    wanted = {f"{day}{n:04d}" for day, many in per_day.items() for n in range(1, many + 1)}
    assert set(numbers) == wanted
    assert len(numbers) == EACH * CREWS


def test_takers_of_the_same_material_leave_the_right_sums(any_app, any_world, installation, crews):
    """More is taken from the store than lies there: all of it is recorded, and what is missing is flagged."""
    store, item = any_world.accounts["store"], any_world.items["valve"]
    ticket = make_ticket(any_app, any_world, "accepted")
    path = f"/tickets/{ticket}/materials"
    errands = [Errand(name, [(path, _taking(store, item), new_id()) for _ in range(EACH)]) for name in TAKERS]
    answers = crews(installation, any_world, errands)
    assert {answer.status for mine in answers for answer in mine} == {200}
    taken = EACH * CREWS * 2_500
    balance = _balance(any_app, store, item)
    assert balance == 30_000 - taken
    flagged = one(any_app, "SELECT COALESCE(SUM(missing), 0) FROM discrepancies")
    assert int(str(flagged)) == -balance
    assert int(str(one(any_app, "SELECT SUM(quantity) FROM balances"))) == 0


def test_accepting_at_once_gives_one_owner(any_app, any_world, installation, crews):
    tickets = [make_ticket(any_app, any_world) for _ in range(EACH)]
    errands = [Errand(name, [(f"/tickets/{ticket}/acceptance", {}, new_id()) for ticket in tickets]) for name in TAKERS]
    answers = [answer for mine in crews(installation, any_world, errands) for answer in mine]
    assert Counter(answer.status for answer in answers) == {200: EACH, 422: EACH * (CREWS - 1)}
    assert {answer.refusal for answer in answers} == {"", "wrong-state"}
    assert one(any_app, "SELECT COUNT(*) FROM ticket_events WHERE verb = 'accept'") == EACH


def test_a_bag_that_is_first_needed_twice_at_once_is_made_once(any_app, any_world, installation, crews):
    """`second` has no bag yet, and two of their phones send at the same moment."""
    item = any_world.items["tube"]
    tickets = [make_ticket(any_app, any_world, "accepted") for _ in range(CREWS)]
    errands = [
        Errand("second", [(f"/tickets/{ticket}/materials", _taking(None, item), new_id())]) for ticket in tickets
    ]
    answers = [answer for mine in crews(installation, any_world, errands) for answer in mine]
    assert {answer.status for answer in answers} == {200}
    assert len(sql(any_app, "SELECT id FROM accounts WHERE kind = 'bag' AND name = '员工second'")) == 1


def _taking(source, item):
    fields = {"move_id": str(new_id()), "item_id": str(item), "quantity": "2.5"}
    return fields | ({"source_id": str(source)} if source else {})


def _balance(app, account, item):
    ids = {"account": account, "item": item}
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        ids = {name: value.hex for name, value in ids.items()}
    query = "SELECT quantity FROM balances WHERE account_id = :account AND item_id = :item"
    return int(str(one(app, query, **ids)))
