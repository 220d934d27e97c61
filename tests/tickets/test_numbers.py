"""Numbers: consecutive per site and day of that site's own calendar, in the order of receipt."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from crew_app.core.db import session, write_transaction
from crew_app.people.models import Site
from crew_app.tickets.models import TicketNumber
from tests.support.client import accepted, refused
from tests.support.counting import sql
from tests.support.tickets import make_ticket, report_fields


def numbers(app):
    return [str(row[0]) for row in sql(app, "SELECT number FROM tickets ORDER BY id")]


def test_they_count_up_from_one_each_day(app, world):
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False) as clock:
        for _ in range(3):
            make_ticket(app, world)
        clock.shift(timedelta(days=1))
        make_ticket(app, world)
    assert sorted(numbers(app)) == ["WX-20261122-0001", "WX-20261122-0002", "WX-20261122-0003", "WX-20261123-0001"]


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        ("2026-11-22T15:59:59Z", "Asia/Shanghai", "20261122"),
        ("2026-11-22T16:00:00Z", "Asia/Shanghai", "20261123"),
        ("2026-11-22T16:00:00Z", "Europe/Berlin", "20261122"),
        ("2026-11-22T03:00:00Z", "America/New_York", "20261121"),
        ("2026-12-31T23:30:00Z", "Asia/Shanghai", "20270101"),
    ],
)
def test_the_day_is_the_day_of_the_site(app, world, at, zone, day):
    with app.app_context(), write_transaction():
        session.get_one(Site, world.sites["north"]).timezone = zone
    with time_machine.travel(at, tick=False):
        make_ticket(app, world, at=datetime.now(UTC))
    assert numbers(app) == [f"WX-{day}-0001"]


def test_each_site_counts_for_itself(app, world):
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        for place in ("room", "south-room", "room"):
            make_ticket(app, world, place=place, reporter="outsider" if place == "south-room" else "requester")
    assert sorted(numbers(app)) == ["WX-20261122-0001", "WX-20261122-0001", "WX-20261122-0002"]


def test_a_refused_report_leaves_no_gap(app, world, sign_in):
    with time_machine.travel("2026-11-22T02:00:00Z", tick=True):
        client = sign_in("technician")
        accepted(client.send("/tickets", report_fields(world)), 201)
        refused(client.send("/tickets", report_fields(world, job_kind="magic")), 422)
        refused(sign_in("guard").send("/tickets", report_fields(world, fixed="1")), 403)
        accepted(client.send("/tickets", report_fields(world)), 201)
    assert sorted(numbers(app)) == ["WX-20261122-0001", "WX-20261122-0002"]


def test_what_was_reported_offline_yesterday_is_numbered_when_it_arrives(app, world, sign_in):
    made = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        response = sign_in("technician").send("/tickets", report_fields(world), made_at=made)
    accepted(response, 201)
    assert numbers(app) == ["WX-20261122-0001"]


def test_after_9999_jobs_in_a_day_it_goes_on(app, world):
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        make_ticket(app, world)
        with app.app_context(), write_transaction():
            session.execute(update(TicketNumber).values(last=9999))
        make_ticket(app, world)
    assert "WX-20261122-10000" in numbers(app)
