"""Calendars: read by icalendar as other programs read them; nothing of whoever reported a job; ended at once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from crew_app.connections import ical
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.places.models import Asset
from crew_app.registers.credential_models import Bearer, Credential, CredentialKind
from crew_app.roster.models import DutyShift
from crew_app.tickets.models import Ticket
from tests.support.client import accepted
from tests.support.connections import secret_on
from tests.support.rounds import make_run
from tests.support.tickets import make_ticket


def address_of(client, scope="mine"):
    accepted(client.send("/calendar/feed", {"scope": scope}), 201)
    url = secret_on(client.page("/calendar"))
    return url.partition("localhost")[2]


def events(response):
    assert response.status_code == 200, response.status
    assert response.mimetype == "text/calendar"
    calendar = Calendar.from_ical(response.get_data())
    return {str(event["uid"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


@pytest.fixture
def year(app, world):
    """A job in hand, a round, a shift, a licence, a test of the pump."""
    now = datetime.now(UTC)
    ids = {"job": make_ticket(app, world, "accepted"), "run": make_run(app, world)["run"], "shift": new_id()}
    with app.app_context(), write_transaction():
        session.get_one(Ticket, ids["job"]).reporter_name = "张护士"
        site, person = world.sites["north"], world.people["technician"]
        times = {"starts_at": now, "ends_at": now + timedelta(hours=8)}
        session.add(DutyShift(id=ids["shift"], site_id=site, person_id=person, name="夜班", **times))
        for bearer, of in ((Bearer.PERSON, {"person_id": person}), (Bearer.ASSET, {"asset_id": world.assets["pump"]})):
            kind = CredentialKind(site_id=site, bearer=bearer, name="电工证", active=True, advance_days=60)
            session.add(kind)
            session.flush()
            days = {"issued_on": date(2026, 1, 1), "expires_on": date(2099, 6, 30)}
            written = {"written_by_id": person, "at": now, "received_at": now}
            session.add(Credential(site_id=site, kind_id=kind.id, **days, **written, **of))
        session.get_one(Asset, world.assets["pump"]).name_en = "Pump"
    return ids


def test_it_shows_rounds_jobs_shifts_and_papers(sign_in, stranger, year):
    found = events(stranger.get(address_of(sign_in("technician"))))
    assert {f"run-{year['run']}", f"job-{year['job']}", f"shift-{year['shift']}"} <= set(found)
    paper = next(event for uid, event in found.items() if uid.startswith("paper-"))
    assert (paper["dtstart"].dt, paper["dtend"].dt) == (date(2099, 6, 30), date(2099, 7, 1))
    text = "".join(str(event.to_ical()) for event in found.values())
    assert "张护士" not in text
    assert "灯管闪烁" not in text
    assert str(found[f"job-{year['job']}"]["summary"]).startswith("到期")


def test_times_are_those_of_the_site_with_the_rules_of_its_zone(sign_in, stranger, year):
    response = stranger.get(address_of(sign_in("technician")))
    calendar = Calendar.from_ical(response.get_data())
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Shanghai"
    shift = events(response)[f"shift-{year['shift']}"]
    assert shift["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert shift["dtstart"].dt.utcoffset() == timedelta(hours=8)


def test_a_zone_with_summer_time_says_when_it_changes():
    berlin = ZoneInfo("Europe/Berlin")
    at = datetime(2026, 7, 1, 10, tzinfo=berlin)
    calendar = Calendar.from_ical(ical.write("x", berlin, [ical.Line("a", "b", at, at + timedelta(hours=1), at)]))
    [zone] = calendar.walk("VTIMEZONE")
    offsets = {str(part["tzoffsetto"].to_ical()) for part in zone.walk() if "tzoffsetto" in part}
    assert offsets == {"+0100", "+0200"}
    assert calendar.walk("VEVENT")[0].decoded("dtstart") == at


def test_the_same_is_not_sent_again_and_keeps_its_uids(sign_in, stranger, year):
    path = address_of(sign_in("technician"))
    first = stranger.get(path)
    again = stranger.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert set(events(first)) == set(events(stranger.get(path)))


def test_everything_of_the_site_is_for_those_who_may_see_it(sign_in, stranger, year):
    whole = events(stranger.get(address_of(sign_in("supervisor"), "site")))
    assert {f"run-{year['run']}", f"job-{year['job']}", f"shift-{year['shift']}"} <= set(whole)
    assert any(uid.startswith("test-") for uid in whole)
    nurse = events(stranger.get(address_of(sign_in("requester"), "site")))
    assert nurse == {}
    other = events(stranger.get(address_of(sign_in("outsider"), "site")))
    assert not {f"run-{year['run']}", f"job-{year['job']}", f"shift-{year['shift']}"} & set(other)


def test_a_new_address_ends_the_old_one_and_an_ended_one_answers_nobody(sign_in, stranger, year):
    client = sign_in("technician")
    old = address_of(client)
    new = address_of(client)
    assert stranger.get(old).status_code == 404
    assert stranger.get(new).status_code == 200
    accepted(client.send("/calendar/feed/revocation"))
    assert stranger.get(new).status_code == 404
    assert "secret" not in str(client.page("/calendar").response.headers)


def test_nobody_reads_the_calendar_of_somebody_who_has_left(sign_in, stranger, world, year):
    path = address_of(sign_in("technician"))
    accepted(sign_in("administrator").send(f"/people/{world.people['technician']}/suspension"))
    assert stranger.get(path).status_code == 404
