"""Dispatch in the transaction in which a job opens or comes back, and by the worker when somebody goes home."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.desk import dispatch
from crew_app.desk.models import TicketDispatch
from crew_app.people.rules import Trade
from crew_app.roster import actions, areas
from crew_app.roster.models import Duty
from crew_app.roster.rules import Rules
from crew_app.tickets import actions as tickets
from crew_app.tickets.events import AFTER_EVENT
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State
from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.shifts import asked, need_licence, put_on_duty
from tests.support.tickets import bring_to, make_ticket, report_fields


def pass_on(app, hours=0.0):
    with app.app_context():
        return dispatch.pass_on(datetime.now(UTC) + timedelta(hours=hours))


def test_a_job_goes_to_whoever_knows_it_and_has_least_to_do(any_app, any_world):
    assert asked(any_app, make_ticket(any_app, any_world)) == "technician"
    assert asked(any_app, make_ticket(any_app, any_world)) == "second"
    assert asked(any_app, make_ticket(any_app, any_world, job_kind="drain")) == "second"


def test_it_stays_open_and_nobodys_and_the_story_says_why(app, world, sign_in):
    fields = report_fields(world)
    accepted(sign_in("requester").send("/tickets", fields), 201)
    assert sql(app, "SELECT state, owner_id FROM tickets") == [("open", None)]
    assert sql(app, "SELECT verb, person_id FROM ticket_events ORDER BY position")[1] == ("assign", None)
    page = sign_in("technician", language="en").page(f"/tickets/{fields['ticket_id']}")
    assert "Electrical · jobs in hand: 0" in page.text
    assert sql(app, "SELECT topic, href FROM notices") == [("job", f"/tickets/{fields['ticket_id']}")]


def test_the_roster_decides_who_is_there(app, world):
    put_on_duty(app, world, "technician", start=-9, end=-1)
    put_on_duty(app, world, "second", duty=Duty.ON_CALL)
    assert asked(app, make_ticket(app, world, at=datetime.now(UTC))) == "second"


def test_who_answers_for_the_floor_comes_before_a_colleague_and_a_trade_may_be_named(app, world):
    with app.app_context(), write_transaction():
        areas.make_responsible(new_id(), world.place("north-building"), world.person("second"), None)
    assert asked(app, make_ticket(app, world)) == "second"
    with app.app_context(), write_transaction():
        areas.make_responsible(new_id(), world.place("north-floor"), world.person("technician"), Trade.ELECTRICAL)
    assert asked(app, make_ticket(app, world)) == "technician"


def test_without_the_licence_nobody_is_chosen_silently(app, world):
    need_licence(app, world)
    ticket = make_ticket(app, world)
    assert asked(app, ticket) in ("supervisor", "foreman")
    assert one(app, "SELECT answering FROM ticket_dispatches") == 1


def test_where_nobody_fits_the_supervisor_on_duty_answers(app, world):
    put_on_duty(app, world, "foreman")
    assert asked(app, make_ticket(app, world, job_kind="oxygen")) == "foreman"


def test_it_can_be_switched_off_then_a_supervisor_answers(app, world):
    with app.app_context(), write_transaction():
        actions.set_rules(world.sites["north"], Rules(dispatching=False))
    assert asked(app, make_ticket(app, world)) in ("supervisor", "foreman")


def test_what_was_fixed_on_the_spot_is_not_dispatched(app, world, sign_in):
    accepted(sign_in("technician").send("/tickets", report_fields(world, fixed="1", note="紧固")), 201)
    assert sql(app, "SELECT * FROM ticket_dispatches") == []


def test_given_back_it_goes_to_somebody_else_and_never_to_the_same_again(app, world):
    with app.app_context(), write_transaction():
        ticket = bring_to(world, State.ACCEPTED).id
    for login, following in (("technician", "second"), ("second", {"supervisor", "foreman"})):
        with app.app_context(), write_transaction():
            job = session.get_one(Ticket, ticket)
            if job.owner_id is None:
                tickets.accept(job, by=world.person(login), at=server_moment())
            tickets.release(job, "换班", by=world.person(login), at=server_moment())
        assert asked(app, ticket) in following


def test_whoever_goes_home_without_accepting_passes_it_on(any_app, any_world):
    app, world = any_app, any_world
    put_on_duty(app, world, "technician", end=1)
    put_on_duty(app, world, "second", start=1, end=9)
    ticket = make_ticket(app, world, at=datetime.now(UTC))
    assert asked(app, ticket) == "technician"
    assert (pass_on(app), asked(app, ticket)) == (0, "technician")
    assert (pass_on(app, 1.05), asked(app, ticket)) == (1, "second")
    assert (pass_on(app, 1.06), asked(app, ticket)) == (0, "second")


def test_whoever_comes_on_duty_gets_what_nobody_fitted_before(app, world):
    put_on_duty(app, world, "technician", start=1, end=9)
    put_on_duty(app, world, "supervisor", start=-1, end=9)
    ticket = make_ticket(app, world, at=datetime.now(UTC))
    assert asked(app, ticket) == "supervisor"
    assert (pass_on(app, 1.01), asked(app, ticket)) == (1, "technician")


def test_what_waits_with_somebody_who_left_goes_on(app, world, sign_in):
    ticket = make_ticket(app, world)
    accepted(sign_in("administrator").send(f"/people/{world.people['technician']}/suspension"))
    assert (pass_on(app), asked(app, ticket)) == (1, "second")


def test_accepting_ends_it(app, world, sign_in):
    ticket = make_ticket(app, world)
    accepted(sign_in("second").send(f"/tickets/{ticket}/acceptance"))
    assert sql(app, "SELECT assignee_id, assigned_at FROM tickets") == [(None, None)]


def test_today_shows_what_is_for_me_first(app, world, sign_in):
    ticket = make_ticket(app, world)
    mine, other = sign_in("technician").page("/"), sign_in("second").page("/")
    assert [link.get("href") for link in mine.all("a") if f"/tickets/{ticket}" in link.get("href", "")]
    assert mine.all("section", **{"aria-labelledby": "for-me-head"})
    assert not other.all("section", **{"aria-labelledby": "for-me-head"})
    assert other.all("section", **{"aria-labelledby": "waiting-head"})


def test_the_reasons_are_kept_as_keys_for_both_languages(app, world):
    make_ticket(app, world)
    with app.app_context():
        kept = json.loads(session.scalars(select(TicketDispatch.reasons)).one())
    assert kept == [["Electrical", {}], ["jobs in hand: %(count)s", {"count": "0"}]]


@pytest.mark.parametrize("following", [True, False])
def test_sabotage_without_the_follow_up_a_job_waits_for_nobody(app, world, monkeypatch, following):
    if not following:
        monkeypatch.setattr(
            "crew_app.tickets.events.AFTER_EVENT", [one for one in AFTER_EVENT if "dispatch" not in one.__module__]
        )
    assert (asked(app, make_ticket(app, world)) is not None) is following
