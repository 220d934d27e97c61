"""Trips: a vehicle within ten minutes, checks, mileage that never runs backwards, fuel, the list of a month."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from crew_app.people.rules import Trade
from crew_app.trips.rules import AFTER, BEFORE, consumption
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.service import driving, learn, make_vehicle

GOOD = [check.value for check in (*BEFORE, *AFTER)]


@pytest.fixture
def driver(app, world, sign_in):
    learn(app, world, "second", Trade.DRIVER)
    return sign_in("second")


@pytest.fixture
def vehicle(app, world):
    return make_vehicle(app, world)


def ask(client, world, **more):
    form = driving(world, **more)
    accepted(client.send("/trips", form), 201)
    return f"/trips/{form['ticket_id']}"


def dispatched(sign_in, world, vehicle, **more):
    trip = ask(sign_in("requester"), world, **more)
    who = {"asset_id": str(vehicle), "driver_id": str(world.people["second"])}
    accepted(sign_in("supervisor").send(f"{trip}/dispatch", who))
    return trip


def test_from_the_wish_to_the_list_of_the_month(app, world, sign_in, driver, vehicle):
    trip = dispatched(sign_in, world, vehicle)
    job = trip.replace("/trips/", "/tickets/")
    assert one(app, "SELECT COUNT(*) FROM notices WHERE title LIKE 'Trip for you%'") == 1
    accepted(driver.send(f"{job}/acceptance"))
    accepted(driver.send(f"{trip}/departure", {"km": "1003", "good": GOOD}))
    assert "途中" in sign_in("requester").page("/trips").text
    fuel = {"filling_id": some_id(), "litres": "40", "yuan": "312.5"}
    accepted(driver.send(f"{trip}/arrival", {"km": "1023", "good": GOOD} | fuel))
    assert one(app, "SELECT state FROM tickets WHERE kind = 'trip'") == "finished"
    accepted(sign_in("supervisor").send(f"{job}/verification"))
    answer = sign_in("supervisor").get("/trips/month.xlsx")
    (page,) = load_workbook(BytesIO(answer.get_data())).worksheets
    rows = list(page.values)
    assert "市中心血站" in rows[1]
    assert 20 in rows[1]
    text = driver.page(f"/vehicles/{vehicle}").text
    assert "1023" in text
    assert "312.50" in text


def test_the_clock_of_ten_minutes_is_shown_and_kept(app, world, sign_in, driver, vehicle):
    form = driving(world)
    accepted(sign_in("requester").send("/trips", form, made_at=datetime.now(UTC) - timedelta(minutes=14)), 201)
    boss = sign_in("supervisor")
    assert "派车超时" in boss.page("/trips").text
    assert "等待派车" in boss.page("/").text
    due, opened = sql(app, "SELECT response_due_at, opened_at FROM tickets WHERE kind = 'trip'")[0]
    span = datetime.fromisoformat(str(due)) - datetime.fromisoformat(str(opened))
    assert span == timedelta(minutes=10)
    trip = f"/trips/{form['ticket_id']}"
    accepted(driver.send(f"{trip}/dispatch", {"asset_id": str(vehicle)}))  # a driver takes it
    assert "14 分钟后派出" in boss.page("/trips").text


def test_mileage_never_runs_backwards_and_a_very_long_way_needs_a_word(world, sign_in, driver, vehicle):
    trip = dispatched(sign_in, world, vehicle)
    refused(driver.send(f"{trip}/departure", {"km": "999", "good": GOOD}), 422, "km-backwards")
    refused(driver.send(f"{trip}/departure", {"km": "9000", "good": GOOD}), 422, "km-far")
    refused(driver.send(f"{trip}/departure", {"km": "viel", "good": GOOD}), 422, "number")
    accepted(driver.send(f"{trip}/departure", {"km": "1000", "good": GOOD}))
    refused(driver.send(f"{trip}/arrival", {"km": "998", "good": GOOD, "filling_id": some_id()}), 422, "km-backwards")
    accepted(driver.send(f"{trip}/arrival", {"km": "1100", "good": GOOD, "filling_id": some_id()}))
    refused(driver.send(f"/vehicles/{vehicle}/fillings", fuel(km="1050")), 422, "km-backwards")
    accepted(driver.send(f"/vehicles/{vehicle}/fillings", fuel(km="1100")))


def fuel(**more):
    return {"filling_id": some_id(), "litres": "30", "yuan": "240"} | more


def test_what_is_not_in_order_needs_words_and_is_told(app, world, sign_in, driver, vehicle):
    trip = dispatched(sign_in, world, vehicle)
    bad = {"km": "1000", "good": [check for check in GOOD if check != "brakes"]}
    refused(driver.send(f"{trip}/departure", bad), 422, "words-missing")
    accepted(driver.send(f"{trip}/departure", bad | {"note": "刹车偏软"}))
    assert one(app, "SELECT failed_before FROM trips") == "brakes"
    assert one(app, "SELECT COUNT(*) FROM notices WHERE params LIKE '%刹车偏软%'") == 1


def test_who_may_not_and_what_cannot_be(world, sign_in, driver, vehicle):
    trip, boss = ask(sign_in("requester"), world), sign_in("supervisor")
    who = {"asset_id": str(vehicle), "driver_id": str(world.people["second"])}
    assert sign_in("requester").send(f"{trip}/dispatch", who).status_code == 403
    refused(sign_in("technician").send(f"{trip}/dispatch", who), 403)
    unseen(sign_in("southerner").send(f"{trip}/dispatch", who))
    refused(boss.send(f"{trip}/dispatch", who | {"asset_id": ""}), 422, "vehicle")
    refused(boss.send(f"{trip}/dispatch", who | {"driver_id": str(world.people["technician"])}), 422, "driver")
    refused(driver.send(f"{trip}/departure", {"km": "1000", "good": GOOD}), 422, "not-owner")
    accepted(boss.send(f"{trip}/dispatch", who))
    refused(driver.send(f"{trip}/arrival", {"km": "1001", "good": GOOD}), 422, "not-left")
    nurse = sign_in("requester")
    refused(nurse.send("/trips", driving(world, goal="")), 422, "words-missing")
    refused(nurse.send("/trips", driving(world, leave_at="2020-01-01T08:00")), 422, "leave-at")
    assert nurse.get("/vehicles").status_code == 403


def test_upkeep_that_is_near_is_shown(app, world, sign_in):
    vehicle = make_vehicle(app, world, km=9800, next_km=10_000)
    assert "该保养" in sign_in("technician").page("/vehicles").text
    boss = sign_in("supervisor")
    accepted(boss.send(f"/vehicles/{vehicle}/details", {"plate": "桂b99", "seats": "5", "next_km": "15000"}))
    assert "该保养" not in boss.page(f"/vehicles/{vehicle}").text


FILLINGS = st.lists(
    st.tuples(st.integers(0, 900_000), st.integers(1, 80)), min_size=2, max_size=6, unique_by=lambda f: f[0]
)


@given(FILLINGS, st.randoms())
def test_consumption_is_that_of_the_way_between_the_first_and_the_last_filling(found, dice):
    fillings = [SimpleNamespace(km=km, litres=Decimal(litres), yuan=Decimal(0)) for km, litres in found]
    dice.shuffle(fillings)
    ordered = sorted(found)
    wanted = Decimal(sum(litres for _, litres in ordered[1:])) * 100 / (ordered[-1][0] - ordered[0][0])
    assert abs(consumption(fillings) - wanted) <= Decimal("0.05")
    assert consumption(fillings[:1]) is None
