"""The page of phones: who sees whom, the most pressing first, and what an administrator may change."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from tests.phones.test_contact import report
from tests.support.client import UNKNOWN_ID, accepted, refused, stamp, unseen
from tests.support.counting import one, sql

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # in Shanghai
MINE = """
    SELECT d.id FROM devices d JOIN people p ON p.id = d.person_id
    WHERE p.login = :login ORDER BY d.seen_at DESC LIMIT 1
"""


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


def device_of(app, login):
    return UUID(str(one(app, MINE, login=login)))


def test_a_supervisor_sees_what_waits_and_since_when(clock, sign_in):
    client = sign_in("technician")
    report(client, unsent=3, oldest=stamp(NOON - timedelta(hours=5, minutes=10)))
    clock.shift(timedelta(minutes=10))
    text = sign_in("supervisor", language="en").page("/phones").text
    assert "Technician 3 unsent · oldest 06:50 · last seen 12:00" in text


def test_those_not_heard_from_come_first_then_those_that_hold_something(clock, sign_in):
    sign_in("technician")
    clock.shift(timedelta(hours=13))
    report(sign_in("second"), unsent=1)
    text = sign_in("supervisor", language="en").page("/phones").text
    assert text.index("Not heard from for more than 12 hours") < text.index("Technician")
    assert text.index("Technician") < text.index("Something is still on the phone") < text.index("Second")
    assert text.index("Second") < text.index("Everything has arrived")
    assert "Not heard from for 13 h" in text


def test_whoever_signed_out_with_nothing_left_is_not_missed(clock, sign_in):
    sign_in("technician").post("/sign-out")
    clock.shift(timedelta(hours=13))
    text = sign_in("supervisor", language="en").page("/phones").text
    assert text.index("Everything has arrived") < text.index("Technician")


def test_a_wrong_clock_and_an_older_version_are_told(clock, sign_in):
    report(sign_in("technician"), sent_at=stamp(NOON + timedelta(minutes=4)), build="OLDBUILD1")
    text = sign_in("supervisor", language="en").page("/phones").text
    assert "Clock 4 min fast" in text
    assert "Older version" in text


def test_with_nobody_yet_it_says_what_will_be_here(app, sign_in):
    sql_delete(app)
    client = sign_in("supervisor", language="en")
    sql_delete(app)
    assert "As soon as somebody of your sites signs in" in client.page("/phones").text


def sql_delete(app):
    from crew_app.core.db import session, write_transaction  # noqa: PLC0415 - only this test empties tables
    from crew_app.phones.models import Device, DevicePerson  # noqa: PLC0415 - same

    with app.app_context(), write_transaction():
        session.query(DevicePerson).delete()
        session.query(Device).delete()


@pytest.mark.parametrize("login", ["technician", "guard", "storekeeper", "requester", "contractor"])
def test_others_do_not_watch_their_colleagues(sign_in, login):
    client = sign_in(login)
    client.page("/phones", 403)
    assert "/phones" not in client.page("/more").html


@pytest.mark.parametrize("login", ["supervisor", "manager", "administrator"])
def test_those_who_may_find_it_under_more(sign_in, login):
    assert "/phones" in sign_in(login).page("/more").html


def test_people_of_another_site_are_not_seen(app, world, sign_in):
    report(sign_in("southerner"), unsent=7)
    client = sign_in("supervisor", language="en")
    assert "Southerner" not in client.page("/phones").text
    client.page(f"/phones/{world.devices['guard']}")
    unseen(client.get(f"/phones/{world.devices['southerner']}"))
    assert "7 unsent" in sign_in("outsider", language="en").page("/phones").text


def test_on_a_phone_of_two_sites_only_ones_own_people_are_shown(app, sign_in):
    client = sign_in("technician")
    client.post("/sign-out")
    client.sign_in("southerner")
    page = sign_in("supervisor", language="en").page(f"/phones/{device_of(app, 'southerner')}")
    assert "Technician" in page.text
    assert "Southerner" not in page.text


def test_it_costs_the_same_for_few_and_for_many(app, sign_in):
    from tests.web.test_speed import cost  # noqa: PLC0415 - shared with the other pages

    client = sign_in("supervisor")
    few = cost(app, client, "/phones")
    for login in ("technician", "second", "guard", "storekeeper", "manager"):
        report(sign_in(login), unsent=1)
    assert len(cost(app, client, "/phones")) == len(few)


def test_an_administrator_shares_the_phone_in_their_hand(app, world, sign_in):
    client = sign_in("administrator", language="en")
    location = accepted(client.send("/phones/sharing", {"label": "夜班1", "site_id": str(world.sites["north"])}))
    assert location == f"/phones/{device_of(app, 'administrator')}"
    marked = sql(app, "SELECT d.label, p.login FROM devices d JOIN people p ON p.id = d.marked_by_id WHERE d.shared")
    assert marked == [("夜班1", "administrator")]
    assert "夜班1" in client.page("/phones").text


@pytest.mark.parametrize("site", ["south", None])
def test_only_for_a_site_that_one_administers(app, world, sign_in, site):
    site_id = str(world.sites[site]) if site else UNKNOWN_ID
    refused(sign_in("administrator").send("/phones/sharing", {"label": "x", "site_id": site_id}), 422, "unknown-site")
    assert one(app, "SELECT COUNT(*) FROM devices WHERE shared") == 0


def test_a_shared_phone_needs_a_name(world, sign_in):
    fields = {"label": " \u200b", "site_id": str(world.sites["north"])}
    refused(sign_in("administrator").send("/phones/sharing", fields), 422, "words-missing")


def test_a_supervisor_shares_nothing(world, sign_in):
    client = sign_in("supervisor")
    refused(client.send("/phones/sharing", {"label": "x", "site_id": str(world.sites["north"])}), 403)
    refused(client.send(f"/phones/{world.devices['guard']}/name", {"label": "x"}), 403)
    page = client.page(f"/phones/{world.devices['guard']}")
    assert [action for action in page.actions if action.startswith("/phones")] == []


def test_it_is_renamed_no_longer_shared_and_forgotten(app, world, sign_in):
    client = sign_in("administrator")
    accepted(client.send("/phones/sharing", {"label": "夜班1", "site_id": str(world.sites["north"])}))
    phone = device_of(app, "administrator")
    accepted(client.send(f"/phones/{phone}/name", {"label": "夜班2"}))
    assert one(app, "SELECT label FROM devices WHERE shared") == "夜班2"
    accepted(client.send(f"/phones/{phone}/release"))
    assert one(app, "SELECT COUNT(*) FROM devices WHERE shared") == 0
    accepted(client.send(f"/phones/{phone}/removal"))
    assert sql(app, MINE, login="administrator") == []
    assert report(client).status_code == 204
    assert len(sql(app, MINE, login="administrator")) == 1


def test_an_administrator_elsewhere_has_no_say(app, world, sign_in):
    north = sign_in("administrator")
    accepted(north.send("/phones/sharing", {"label": "夜班1", "site_id": str(world.sites["north"])}))
    phone = device_of(app, "administrator")
    north.post("/sign-out")
    north.sign_in("outsider")  # of the south: now a person of theirs uses the shared phone of the north
    client = sign_in("outsider")
    for resource in ("name", "release", "removal"):
        unseen(client.send(f"/phones/{phone}/{resource}", {"label": "x"}))
    page = client.page(f"/phones/{phone}")
    assert [action for action in page.actions if action.startswith("/phones")] == []
    assert one(app, "SELECT label FROM devices WHERE shared") == "夜班1"
