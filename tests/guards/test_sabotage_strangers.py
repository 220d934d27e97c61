"""Each protection around people without an account is taken away once, to see that the tests would notice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import true

from crew_app.core.ids import new_id
from crew_app.surveys import queries as surveys
from crew_app.surveys.rules import BEST
from crew_app.tickets import floods, followers, queries
from crew_app.web import commands, strangers
from tests.support.client import accepted, path_of
from tests.support.counting import one
from tests.support.strangers import join, other_phone, puzzle, report, reported
from tests.support.tickets import make_ticket


def many(app, world, number=floods.REPORTS.free_at_tag):
    return [report(other_phone(app), world).status_code for _ in range(number)]


def test_without_limits_a_flood_comes_through(app, world, monkeypatch):
    monkeypatch.setattr(floods, "standing", lambda *_, **__: floods.Standing.FREE)
    assert set(many(app, world, floods.REPORTS.at_tag + 1)) == {303}


def test_without_a_look_at_the_proof_any_number_would_do(app, world, stranger, monkeypatch):
    monkeypatch.setattr(strangers, "solves", lambda *_: True)
    many(app, world)
    assert report(stranger, world, _effort=puzzle(stranger, world), _proof="1").status_code == 303


def test_without_remembering_one_puzzle_would_pay_for_many(app, world, stranger, monkeypatch):
    monkeypatch.setattr(floods, "_spent", lambda _: False)
    monkeypatch.setattr(strangers, "solves", lambda *_: True)
    effort = {"_effort": puzzle(stranger, world), "_proof": "1"}
    many(app, world)
    found = [report(stranger, world, **effort).status_code for _ in range(2)]
    assert found == [303, 409], "the database's own rule is the second wall"


def test_without_the_mark_the_secret_would_stand_among_the_receipts(app, world, stranger, monkeypatch):
    monkeypatch.setattr("crew_app.routes.reports.OWN_SECRET", "known-to-the-test")
    report(stranger, world)
    assert "known-to-the-test" in str(one(app, "SELECT location FROM receipts"))


def test_with_a_constant_secret_two_reports_would_share_a_link(world, stranger, monkeypatch):
    monkeypatch.setattr(commands, "own_secret", lambda: "constant")
    monkeypatch.setattr("crew_app.routes.reports.own_secret", lambda: "constant")
    assert [report(stranger, world).status_code for _ in range(2)] == [303, 409]


def test_without_knowing_who_spoke_the_reporters_words_would_be_shown_to_all(app, world, stranger, monkeypatch):
    link, ticket = reported(stranger, world)
    stranger.form(f"{link}/comments", {"note": "Bett drei, Frau Li"})
    own = path_of(join(other_phone(app), world, ticket))
    assert "Frau Li" not in stranger.page(own).text
    monkeypatch.setattr(followers, "_spoken_by", lambda _: true())
    assert "Frau Li" in stranger.page(own).text


def test_without_the_check_of_hands_one_would_accept_ones_own_work(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "had_a_hand_in", lambda *_: False)
    ticket = make_ticket(app, world, "finished", reporter="technician")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/confirmation"))


def test_without_its_end_a_job_could_be_reopened_for_ever(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(followers, "heard", lambda *_: True)
    ticket = make_ticket(app, world, "verified", at=datetime.now(UTC) - timedelta(days=60))
    accepted(sign_in("requester").send(f"/tickets/{ticket}/objection", {"note": "nach Jahren"}, key=new_id()))


@pytest.mark.parametrize("fewest", [1, 3])
def test_without_its_threshold_a_ward_of_one_would_be_seen(monkeypatch, fewest):
    monkeypatch.setattr(surveys, "FEWEST", fewest)
    result = surveys.WardResult(department=None, answers=1)  # type: ignore[arg-type]
    result.marks[new_id()].add(BEST)
    assert result.shown is (fewest == 1)
