"""Hearing back: the reporter accepts, objects, rates and writes, by link or account; the crew tells what it wants."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.people.models import Person
from crew_app.surveys.rules import Tally, months_back
from crew_app.tickets import actions, followers, hearing
from crew_app.tickets.followers import Voice
from crew_app.tickets.models import Ticket
from tests.support.client import UNKNOWN_ID, accepted, path_of, refused
from tests.support.counting import counts, one, sql
from tests.support.pictures import jpeg
from tests.support.strangers import join, other_phone, reported, shots
from tests.support.tickets import make_ticket, state_of

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def bring(app, world, ticket_id, *verbs, by="technician"):
    """Let the crew go on with a ticket."""
    with app.app_context(), write_transaction():
        ticket = session.get_one(Ticket, ticket_id)
        for verb in verbs:
            getattr(actions, verb)(
                ticket, by=world.person("supervisor" if verb == "verify" else by), at=server_moment()
            )


@pytest.fixture
def finished(app, world, stranger):
    """A stranger's report that the technician has finished: the link and the ticket's id."""
    link, ticket = reported(stranger, world)
    bring(app, world, UUID(ticket), "accept", "finish")
    return link, ticket


def verbs(app):
    return [row[0] for row in sql(app, "SELECT verb FROM ticket_events ORDER BY position")]


def test_a_link_tells_who_comes_and_until_when_without_the_notes_of_the_crew(app, world, stranger, sign_in):
    link, ticket = reported(stranger, world)
    technician = sign_in("technician")
    technician.send(f"/tickets/{ticket}/acceptance")
    technician.send(f"/tickets/{ticket}/notes", {"note": "主任脾气大"})
    technician.send(f"/tickets/{ticket}/notes", {"note": "下午三点到", "tell": "1"})
    page = stranger.page(link)
    assert "主任脾气大" not in page.html
    for words in ("下午三点到", "员工technician", "预计", str(one(app, "SELECT number FROM tickets"))):
        assert words in page.text
    assert "data-calm-refresh" in page.html


def test_accepting_is_independent_of_verifying_and_counts_once(app, world, stranger, finished, sign_in):
    link, ticket = finished
    for _ in range(2):
        assert path_of(stranger.form(f"{link}/confirmation")) == link
    assert (state_of(app, UUID(ticket)), verbs(app).count("confirm")) == ("finished", 1)
    assert sign_in("technician").send(f"/tickets/{ticket}/verification").status_code == 403
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/verification"))
    assert state_of(app, UUID(ticket)) == "verified"


def test_not_fixed_sends_finished_work_back_to_its_owner_with_words_and_photo(app, world, stranger, finished, sign_in):
    link, ticket = finished
    assert stranger.form(f"{link}/objection").status_code == 422
    assert stranger.form(f"{link}/objection", {"note": "还在闪", **shots(jpeg())}).status_code == 303
    assert sql(app, "SELECT state, sent_back_count, finished_at FROM tickets") == [("accepted", 1, None)]
    assert one(app, "SELECT COUNT(*) FROM ticket_photos") == 1
    assert one(app, "SELECT COUNT(*) FROM notices WHERE title LIKE '%not fixed%'") == 1
    page = sign_in("technician").page(f"/tickets/{ticket}")
    assert "还在闪" in page.text
    assert stranger.form(f"{link}/objection", {"note": "noch"}).status_code == 422, "not finished again yet"
    assert "还在闪" in stranger.page(link).text


def test_a_verified_job_is_reopened_within_a_week_and_not_later(app, world, stranger):
    with time_machine.travel(AT, tick=False) as clock:
        links = [reported(other_phone(app), world) for _ in range(2)]
        for _, ticket in links:
            bring(app, world, UUID(ticket), "accept", "finish", "verify")
        clock.shift(timedelta(days=6, hours=23))
        assert stranger.form(f"{links[0][0]}/objection", {"note": "又坏了"}).status_code == 303
        assert state_of(app, UUID(links[0][1])) == "accepted"
        due = one(app, "SELECT resolution_due_at FROM tickets WHERE state = 'accepted'")
        assert str(due) > f"{AT + timedelta(days=8):%Y-%m-%d}", "it has its time again"
        clock.shift(timedelta(hours=2))
        for path in ("objection", "confirmation", "ratings"):
            fields = {"note": "又坏了", "quality": "1", "service": "1"}
            assert stranger.form(f"{links[1][0]}/{path}", fields).status_code == 422
        assert state_of(app, UUID(links[1][1])) == "verified"


def test_when_its_owner_has_gone_the_job_is_open_for_dispatch(app, world, stranger, finished):
    link, _ = finished
    with app.app_context(), write_transaction():
        session.get_one(Person, world.people["technician"]).active = False
    stranger.form(f"{link}/objection", {"note": "还坏"})
    assert sql(app, "SELECT state, owner_id FROM tickets") == [("open", None)]
    assert verbs(app)[-3:] == ["not_fixed", "release", "assign"]
    assert one(app, "SELECT COUNT(*) FROM notices n JOIN people p ON p.id = n.person_id WHERE p.login = 'supervisor'")


def test_ratings_can_be_changed_only_the_last_counts_and_no_row_changes(app, world, stranger, finished):
    link, ticket = finished
    other = path_of(join(other_phone(app), world, ticket))
    assert stranger.form(f"{link}/ratings", {"quality": "2", "service": "6"}).status_code == 422
    for quality in ("2", "5"):
        assert stranger.form(f"{link}/ratings", {"quality": quality, "service": "4", "note": "快"}).status_code == 303
    stranger.form(f"{other}/ratings", {"quality": "3", "service": "3"})
    assert sql(app, "SELECT quality FROM ticket_ratings ORDER BY quality") == [(2,), (3,), (5,)]
    with app.app_context():
        site = session.get_one(Ticket, UUID(ticket)).site_id
        counted = followers.ratings(site, datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        assert sorted(rating.quality for rating, _ in counted) == [3, 5]
        for statement in (
            "UPDATE ticket_ratings SET quality = 5",
            "DELETE FROM ticket_ratings",
            "DELETE FROM ticket_voices",
        ):
            with pytest.raises(Exception, match="append-only"):
                session.execute(text(statement))
            session.rollback()
    assert "您的评价：5分和4分" in stranger.page(link).text
    assert "快" not in stranger.page(other).text


def test_whoever_did_the_work_does_not_judge_it(app, world, sign_in):
    """The technician reported it, too: neither accepting nor rating is theirs, and verifying never was."""
    ticket = make_ticket(app, world, "finished", reporter="technician")
    own = sign_in("technician")
    before = counts(app)
    refused(own.send(f"/tickets/{ticket}/confirmation"), 403, "own-work")
    refused(own.send(f"/tickets/{ticket}/ratings", {"quality": "5", "service": "5"}), 403, "own-work")
    assert counts(app) == before


def test_a_reporter_with_an_account_does_the_same_on_the_tickets_page(app, world, sign_in):
    ticket, nurse = make_ticket(app, world, "finished"), sign_in("requester")
    assert "修好了吗" in nurse.page("/").text
    page = nurse.page(f"/tickets/{ticket}")
    assert {f"/tickets/{ticket}/{path}" for path in ("confirmation", "objection", "ratings", "comments")} <= set(
        page.actions
    )
    accepted(nurse.send(f"/tickets/{ticket}/comments", {"note": "明早手术要用"}))
    accepted(nurse.send(f"/tickets/{ticket}/ratings", {"quality": "5", "service": "4"}))
    accepted(nurse.send(f"/tickets/{ticket}/confirmation"))
    assert "修好了吗" not in nurse.page("/").text
    accepted(nurse.send(f"/tickets/{ticket}/objection", {"note": "还漏"}))
    assert state_of(app, ticket) == "accepted"
    technician = sign_in("technician").page(f"/tickets/{ticket}").text
    assert "明早手术要用" in technician
    assert "5 / 5 · 4 / 5" in technician


def test_a_reporter_with_an_account_does_not_read_the_notes_of_the_crew(app, world, sign_in):
    ticket, crew = make_ticket(app, world, "accepted"), sign_in("technician")
    crew.send(f"/tickets/{ticket}/notes", {"note": "护士长不好说话"})
    crew.send(f"/tickets/{ticket}/notes", {"note": "明天来修", "tell": "1"})
    page = sign_in("requester").page(f"/tickets/{ticket}")
    assert "护士长不好说话" not in page.html
    assert "明天来修" in page.text
    assert sql(app, "SELECT topic FROM notices WHERE title LIKE '%news about your report'") == [("report",)]


def test_only_those_who_had_the_fault_speak_for_it(app, world, stranger, sign_in):
    link, ticket = reported(stranger, world)
    before = counts(app)
    for path in ("comments", "confirmation", "objection", "ratings"):
        fields = {"note": "x", "quality": "5", "service": "5"}
        assert sign_in("technician").send(f"/tickets/{ticket}/{path}", fields).status_code == 404
        assert sign_in("requester").send(f"/tickets/{ticket}/{path}", fields).status_code == 404
        assert stranger.form(f"{link[:-3]}abc/{path}", fields).status_code == 404
        assert stranger.get(f"{link}/{path}").status_code == 405
    assert counts(app) == before


def test_a_ward_nurse_joins_with_her_account_and_follows(app, world, sign_in):
    ticket, nurse = make_ticket(app, world, "open", reporter="technician"), sign_in("requester")
    page = nurse.page(f"/t/{world.tags['room']}")
    assert f"/tickets/{ticket}/followers" in page.actions
    assert nurse.get(f"/tickets/{ticket}").status_code == 404
    for _ in range(2):
        accepted(nurse.send(f"/tickets/{ticket}/followers"))
    assert verbs(app).count("join") == 1
    assert nurse.page(f"/tickets/{ticket}")
    assert f"/tickets/{ticket}" in nurse.page("/").html
    assert sign_in("outsider").send(f"/tickets/{ticket}/followers").status_code == 404
    assert sign_in("guard").send(f"/tickets/{UNKNOWN_ID}/followers").status_code == 404


def test_words_through_one_link_come_to_an_end(app, world, stranger):
    link, _ = reported(stranger, world)
    found = [stranger.form(f"{link}/comments", {"note": f"{n}"}).status_code for n in range(hearing.SAID_PER_HOUR + 1)]
    assert found == [303] * hearing.SAID_PER_HOUR + [429]


def test_on_both_databases_the_same(any_app, any_world):
    """Objecting, following, rating: constraints and triggers of each database."""
    ticket_id = make_ticket(any_app, any_world, "verified")
    with any_app.app_context(), write_transaction():
        ticket, nurse = session.get_one(Ticket, ticket_id), any_world.person("requester")
        hearing.rate(Voice(ticket, nurse), 4, 5, "", at=server_moment())
        hearing.not_fixed(Voice(ticket, nurse), "还坏", at=server_moment())
        follower = hearing.join(ticket, by=None, secret_hash="0" * 64, at=server_moment())
        hearing.comment(Voice(ticket, follower=follower), "我也是", at=server_moment())
        rating = followers.rating_of(Voice(ticket, nurse))
        assert rating
        assert rating.quality == 4
        assert [words for _, words in followers.story(Voice(ticket, follower=follower)) if words] == ["我也是"]
        assert followers.to_judge(nurse, server_moment().at) == []


@given(st.lists(st.integers(1, 5), min_size=1))
def test_averages_lie_between_the_marks_and_rates_between_nothing_and_all(marks):
    tally = Tally()
    for mark in marks:
        tally.add(mark)
    assert min(marks) <= (tally.mean or 0) <= max(marks)
    assert 0 <= (tally.rate or 0) <= 100
    assert tally.number == len(marks)


@given(st.dates(), st.integers(1, 40))
def test_months_follow_each_other(day, number):
    if day.year < 10:
        return
    months = months_back(day.replace(day=1), number)
    assert months[-1] == day.replace(day=1)
    assert len(set(months)) == number
    assert months == sorted(months)
