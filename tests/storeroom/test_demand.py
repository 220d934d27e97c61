"""What jobs wait for: asked for on hold, reserved, set free by a receipt, closed by use."""

from decimal import Decimal
from itertools import dropwhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.stock.actions import Line, receive
from crew_app.stock.models import Reason
from crew_app.storeroom import demand
from crew_app.storeroom.availability import arrived, available, open_demands, positions, wanted_items
from crew_app.storeroom.demand_models import Demand
from crew_app.storeroom.models import SlipKind
from crew_app.storeroom.rules import shares
from crew_app.storeroom.slips import Asked, Draft, carry_out, make
from crew_app.tickets import actions
from crew_app.tickets.rules import HoldReason, State
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import counts, one, sql
from tests.support.tickets import bring_to, make_ticket, state_of


def waiting(world, quantity="40", item="valve", **more):
    return {"reason": "material", "item_id": str(world.items[item]), "quantity": quantity} | more


def hold(world, sign_in, ticket, login="technician", **wanted):
    return sign_in(login).send(f"/tickets/{ticket}/hold", waiting(world, **wanted))


def free(world, item="valve"):
    return available([world.items[item]], [world.sites["north"]])[world.items[item]]


def delivered(world, quantity, item="valve"):
    """Goods come in, and the receipt is shared out."""
    at, keeper = server_moment(), world.person("storekeeper")
    receive(world.item(item), Decimal(quantity), world.account("supplier"), world.account("store"), by=keeper, at=at)
    lines = [Asked(world.item(item), Decimal(quantity))]
    slip = make(Draft(new_id(), SlipKind.RECEIPT, world.sites["north"], lines), by=keeper, at=at)
    return demand.after_receipt(slip, keeper, at)


def test_what_is_missing_becomes_demand_and_what_is_there_is_kept(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket, note="主阀"))
    assert sql(app, "SELECT quantity, reserved, urgent, closed_at FROM demands") == [(40000, 30000, 0, None)]
    assert one(app, "SELECT note FROM ticket_events WHERE verb = 'hold'") == "角阀 DN15 × 40 个\n主阀"
    with app.app_context():
        assert free(world) == 0
    page = sign_in("technician").page(f"/tickets/{ticket}").text
    assert "角阀" in page
    assert state_of(app, ticket) == "on_hold"


def test_words_are_enough(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/hold", {"reason": "material", "note": "等配件"}))
    assert one(app, "SELECT COUNT(*) FROM demands") == 0


def test_who_waits_for_access_asks_for_nothing(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket, reason="access"))
    assert one(app, "SELECT COUNT(*) FROM demands") == 0


@pytest.mark.parametrize("quantity", ["", "0", "-1", "100001", "1e9", "x"])
def test_nobody_waits_for_such_a_quantity(app, world, sign_in, quantity):
    ticket = make_ticket(app, world, "accepted")
    before = counts(app)
    refused(hold(world, sign_in, ticket, quantity=quantity), 422, "quantity")
    assert counts(app) == before
    assert state_of(app, ticket) == "accepted"


def test_an_unknown_item_leaves_the_job_as_it_was(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    unseen(sign_in("technician").send(f"/tickets/{ticket}/hold", waiting(world) | {"item_id": some_id()}))
    assert state_of(app, ticket) == "accepted"


def test_the_same_hold_again_asks_once(app, world, sign_in):
    ticket, key = make_ticket(app, world, "accepted"), new_id()
    for _ in range(2):
        accepted(sign_in("technician").send(f"/tickets/{ticket}/hold", waiting(world), key=key))
    assert one(app, "SELECT COUNT(*) FROM demands") == 1


def test_a_receipt_sets_the_job_free_and_the_technician_is_told(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket))
    with app.app_context(), write_transaction():
        assert [freed.id for freed in delivered(world, 10)] == [ticket]
    assert state_of(app, ticket) == "accepted"
    story = sql(app, "SELECT verb, to_state FROM ticket_events ORDER BY position DESC LIMIT 1")
    assert story == [("supply", "accepted")]
    assert f"/tickets/{ticket}" in [
        a.get("href") for a in sign_in("technician").page("/").all("a", **{"class": "strip"})
    ]
    accepted(sign_in("technician").send(f"/tickets/{ticket}/resumption"))  # made before they heard of it


def test_part_of_it_does_not(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket))
    with app.app_context(), write_transaction():
        assert delivered(world, 9) == []
    assert state_of(app, ticket) == "on_hold"


def test_the_most_urgent_job_is_served_first_then_the_first(app, world, sign_in):
    low = make_ticket(app, world, "accepted", job_kind="paint")
    first, second = (make_ticket(app, world, "accepted") for _ in range(2))
    urgent = make_ticket(app, world, "accepted", job_kind="oxygen")
    for ticket in (low, first, second, urgent):
        accepted(hold(world, sign_in, ticket, item="tube", quantity="200"))
    with app.app_context(), write_transaction():
        assert [freed.id for freed in delivered(world, 200, "tube")] == [urgent]  # what is kept for the low one stays
        assert [freed.id for freed in delivered(world, 399, "tube")] == [first]
        reserved = {one.ticket_id: one.reserved for one in open_demands([world.sites["north"]])}
        assert reserved == {low: 190, urgent: 200, first: 200, second: 199}


