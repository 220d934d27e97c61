"""Reports without an account: from a tag, followed by a secret link, and slowed down when they flood in."""

from datetime import timedelta

import pytest
import time_machine

from crew_app.core.ids import new_id
from crew_app.tickets.actions import ANONYMOUS_PER_HOUR
from tests.support.client import UNKNOWN_ID, path_of, some_id
from tests.support.counting import one, sql


def report(client, world, tag="room", key=None, **changes):
    fields = {"ticket_id": str(new_id()), "job_kind": "lamp", "description": "灯不亮", "reporter_name": "张护士"}
    return client.form(f"/t/{world.tags[tag]}/reports", fields | changes, key=key)


def test_a_stranger_reports_and_follows_by_a_secret_link(app, world, stranger):
    response = report(stranger, world)
    assert response.status_code == 303
    page = stranger.page(path_of(response))
    number = one(app, "SELECT number FROM tickets")
    assert str(number) in page.text
    assert sql(app, "SELECT reporter_id, reporter_name FROM tickets") == [(None, "张护士")]


def test_the_secret_is_in_no_table(app, world, stranger):
    secret = path_of(report(stranger, world)).removeprefix("/r/")
    assert len(secret) >= 32
    assert secret != one(app, "SELECT follow_hash FROM tickets")


def test_the_link_shows_how_it_stands_and_nothing_inside(app, world, stranger, sign_in):
    link = path_of(report(stranger, world))
    ticket = one(app, "SELECT id FROM tickets")
    technician = sign_in("technician")
    technician.send(f"/tickets/{ticket}/acceptance")
    technician.send(f"/tickets/{ticket}/notes", {"note": "内部备注"})
    page = stranger.page(link)
    assert "内部备注" not in page.html
    assert page.actions == [] or all(action.startswith("/language") for action in page.actions)


@pytest.mark.parametrize("secret", ["x", "0" * 32, UNKNOWN_ID, "%00"])
def test_a_link_that_was_never_given_leads_nowhere(stranger, secret):
    assert stranger.get(f"/r/{secret}").status_code == 404


def test_the_same_report_twice_is_one_report_and_one_link(app, world, stranger):
    key, ticket = new_id(), str(new_id())
    links = [path_of(report(stranger, world, key=key, ticket_id=ticket)) for _ in range(2)]
    assert links[0] == links[1]
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


def test_a_report_at_an_asset_names_the_asset(app, world, stranger):
    report(stranger, world, "pump")
    assert one(app, "SELECT asset_id IS NOT NULL FROM tickets")


@pytest.mark.parametrize("change", [{"job_kind": ""}, {"ticket_id": ""}, {"description": "x" * 2001}])
def test_what_is_missing_is_told_and_nothing_is_opened(app, world, stranger, change):
    response = report(stranger, world, **change)
    assert response.status_code == 422
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0


def test_a_long_name_is_cut_and_not_refused(app, world, stranger):
    report(stranger, world, reporter_name="名" * 200)
    assert one(app, "SELECT reporter_name FROM tickets") == "名" * 60


def test_a_flood_at_one_place_is_slowed_and_others_go_on(app, world, stranger):
    with time_machine.travel("2026-11-22T08:00:00Z", tick=False) as clock:
        for _ in range(ANONYMOUS_PER_HOUR):
            assert report(stranger, world).status_code == 303
        assert report(stranger, world).status_code == 429
        assert report(stranger, world, "store-room").status_code == 303
        clock.shift(timedelta(hours=1, seconds=1))
        assert report(stranger, world).status_code == 303


def test_signed_in_people_of_another_site_report_as_strangers(app, world, sign_in):
    response = report(sign_in("outsider"), world)
    assert path_of(response).startswith("/r/")
    assert one(app, "SELECT reporter_id FROM tickets") is None


def test_only_posting_reports(world, stranger):
    assert stranger.get(f"/t/{world.tags['room']}/reports").status_code == 405


def test_at_a_tag_that_does_not_exist_nothing_is_reported(stranger):
    assert stranger.form("/t/00000000000000/reports", {"ticket_id": some_id()}).status_code == 404
