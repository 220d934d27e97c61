"""Reports without an account: from a tag, followed by a secret link, and slowed down when they flood in."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from crew_app.core.ids import new_id
from crew_app.tickets.floods import JOINS, REPORTS
from tests.support.client import UNKNOWN_ID, path_of, some_id
from tests.support.counting import counts, one, sql
from tests.support.pictures import jpeg
from tests.support.strangers import join, other_phone, puzzle, report, reported, shots, solved
from tests.support.tickets import make_ticket, make_tickets


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
    assert not [row for row in sql(app, "SELECT location FROM receipts") if secret in str(row)]


def test_the_link_shows_how_it_stands_and_nothing_inside(app, world, stranger, sign_in):
    link = path_of(report(stranger, world))
    ticket = one(app, "SELECT id FROM tickets")
    technician = sign_in("technician")
    technician.send(f"/tickets/{ticket}/acceptance")
    technician.send(f"/tickets/{ticket}/notes", {"note": "内部备注"})
    page = stranger.page(link)
    assert "内部备注" not in page.html
    assert all(action.startswith(("/language", link)) for action in page.actions)


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


AT = "2026-11-22T08:00:00Z"


def test_a_flood_at_one_tag_costs_an_effort_then_stops_and_others_go_on(app, world, stranger):
    """Each from a phone of its own: free at first, then for a solved puzzle, then not at all until an hour is over."""
    with time_machine.travel(AT, tick=False) as clock:
        for _ in range(REPORTS.free_at_tag):
            assert report(other_phone(app), world).status_code == 303
        refusal = report(other_phone(app), world)
        assert (refusal.status_code, refusal.headers["Crew-Refusal"]) == (429, "effort-needed")
        effort = solved(puzzle(stranger, world))
        assert report(stranger, world, **effort).status_code == 303
        assert report(other_phone(app), world, **effort).status_code == 429, "a puzzle pays once"
        assert report(other_phone(app), world, **effort | {"_proof": "1"}).status_code == 429, "a guess pays nothing"
        for _ in range(REPORTS.at_tag - REPORTS.free_at_tag - 1):
            assert report(other_phone(app), world, **solved(puzzle(other_phone(app), world))).status_code == 303
        assert report(stranger, world, **solved(puzzle(stranger, world))).status_code == 429
        assert report(other_phone(app), world, "store-room").status_code == 303
        clock.shift(timedelta(hours=1, seconds=1))
        assert report(other_phone(app), world).status_code == 303


def test_without_scripts_waiting_is_effort_enough_and_nothing_typed_is_lost(app, world, stranger):
    with time_machine.travel(AT, tick=False) as clock:
        waiting = {"_effort": puzzle(stranger, world)}
        for _ in range(REPORTS.free_at_tag):
            report(other_phone(app), world)
        early = report(stranger, world, description="三床<b>灯</b>", **waiting)
        assert early.status_code == 429
        page = early.get_data(as_text=True)
        assert "三床&lt;b&gt;灯" in page
        assert waiting["_effort"] in page, "its age must go on counting"
        clock.shift(timedelta(seconds=21))
        assert report(stranger, world, **waiting).status_code == 303
        assert report(stranger, world, "pump", **waiting).status_code == 303, "elsewhere nothing is asked for"


def test_one_phone_alone_is_slowed_wherever_it_reports(app, world, stranger):
    stranger.page(f"/t/{world.tags['room']}")
    tags = ["room", "store-room", "pump", "room"]
    assert [report(stranger, world, tag).status_code for tag in tags] == [303, 303, 303, 429]
    assert report(other_phone(app), world).status_code == 303


def test_a_puzzle_is_good_for_its_tag_only(app, world, stranger):
    with time_machine.travel(AT, tick=False):
        effort = solved(puzzle(stranger, world, "store-room"))
        for _ in range(REPORTS.free_at_tag):
            report(other_phone(app), world)
        assert report(stranger, world, **effort).status_code == 429


def test_joining_is_limited_too_and_separately(app, world, stranger):
    with time_machine.travel(AT, tick=False):
        _, ticket = reported(stranger, world)
        found = [join(other_phone(app), world, ticket).status_code for _ in range(JOINS.free_at_tag + 1)]
        assert found == [303] * JOINS.free_at_tag + [429]
        assert report(other_phone(app), world).status_code == 303


def test_me_too_counts_and_gives_a_link_of_its_own(app, world, stranger, sign_in):
    link, ticket = reported(stranger, world, description="张三床头灯")
    assert (
        f"/t/{world.tags['room']}/reports/{ticket}/followers"
        in other_phone(app).page(f"/t/{world.tags['room']}").actions
    )
    own = path_of(join(other_phone(app), world, ticket))
    assert own != link
    assert own.startswith("/r/")
    page = stranger.page(own)
    assert "张三床头灯" not in page.text, "what the reporter wrote is not for others"
    assert "张三床头灯" in stranger.page(link).text
    assert one(app, "SELECT COUNT(*) FROM ticket_events WHERE verb = 'join'") == 1
    assert "另有1人" in sign_in("technician").page(f"/tickets/{ticket}").text
    assert "张护士" not in other_phone(app).page(f"/t/{world.tags['room']}").text


@pytest.mark.parametrize("state", ["verified", "cancelled"])
def test_what_is_closed_or_elsewhere_cannot_be_joined(app, world, stranger, state):
    assert join(stranger, world, make_ticket(app, world, state)).status_code == 404
    assert join(stranger, world, make_ticket(app, world, place="store-room")).status_code == 404
    assert join(stranger, world, UNKNOWN_ID).status_code == 404


def test_photos_come_along_in_a_plain_form_five_at_most(app, world, stranger):
    photos = shots(*(jpeg(40 + number) for number in range(5)))
    reported(stranger, world, **photos)
    assert sql(app, "SELECT COUNT(*), COUNT(stored_at) FROM photos p JOIN ticket_photos t ON t.photo_id = p.id") == [
        (5, 5)
    ]
    before = counts(app)
    assert report(stranger, world, **shots(*(jpeg(40 + number) for number in range(6)))).status_code == 422
    assert counts(app) == before


@pytest.mark.parametrize(
    "bad",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a/*\x01\x00\x01\x00*/=alert(1)",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7 alert(1)",
    ],
)
def test_a_file_that_is_no_photo_is_refused_and_the_words_are_kept(app, world, stranger, bad):
    before = counts(app)
    response = report(stranger, world, description="七楼漏水", **shots(bad))
    assert response.status_code == 422
    assert "七楼漏水" in response.get_data(as_text=True)
    assert counts(app) == before


def test_a_photo_that_is_also_a_script_is_served_as_a_photo_only(app, world, stranger, sign_in):
    reported(stranger, world, **shots(jpeg() + b"<script>alert(1)</script>"))
    photo = UUID(str(one(app, "SELECT photo_id FROM ticket_photos")))
    for size in ("large", "thumb"):
        answer = sign_in("technician").get(f"/photos/{photo}/{size}")
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert b"<script>" not in answer.get_data()
    assert stranger.get(f"/photos/{photo}/thumb").status_code in (302, 404)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e"


def test_hostile_words_are_shown_as_words(app, world, stranger, sign_in):
    link, ticket = reported(stranger, world, description=HOSTILE, reporter_name=HOSTILE[:60])
    stranger.form(f"{link}/comments", {"note": HOSTILE})
    for page in (
        stranger.page(link),
        sign_in("technician").page(f"/tickets/{ticket}"),
        sign_in("supervisor").page("/"),
    ):
        assert "<script>alert" not in page.html
        assert "<img src=x" not in page.html


def test_the_number_to_call_back_is_for_the_crew_alone(app, world, stranger, sign_in):
    link, ticket = reported(stranger, world, reporter_phone="１３８ 0000 1111")
    assert one(app, "SELECT reporter_phone FROM tickets") == "138 0000 1111"
    assert "138 0000 1111" in sign_in("technician").page(f"/tickets/{ticket}").text
    for page in (link, f"/t/{world.tags['room']}", path_of(join(other_phone(app), world, ticket))):
        assert "0000 1111" not in other_phone(app).page(page).html
    assert report(stranger, world, reporter_phone="ruf mich an").status_code == 422


def test_secret_pages_stay_out_of_search_engines_caches_and_referrers(world, stranger):
    link, _ = reported(stranger, world)
    headers = stranger.get(link).headers
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_what_is_frequent_here_comes_first(app, world, stranger):
    make_tickets(app, world, ["open"] * 3, job_kind="paint")
    page = stranger.page(f"/t/{world.tags['room']}")
    kinds = [tile.get("value") for tile in page.all("input", name="job_kind")]
    assert kinds[0] == "paint"
    assert len(kinds) == one(app, "SELECT COUNT(*) FROM job_kinds")


def test_signed_in_people_of_another_site_report_as_strangers(app, world, sign_in):
    response = report(sign_in("outsider"), world)
    assert path_of(response).startswith("/r/")
    assert one(app, "SELECT reporter_id FROM tickets") is None


def test_only_posting_reports(world, stranger):
    assert stranger.get(f"/t/{world.tags['room']}/reports").status_code == 405


def test_at_a_tag_that_does_not_exist_nothing_is_reported(stranger):
    assert stranger.form("/t/00000000000000/reports", {"ticket_id": some_id()}).status_code == 404