def test_using_it_closes_the_demand_and_frees_the_rest(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket, quantity="5"))
    fields = {"move_id": str(new_id()), "item_id": str(world.items["valve"]), "quantity": "2"}
    fields["source_id"] = str(world.accounts["store"])
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", fields))
    assert one(app, "SELECT closed_at IS NOT NULL FROM demands") == 1
    with app.app_context():
        assert free(world) == 28


def used(world, sign_in, ticket, quantity="5"):
    """The address to take it back from."""
    fields = {"item_id": str(world.items["valve"]), "quantity": quantity, "source_id": str(world.accounts["store"])}
    move = str(new_id())
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", fields | {"move_id": move}))
    return f"/tickets/{ticket}/materials/{move}/reversal"


def test_taking_it_back_reopens_what_the_job_waits_for(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket, quantity="20"))
    first, second = used(world, sign_in, ticket), used(world, sign_in, ticket)
    accepted(sign_in("technician").send(first))
    assert one(app, "SELECT closed_at IS NOT NULL FROM demands") == 1  # five are still on the job
    other = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, other, quantity="15"))
    accepted(sign_in("technician").send(second))
    found = sql(app, "SELECT reserved, closed_at, ready_at FROM demands ORDER BY quantity DESC")
    assert found[0] == (15000, None, None)
    with app.app_context():
        assert free(world) == 0


def test_what_is_issued_for_the_job_closes_it_too(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket, quantity="20"))
    lines = {"line_item": str(world.items["valve"]), "line_quantity": "20", "line_unit": "unit"}
    fields = lines | {"slip_id": str(new_id()), "store_id": str(world.accounts["store"]), "ticket_id": str(ticket)}
    fields |= {"receiver_id": str(world.people["technician"]), "receiver_paper": "1", "storekeeper_paper": "1"}
    accepted(sign_in("storekeeper").send("/stock/issues", fields), 201)
    assert one(app, "SELECT closed_at IS NOT NULL FROM demands") == 1


@pytest.mark.parametrize("end", ["completion", "cancellation"])
def test_a_job_that_ends_keeps_nothing_back(app, world, sign_in, end):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket, quantity="5"))
    login = "technician" if end == "completion" else "supervisor"
    accepted(sign_in(login).send(f"/tickets/{ticket}/{end}", {"note": "完"}))
    with app.app_context():
        assert free(world) == 30
    if end == "completion":  # nor when it is sent back
        accepted(sign_in("supervisor").send(f"/tickets/{ticket}/return", {"note": "返工"}))
        with app.app_context():
            assert free(world) == 30


def test_only_who_keeps_the_stock_says_that_it_is_here(app, world):
    with app.app_context():
        ticket = bring_to(world, State.ON_HOLD)
        with pytest.raises(Forbidden):
            actions.supply(ticket, by=world.person("technician"), at=server_moment())
        actions.supply(ticket, by=world.person("storekeeper"), at=server_moment())
        with pytest.raises(Refused):
            actions.supply(ticket, by=world.person("storekeeper"), at=server_moment())
        session.rollback()


def test_nobody_is_set_free_who_waits_for_access(app, world):
    with app.app_context():
        ticket = bring_to(world, State.ACCEPTED)
        actions.hold(ticket, HoldReason.ACCESS, "", by=world.person("technician"), at=server_moment())
        demand.ask(ticket, world.item("valve"), Decimal(1), by=world.person("technician"), at=server_moment())
        assert delivered(world, 5) == []
        session.rollback()


def test_what_was_used_or_is_old_news_is_not_told(app, world):
    with app.app_context():
        me, at = world.person("technician"), server_moment()
        ticket = bring_to(world, State.ON_HOLD)
        demand.ask(ticket, world.item("valve"), Decimal(1), by=me, at=at)
        assert [job.id for job in arrived(me, at.at)] == [ticket.id]
        assert arrived(world.person("second"), at.at) == []
        demand.used(ticket, [world.items["valve"]], at=at)
        assert arrived(me, at.at) == []
        session.rollback()


QUANTITIES = st.decimals("0.001", "60", places=3)


@given(st.decimals("0", "100", places=3), st.lists(QUANTITIES, max_size=8))
def test_no_more_is_shared_out_than_there_is(free, wanted):
    given = shares(free, wanted)
    assert sum(given, Decimal(0)) == min(free, sum(wanted, Decimal(0)))
    assert all(0 <= part <= quantity for part, quantity in zip(given, wanted, strict=True))
    short = [place for place, (part, quantity) in enumerate(zip(given, wanted, strict=True)) if part < quantity]
    assert all(part == 0 for part in given[short[0] + 1 :]) if short else True


