"""Outages and notices: told to those concerned, shown where they matter, read by name."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.desk import announcements
from crew_app.desk.announcement_models import UTILITY_LABELS, Act, Announcement, AnnouncementKind, Utility
from crew_app.desk.announcements import Draft
from crew_app.desk.telling import OUTAGE_TITLES, OUTAGE_WORDS
from crew_app.notifications.models import Notice
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from tests.support.client import accepted, refused, unseen
from tests.support.counting import one, sql
from tests.support.desk import notice_fields, outage_fields, stamp
from tests.support.taken import revisions

TOLD = """
    SELECT p.login, n.title, n.params FROM notices n JOIN people p ON p.id = n.person_id
    WHERE n.topic = 'notice' ORDER BY n.made_at, p.login
"""


@pytest.fixture
def desk(sign_in):
    return sign_in("desk")


def announce(client, fields):
    return accepted(client.send("/announcements", fields), 201)


def told(app):
    return [row[0] for row in sql(app, TOLD)]


def test_whoever_announces_at_two_sites_sees_which_building_is_where(app, world, sign_in):
    with app.app_context(), write_transaction():
        south = {"site_id": world.sites["south"], "role": Role.SUPERVISOR}
        session.add(Membership(id=new_id(), person_id=world.people["supervisor"], **south))
    names = [heading.text for heading in sign_in("supervisor").page("/announcements/new").all("h3")]
    assert len(names) == len(set(names)) == 2


def test_an_outage_is_told_to_the_ward_the_technicians_and_the_desk(app, world, desk, sign_in):
    announce(desk, outage_fields(world))
    assert set(told(app)) == {"requester", "technician", "second", "foreman", "supervisor", "manager"}
    title, params = sql(app, TOLD)[0][1:]
    assert title == "%(what)s: %(where)s, %(when)s"
    assert json.loads(str(params))["what"] == {"zh": "停水", "en": "Water off"}
    assert json.loads(str(params))["where"]["en"] == "Ward block / Floor 7"


def test_the_words_told_are_those_of_the_pages(app):
    assert set(OUTAGE_WORDS) == set(Utility)
    for utility, both in OUTAGE_WORDS.items():
        assert both["en"] == UTILITY_LABELS[utility]


def test_it_stands_where_it_is_off_and_nowhere_else(world, desk, sign_in, stranger):
    announce(desk, outage_fields(world, "room"))
    worker = sign_in("technician")
    for client, tag in ((worker, "room"), (worker, "pump"), (stranger, "room"), (stranger, "pump")):
        assert "本处停水" in client.page(f"/t/{world.tags[tag]}").text
    assert "本处停水" not in worker.page(f"/t/{world.tags['store-room']}").text
    assert "停水" in worker.page("/").text
    assert "停水" not in sign_in("guard").page("/").text
    assert "停水" in sign_in("guard").page("/announcements").text
    assert "七楼" not in sign_in("outsider").page("/announcements").text


def test_the_whole_site_is_everywhere_there(world, desk, stranger):
    announce(desk, outage_fields(world, whole="1", place_ids=[]))
    assert "本处停水" in stranger.page(f"/t/{world.tags['store-room']}").text
    assert "本处停水" not in stranger.page(f"/t/{world.tags['south-room']}").text


def test_a_planned_one_is_announced_ahead_changed_and_ended_early(app, world, desk, sign_in, stranger):
    path = announce(desk, outage_fields(world, begins=5))
    assert "计划内" in stranger.page(f"/t/{world.tags['room']}").text
    nurse = sign_in("requester")
    accepted(nurse.send(f"{path}/reads", {"version": "1"}))
    start = datetime.now(UTC) - timedelta(hours=1)
    sooner = {"starts_at": stamp(start), "ends_at": stamp(start + timedelta(hours=4)), "words": "提前"}
    accepted(desk.send(f"{path}/changes", sooner))
    assert "预计" in stranger.page(f"/t/{world.tags['room']}").text
    assert "请阅读" in nurse.page("/").text  # what was read was another version
    accepted(desk.send(f"{path}/endings"))
    assert "本处停水" not in stranger.page(f"/t/{world.tags['room']}").text
    assert told(app).count("requester") == 3
    refused(desk.send(f"{path}/endings"), 422, "announcement-over")
    refused(desk.send(f"{path}/changes", sooner), 422, "announcement-over")


def test_called_off_with_a_reason(app, world, desk):
    path = announce(desk, outage_fields(world, begins=5))
    refused(desk.send(f"{path}/cancellations", {"note": " "}), 422, "words-missing")
    accepted(desk.send(f"{path}/cancellations", {"note": "改期"}))
    assert "改期" in desk.page(path).text


def test_it_is_over_when_its_time_is(app, world, desk):
    announce(desk, outage_fields(world))
    with app.app_context():
        found = session.scalars(select(Announcement)).one()
        assert [found.stage(found.starts_at + timedelta(hours=hour)).value for hour in (-1, 0, 3)] == [
            "planned",
            "running",
            "over",
        ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"utility": "tea"}, "choice-missing"),
        ({"place_ids": []}, "places-missing"),
        ({"ends_at": "2020-01-01T00:00"}, "times"),
        ({"starts_at": "yesterday"}, "time"),
        ({"begins": -9, "hours": 2}, "times-past"),
        ({"words": "x" * 2001}, "too-long"),
    ],
)
def test_what_cannot_be_announced_is_refused_and_nobody_is_told(app, world, desk, changes, code):
    spans = {name: changes.pop(name) for name in ("begins", "hours") if name in changes}
    refused(desk.send("/announcements", outage_fields(world, **spans) | changes), 422, code)
    assert told(app) == []
    changes.update(spans)


def test_places_of_another_site_are_none_of_this_one(world, desk):
    refused(desk.send("/announcements", outage_fields(world, "south-room")), 422, "places-missing")


def test_only_those_who_announce_change_it(world, desk, sign_in):
    path = announce(desk, outage_fields(world))
    assert sign_in("technician").send("/announcements", outage_fields(world)).status_code == 403
    for what in ("changes", "endings", "cancellations", "reminders", "briefings"):
        assert sign_in("technician").send(f"{path}/{what}", {"note": "x"}).status_code == 403
        unseen(sign_in("outsider").send(f"{path}/{what}", {"note": "x"}))
    unseen(sign_in("contractor").get(path))


@pytest.mark.parametrize(
    ("ticked", "people"),
    [
        ({"roles": ["guard"]}, {"guard"}),
        ({"trades": ["plumbing"]}, {"second"}),
        ({"roles": ["guard", "emperor"], "trades": ["plumbing"]}, {"guard", "second"}),
    ],
)
def test_a_notice_is_for_roles_trades_and_departments(app, world, desk, ticked, people):
    announce(desk, notice_fields(**ticked))
    assert set(told(app)) == people


def test_a_notice_for_a_department_and_for_everybody(app, world, desk):
    announce(desk, notice_fields(department_ids=[str(world.departments["ward"])]))
    assert told(app) == ["requester"]
    announce(desk, notice_fields())
    others = "SELECT COUNT(DISTINCT person_id) - 1 FROM memberships m JOIN sites s ON s.id = m.site_id"
    assert len(set(told(app))) == one(app, f"{others} WHERE s.code = 'north'")


def test_who_has_read_it_is_known_by_name_and_the_rest_reminded(app, world, desk, sign_in):
    path = announce(desk, notice_fields(roles=["guard", "technician"]))
    accepted(sign_in("technician").send(f"{path}/reads", {"version": "1"}))
    text = desk.page(path).text
    assert "已阅 1 / 4 人" in text
    before = len(told(app))
    accepted(desk.send(f"{path}/reminders"))
    assert sorted(told(app)[before:]) == ["foreman", "guard", "second"]
    assert "未阅" not in sign_in("guard").page(path).text  # only those who announce see who has not


def test_nobody_reads_a_version_ahead_and_reading_counts_once(app, world, desk, sign_in):
    path = announce(desk, notice_fields())
    guard = sign_in("guard")
    for version in ("99", "1", "x"):
        accepted(guard.send(f"{path}/reads", {"version": version}))
    assert sql(app, "SELECT DISTINCT read_version FROM announcement_readers ORDER BY 1") == [(0,), (1,)]
    accepted(desk.send(f"{path}/changes", {"words": "新的"}))
    assert "我已阅" in guard.page(path).text
    refused(desk.send(f"{path}/changes", {"words": "新的"}), 422, "nothing-changed")


def test_what_was_read_out_is_kept_as_a_briefing(app, world, desk, sign_in):
    path = announce(desk, notice_fields(roles=["guard"]))
    refused(desk.send(f"{path}/briefings"), 422, "nobody-read")
    accepted(sign_in("guard").send(f"{path}/reads", {"version": "1"}))
    training = accepted(desk.send(f"{path}/briefings", {"note": "晨会"}), 201)
    assert "防冻检查" in desk.page(training).text
    assert sql(app, "SELECT kind FROM trainings") == [("briefing",)]
    assert one(app, "SELECT headcount FROM training_records") == 1
    refused(desk.send(f"{path}/briefings"), 422, "briefing-known")


def test_it_is_taken_along_and_comes_anew_when_it_changes(world, desk, sign_in):
    worker = sign_in("technician")
    path = announce(desk, outage_fields(world))
    before = revisions(worker)
    assert path in before
    start = datetime.now(UTC)
    accepted(desk.send(f"{path}/changes", {"starts_at": stamp(start), "ends_at": stamp(start + timedelta(hours=9))}))
    after = revisions(worker)
    assert all(after[url] != before[url] for url in ("/", path, "/announcements"))


def test_the_notice_for_the_door(world, desk):
    page = desk.page(announce(desk, outage_fields(world)) + "/sheet")
    assert "住院楼 / 七楼" in page.text


def test_each_version_is_told_once_however_often_it_is_written(any_app, any_world):
    """On both databases: who is concerned, once each, and the keys of their notices."""
    with any_app.app_context(), write_transaction():
        by, at = any_world.person("desk"), server_moment(datetime.now(UTC))
        site, floor = any_world.place("room").site, any_world.place("north-floor")
        draft = Draft(new_id(), AnnouncementKind.OUTAGE, site, utility=Utility.WATER, places=[floor])
        draft = replace(draft, starts_at=at.at, ends_at=at.at + timedelta(hours=2))
        made = announcements.announce(draft, by=by, at=at)
        announcements.remind(made, by=by, at=at)
        announcements.end(made, by=by, at=at)
        nurse = any_world.person("requester")
        titles = session.scalars(select(Notice.title).filter_by(person_id=nurse.id)).all()
        assert set(titles) == {OUTAGE_TITLES[act] for act in (Act.ANNOUNCE, Act.REMIND, Act.END)}
        assert len(titles) == 3
