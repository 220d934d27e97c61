"""Hazards: found on a round, graded, put right, looked at again, counted."""

from datetime import UTC, datetime, timedelta

import pytest

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.rounds.hazard_models import ReCheck
from crew_app.tickets.models import Ticket
from tests.support.client import accepted, refused, unseen
from tests.support.rounds import make_run
from tests.support.tickets import make_ticket


@pytest.fixture
def ticket(app, world, sign_in):
    """A pump out of its limits, found by the technician on a round."""
    ids = make_run(app, world)
    fields = {
        "visit_id": str(new_id()),
        "c-pressure": "0.2",
        "sure-pressure": "1",
        "t-pressure": "1",
        "n-pressure": "漏",
    }
    accepted(sign_in("technician").send(f"/rounds/stops/{ids['pump']}/visits", fields), 201)
    with app.app_context():
        return session.query(Ticket.id).scalar()


def page(ticket):
    return f"/rounds/hazards/{ticket}"


def fix(sign_in, ticket, login="second"):
    worker = sign_in(login)
    accepted(worker.send(f"/tickets/{ticket}/acceptance"))
    accepted(worker.send(f"/tickets/{ticket}/completion", {"note": "换了止回阀"}))


def check(passed, note=""):
    return {"check_id": str(new_id()), "passed": passed, "note": note}


def state(app, ticket):
    with app.app_context():
        return session.get_one(Ticket, ticket).state.value


def test_it_is_graded_given_to_somebody_and_has_a_deadline(app, world, ticket, sign_in):
    boss, day = sign_in("supervisor"), (datetime.now(UTC) + timedelta(days=3)).date()
    fields = {"grade": "major", "responsible_id": str(world.people["technician"]), "due_on": day.isoformat()}
    assert "还没定级" in boss.page("/rounds/hazards").text
    accepted(boss.send(f"{page(ticket)}/assessment", fields))
    assert "重大隐患" in boss.page("/rounds/hazards").text
    assert day.isoformat() in boss.page(page(ticket)).text
    assert "水泵巡查" in boss.page(page(ticket)).text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"grade": "terrible"}, "grade"),
        ({"grade": "major", "due_on": "2020-01-01"}, "day"),
        ({"grade": "major", "due_on": "soon"}, "day"),
    ],
)
def test_what_cannot_be_decided(ticket, sign_in, fields, code):
    refused(sign_in("supervisor").send(f"{page(ticket)}/assessment", fields), 422, code)


def test_nobody_of_another_site_answers_for_it(world, ticket, sign_in):
    fields = {"grade": "general", "responsible_id": str(world.people["southerner"])}
    refused(sign_in("supervisor").send(f"{page(ticket)}/assessment", fields), 422, "person")
    unseen(sign_in("outsider").get(page(ticket)))
    refused(sign_in("technician").send(f"{page(ticket)}/assessment", {"grade": "general"}), 403, "may-not")


def test_passed_it_is_verified(app, ticket, sign_in):
    fix(sign_in, ticket)
    accepted(sign_in("supervisor").send(f"{page(ticket)}/re-checks", check("yes")), 201)
    assert state(app, ticket) == "verified"


def test_not_passed_it_goes_back_and_is_checked_once_more(app, ticket, sign_in):
    fix(sign_in, ticket)
    boss = sign_in("supervisor")
    refused(boss.send(f"{page(ticket)}/re-checks", check("no")), 422, "words-missing")
    accepted(boss.send(f"{page(ticket)}/re-checks", check("no", "仍低于0.4")), 201)
    assert state(app, ticket) == "accepted"
    accepted(sign_in("second").send(f"/tickets/{ticket}/completion", {"note": "再调"}))
    accepted(boss.send(f"{page(ticket)}/re-checks", check("yes")), 201)
    assert state(app, ticket) == "verified"
    with app.app_context():
        assert [one.passed for one in session.query(ReCheck).order_by(ReCheck.id)] == [False, True]


def test_not_by_who_did_it_nor_before_it_is_done(ticket, sign_in):
    boss = sign_in("foreman")
    refused(boss.send(f"{page(ticket)}/re-checks", check("yes")), 422, "wrong-state")
    fix(sign_in, ticket, "foreman")
    refused(boss.send(f"{page(ticket)}/re-checks", check("yes")), 403, "own-work")


def test_the_rate_counts_what_was_found_and_what_was_put_right(app, world, ticket, sign_in):
    boss = sign_in("supervisor")
    assert "0 %" in boss.page("/rounds/hazards").text
    fix(sign_in, ticket)
    assert "100 %" in boss.page("/rounds/hazards").text


def test_only_hazards_have_such_a_page(app, world, sign_in):
    unseen(sign_in("supervisor").get(page(make_ticket(app, world, "open"))))