KINDS = st.sampled_from(["oxygen", "drain", "lamp", "paint"])
STEPS = st.lists(st.tuples(KINDS, QUANTITIES) | QUANTITIES, min_size=1, max_size=8)


@settings(max_examples=15)
@given(STEPS)
def test_never_is_more_reserved_than_is_there_and_the_urgent_come_first(app, world, steps):
    with app.app_context():
        for step in steps:
            if isinstance(step, tuple):
                ticket = bring_to(world, State.ON_HOLD, job_kind=step[0])
                demand.ask(ticket, world.item("valve"), step[1], by=world.person("technician"), at=server_moment())
            else:
                before = {one.id: one.missing for one in open_demands([world.sites["north"]])}
                delivered(world, step)
                served = [one for one in open_demands([world.sites["north"]]) if before[one.id] > 0]
                after_the_first_short = list(dropwhile(lambda one: one.missing == 0, served))[1:]
                assert all(one.missing == before[one.id] for one in after_the_first_short)
            assert free(world) >= 0
            ready = [one.ready_at is not None for one in session.query(Demand).order_by(Demand.id)]
            assert ready == [one.missing == 0 for one in session.query(Demand).order_by(Demand.id)]
        session.rollback()


def test_goods_taken_in_by_a_receipt_slip_set_the_job_free(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket))
    fields = {"slip_id": str(new_id()), "store_id": str(world.accounts["store"])}
    fields |= {"line_item": str(world.items["valve"]), "line_quantity": "10"}
    accepted(sign_in("storekeeper").send("/stock/receipts", fields), 201)
    assert state_of(app, ticket) == "accepted"


def test_what_came_back_is_shared_out_by_hand(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(hold(world, sign_in, ticket))
    with app.app_context(), write_transaction():
        at, keeper, supplier = server_moment(), world.person("storekeeper"), world.account("supplier")
        receive(world.item("valve"), Decimal(10), supplier, world.account("store"), by=keeper, at=at)
    site = {"site_id": str(world.sites["north"])}
    refused(sign_in("technician").send("/stock/demand/allocation", site), 403)
    unseen(sign_in("outsider").send("/stock/demand/allocation", site))
    refused(sign_in("storekeeper").send("/stock/demand/allocation"), 422, "id-missing")
    assert state_of(app, ticket) == "on_hold"
    accepted(sign_in("storekeeper").send("/stock/demand/allocation", site))
    assert state_of(app, ticket) == "accepted"


def test_the_storekeeper_sees_what_waits_for_what_and_nobody_else_does(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted", job_kind="oxygen")
    assert "角阀" not in sign_in("storekeeper").page("/stock/demand").text
    accepted(hold(world, sign_in, ticket))
    page = sign_in("storekeeper").page("/stock/demand")
    assert "角阀" in page.text
    assert f"/tickets/{ticket}" in [a.get("href") for a in page.all("a")]
    assert "角阀" not in sign_in("outsider").page("/stock/demand").text
    assert sign_in("technician").get("/stock/demand").status_code == 403


def test_what_is_in_the_bag_for_the_job_is_not_kept_back_twice(app, world):
    with app.app_context():
        me, keeper, at = world.person("technician"), world.person("storekeeper"), server_moment()
        ticket = bring_to(world, State.ON_HOLD)
        wanted = demand.ask(ticket, world.item("valve"), Decimal(5), by=me, at=at)
        draft = Draft(new_id(), SlipKind.ISSUE, ticket.site_id, [Asked(world.item("valve"), Decimal(3))])
        slip = make(draft, by=keeper, at=at)
        line = Line(world.item("valve"), Decimal(3), world.account("store"), world.account("bag"))
        carry_out(slip, Reason.ISSUE, [line], by=keeper, at=at)
        demand.after_issue(slip, at=at)
        assert [wanted.handed, wanted.reserved, wanted.missing] == [3, 2, 0]
        assert free(world) == 25
        session.rollback()


def test_the_same_on_both_databases(any_app, any_world):
    with any_app.app_context(), write_transaction():
        me, at, north = any_world.person("technician"), server_moment(), any_world.sites["north"]
        ticket = bring_to(any_world, State.ON_HOLD, job_kind="oxygen")
        demand.ask(ticket, any_world.item("valve"), Decimal(40), by=me, at=at)
        assert positions(north)[any_world.items["valve"]].missing == 10
        assert positions(north)[any_world.items["tube"]].ordered == 40  # the approved list of the small hospital
        assert [item.code for item in wanted_items([north])] == ["valve"]
        assert arrived(me, at.at) == []
        assert delivered(any_world, 10) == [ticket]
        assert [job.id for job in arrived(me, at.at)] == [ticket.id]
        assert free(any_world) == 0
