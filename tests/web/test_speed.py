"""Pages cost a fixed number of queries, however much there is to show."""

import pytest

from crew_app.core.ids import new_id
from tests.support.counting import statements
from tests.support.tickets import make_ticket, make_tickets

MOST = 38
STATES = ("open", "accepted", "finished", "on_hold", "verified")


def cost(app, client, path):
    """Queries of one request, after a first one that fills caches."""
    assert client.get(path).status_code == 200
    with statements(app) as found:
        assert client.get(path).status_code == 200
    return [statement for statement in found if not statement.startswith("PRAGMA")]


@pytest.mark.parametrize("path", ["/tickets", "/", "/review", "/t/{room}", "/places/{place}", "/tickets?all=1"])
def test_a_page_costs_the_same_with_five_and_with_fifty_jobs(app, world, sign_in, path):
    path = path.format(room=world.tags["room"], place=world.places["room"])
    client = sign_in("supervisor")
    make_tickets(app, world, STATES * 2)
    few = cost(app, client, path)
    make_tickets(app, world, STATES * 9)
    many = cost(app, client, path)
    assert len(many) == len(few), "\n".join(sorted(set(many)))
    assert len(many) <= MOST


def test_a_ticket_costs_the_same_with_few_and_with_many_events_and_materials(app, world, sign_in):
    ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
    path = f"/tickets/{ticket}"
    _work(client, world, ticket, 2)
    few = cost(app, client, path)
    _work(client, world, ticket, 15)
    many = cost(app, client, path)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= MOST


def test_the_materials_page_costs_the_same_for_every_amount(app, world, sign_in):
    client = sign_in("storekeeper")
    empty = cost(app, client, "/stock?q=nothing-like-this")
    assert len(cost(app, client, "/stock")) <= len(empty) + 2


def test_a_command_is_one_write_transaction(app, world, sign_in):
    """A command: the person, the receipt, the ticket and its effect; nothing is asked twice."""
    ticket, client = make_ticket(app, world), sign_in("technician")
    with statements(app) as found:
        client.send(f"/tickets/{ticket}/acceptance")
    assert len(found) <= MOST
    assert sum(statement.startswith("BEGIN IMMEDIATE") for statement in found) == 1


def _work(client, world, ticket, times):
    for _ in range(times):
        fields = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "1"}
        assert client.send(f"/tickets/{ticket}/materials", fields).status_code == 200
        assert client.send(f"/tickets/{ticket}/notes", {"note": "检查"}).status_code == 200
