"""Value and cost: any past day comes out of the moves alone, and today is what the books keep."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from crew_app.core.clock import now, server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.people.models import Site
from crew_app.places.models import Department
from crew_app.stock.accounts import department
from crew_app.stock.actions import Line, post, receive, reverse
from crew_app.stock.models import Reason, value_of
from crew_app.storeroom import lists, usage, values
from crew_app.tickets.materials import log_material
from crew_app.tickets.rules import State
from tests.support.client import accepted
from tests.support.tickets import bring_to, make_ticket

QUANTITIES = st.decimals("0.001", "500", places=3)
COSTS = st.none() | st.decimals("0", "9999", places=4)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["supplier", "store", "bag", "scrap", "difference"]),
        st.sampled_from(["supplier", "store", "bag", "scrap", "difference"]),
        QUANTITIES,
        COSTS,
        st.integers(0, 3),
    ).filter(lambda step: step[0] != step[1]),
    max_size=10,
)


def site(world, name="north"):
    return session.get_one(Site, world.sites[name])


def today(world):
    return now().astimezone(site(world).zone).date()


@settings(max_examples=25)
@given(STEPS)
def test_today_is_what_the_books_keep_and_every_past_day_stays(app, world, steps):
    """Days go by between the postings; what a day was worth never changes afterwards."""
    with app.app_context():
        clock, seen = datetime(2026, 3, 1, 15, 59, tzinfo=UTC), {}
        for source, target, quantity, cost, days in steps:
            clock += timedelta(days=days, minutes=1)
            line = Line(world.item("tube"), quantity, world.account(source), world.account(target), unit_cost=cost)
            moves = post(Reason.TRANSFER, [line], by=world.person("storekeeper"), at=server_moment(clock))
            if days == 3:
                reverse(moves[0], by=world.person("storekeeper"), at=server_moment(clock))
            seen[clock.astimezone(site(world).zone).date()] = values.kept_value(site(world))
        assert {day: values.value_on(site(world), day) for day in seen} == seen
        assert values.value_on(site(world), today(world)) == values.kept_value(site(world))
        session.rollback()


def test_today_on_both_databases(any_app, any_world):
    with any_app.app_context():
        here, day = site(any_world), today(any_world)
        expected = 200 * Decimal("12.5") + 500 * Decimal("3.2") + 30 * Decimal(18)
        assert values.kept_value(here) == values.value_on(here, day) == expected
        assert values.value_on(here, date(2026, 1, 4)) == 0
        assert values.value_on(here, date(2026, 1, 5)) == expected
        items = values.worth_on(here, day)
        assert {one.item.code: one.quantity for one in items} == {"tube": 200, "cable": 500, "valve": 30}
        assert sum(one.value for one in items) == expected
        assert values.month_ends(here, day)[-1].amount == expected
        assert values.month_ends(here, date(2026, 2, 10))[-3].amount == 0
        assert {one.item.code for one in lists.dead([here.id], now() + timedelta(days=400))} == {
            "tube",
            "cable",
            "valve",
        }
        assert lists.low([here.id]) == []
        assert lists.most_used([here.id], now()) == []
        assert usage.job_kinds(any_world.items["tube"], [here.id], now()) == []


def test_the_dearest_goods_fit(app, world):
    with app.app_context():
        at, keeper = server_moment(), world.person("storekeeper")
        line = Line(
            world.item("valve"),
            Decimal(100_000),
            world.account("supplier"),
            world.account("store"),
            unit_cost=Decimal("9999999.9999"),
        )
        post(Reason.RECEIPT, [line], by=keeper, at=at)
        assert values.value_on(site(world), today(world)) == values.kept_value(site(world))
        session.rollback()


@given(st.decimals("0.001", "9999", places=3), st.decimals("0", "9999", places=4))
def test_each_move_is_rounded_as_the_books_round_it(app, world, quantity, price):
    with app.app_context():
        day = today(world)
        before = values.value_on(site(world), day)
        valve, supplier, store = world.item("valve"), world.account("supplier"), world.account("store")
        line = Line(valve, quantity, supplier, store, unit_cost=price)
        post(Reason.RECEIPT, [line], by=world.person("storekeeper"), at=server_moment())
        assert values.value_on(site(world), day) - before == value_of(quantity, price)
        session.rollback()


def test_a_day_ends_at_midnight_of_the_site(app, world):
    """23:59:59.999 in Shanghai is still this day, a moment later is the next."""
    with app.app_context():
        for number, clock in enumerate([datetime(2026, 3, 1, 15, 59, 59, 999999), datetime(2026, 3, 1, 16)]):  # noqa: DTZ001
            at = server_moment(clock.replace(tzinfo=UTC))
            store, supplier = world.account("store"), world.account("supplier")
            receive(world.item("valve"), Decimal(1 + number), supplier, store, by=world.person("storekeeper"), at=at)
        first = values.value_on(site(world), date(2026, 2, 28))
        assert values.value_on(site(world), date(2026, 3, 1)) == first + 18
        assert values.value_on(site(world), date(2026, 3, 2)) == first + 3 * 18
        session.rollback()


def test_costs_go_to_the_department_of_the_room_or_to_whom_it_was_given(app, world):
    with app.app_context():
        me, at = world.person("technician"), server_moment()
        ticket = bring_to(world, State.ACCEPTED)
        move = log_material(ticket, world.item("tube"), Decimal(4), world.account("bag"), new_id(), by=me, at=at)
        log_material(ticket, world.item("tube"), Decimal(2), world.account("bag"), new_id(), by=me, at=at)
        reverse(move, by=me, at=at)
        ward = session.query(Department).filter_by(site_id=world.sites["north"]).one()
        line = Line(world.item("cable"), Decimal(10), world.account("store"), department(ward))
        post(Reason.ISSUE, [line], by=world.person("storekeeper"), at=at)
        month = today(world).replace(day=1)
        assert {one.of: str(one.amount) for one in values.cost_by_department(site(world), month)} == {ward: "57.0000"}
        kinds = {one.of.code if one.of else None: one.amount for one in values.cost_by_job_kind(site(world), month)}
        assert kinds == {"lamp": 25, None: 32}
        assert values.cost_by_month(site(world), month)[-1].amount == 57
        assert values.cost_by_department(site(world, "south"), month) == []
        used = {
            one.item.code: (f"{one.quantity:f}", f"{one.cost:f}") for one in lists.most_used([site(world).id], now())
        }
        assert used == {"tube": ("2.000", "25.0000"), "cable": ("10.000", "32.0000")}
        (lamp,) = usage.job_kinds(world.items["tube"], [world.sites["north"]], now())
        assert (lamp.kind.code, lamp.jobs, f"{lamp.quantity:f}") == ("lamp", 1, "2.000")
        session.rollback()


def test_the_job_says_what_its_materials_cost_without_what_was_taken_back(app, world, sign_in):
    ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
    moves = [str(new_id()) for _ in range(2)]
    for move, quantity in zip(moves, ("2", "4"), strict=True):
        fields = {"move_id": move, "item_id": str(world.items["tube"]), "quantity": quantity}
        accepted(client.send(f"/tickets/{ticket}/materials", fields))
    accepted(client.send(f"/tickets/{ticket}/materials/{moves[0]}/reversal"))
    assert "¥50.00" in client.page(f"/tickets/{ticket}").text
    assert "¥50.00" not in sign_in("requester").page(f"/tickets/{ticket}").text


@pytest.mark.parametrize(
    "query", ["", "?day=2026-02-01", "?day=0001-01-01", "?day=9999-12-31", "?day=x", "?day=2026-02-30"]
)
def test_the_page_shows_any_day_and_survives_any_other(sign_in, query):
    assert "¥" in sign_in("manager").page(f"/stock/value{query}").text
    assert sign_in("manager").get(f"/stock/costs{query.replace('day', 'month')}").status_code == 200


def test_the_pages_are_of_ones_own_site(world, sign_in):
    north = world.sites["north"]
    assert sign_in("outsider").get(f"/stock/value?site_id={north}").status_code == 404
    assert sign_in("outsider").get(f"/stock/costs.xlsx?site_id={north}").status_code == 404
    assert sign_in("requester").get("/stock/value").status_code == 403


def test_months_are_those_of_the_site(app, world, sign_in):
    with time_machine.travel(datetime(2026, 11, 30, 16, 30, tzinfo=UTC), tick=False), app.app_context():
        months = usage.by_month(world.items["tube"], [world.sites["north"]], today(world), site(world).zone)
        assert [f"{one.month:%Y-%m}" for one in months][-2:] == ["2026-11", "2026-12"]
        assert len(months) == 12
