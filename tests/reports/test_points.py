"""Points of a month: which work counts for whom, settled months, objections."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crew_app.core.changes import Change
from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.desk import hands
from crew_app.notifications.models import Notice
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from crew_app.reports import point_actions, point_rows
from crew_app.reports.point_actions import decide, object_to, set_formula, set_job_points, settle, withdraw
from crew_app.reports.point_people import by_person, by_team, stand
from crew_app.reports.point_rows import month_of
from crew_app.reports.point_rules import Formula, Why
from crew_app.tickets import actions, hearing
from crew_app.tickets.follower_models import TicketRating
from crew_app.tickets.followers import Voice
from crew_app.tickets.rules import State
from tests.support.money import APRIL, MARCH, at, on, site_of
from tests.support.tickets import bring_to

MAY = APRIL.replace(month=5)


@pytest.fixture
def here(app, world):
    """The world within an application context whose changes are rolled back."""
    with app.app_context():
        yield world
        session.rollback()


def verified(world, month=MARCH, day=10, **options):
    return bring_to(world, State.VERIFIED, at=on(month, day), **options)


def points(world, login, month=MARCH, site="north"):
    """What somebody has in a month."""
    rows = month_of(site_of(world, site), month).rows
    return stand([row for row in rows if row.person_id == world.people[login]]).points


def rate(ticket, quality, service):
    session.add(
        TicketRating(
            site_id=ticket.site_id,
            ticket_id=ticket.id,
            voice=ticket.id,
            number=1,
            quality=quality,
            service=service,
            made_at=ticket.closed_at,
        )
    )
    session.flush()


def test_only_verified_work_counts(here):
    for state in (State.OPEN, State.ACCEPTED, State.ON_HOLD, State.FINISHED, State.CANCELLED):
        bring_to(here, state, at=on(MARCH))
    assert points(here, "technician") == 0
    verified(here)
    assert points(here, "technician") == 10


def test_work_done_on_the_spot_counts_as_any(here):
    worker = here.person("technician")
    kind = verified(here, day=2).job_kind
    report = actions.Report(here.sites["south"], here.place("store-room"), kind)
    ticket = actions.fix_on_the_spot(report, "拧紧了", by=worker, at=at(MARCH))
    actions.verify(ticket, by=here.person("supervisor"), at=at(MARCH, 11))
    assert points(here, "technician") == 20


def test_a_month_begins_and_ends_at_midnight_of_the_site(here):
    """Midnight in Shanghai is four in the afternoon of the day before in UTC."""
    for minutes in (-4, -3):  # verified three minutes after it was opened
        bring_to(here, State.VERIFIED, at=datetime(2026, 3, 31, 16, tzinfo=UTC) + timedelta(minutes=minutes))
    assert [points(here, "technician", month) for month in (MARCH, APRIL)] == [10, 10]


def test_the_other_site_is_not_counted(here):
    verified(here)
    assert month_of(site_of(here, "south"), MARCH).rows == []


def test_late_work_a_rating_and_a_fault_that_came_back(here):
    ticket = verified(here)
    ticket.resolution_due_at = ticket.finished_at - timedelta(seconds=1)
    assert points(here, "technician") == 8
    rate(ticket, 5, 4)
    assert points(here, "technician") == Decimal("9.5")
    verified(here, day=20, owner="second")
    assert points(here, "technician") == Decimal("4.5")
    assert points(here, "second") == 10


def test_a_second_pair_of_hands_gets_its_share(here):
    ticket = bring_to(here, State.ACCEPTED, at=on(MARCH))
    hands.help_with(ticket, by=here.person("second"), at=at(MARCH, 11))
    actions.finish(ticket, "好了", by=here.person("technician"), at=at(MARCH, 11, 11))
    actions.verify(ticket, by=here.person("supervisor"), at=at(MARCH, 11, 12))
    assert (points(here, "technician"), points(here, "second")) == (10, 5)


def test_people_and_teams_add_up_to_the_whole(here):
    for day, kind, owner in ((2, "lamp", "technician"), (3, "drain", "second"), (4, "paint", "second")):
        verified(here, day=day, job_kind=kind, owner=owner)
    set_job_points(site_of(here), {verified(here, day=9).job_kind_id: 7}, by=here.person("manager"), at=at(MARCH, 20))
    found = month_of(site_of(here), MARCH)
    assert found.total == sum(one.stand.points for one in by_person(found.rows))
    assert found.total == sum(one.stand.points for one in by_team(found.rows))
    assert {one.trade.value for one in by_team(found.rows)} == {"electrical", "plumbing", "carpentry"}


def test_changes_of_the_formula_are_kept_with_both_values(here):
    boss = here.person("manager")
    set_formula(site_of(here), Formula(late_percent=25), by=boss, at=at(MARCH))
    set_formula(site_of(here), Formula(late_percent=40), by=boss, at=at(MARCH, 11))
    query = select(Change.before, Change.after).where(Change.kind == "point_rules", Change.field == "late_percent")
    assert session.execute(query.order_by(Change.id)).all() == [("20", "25"), ("25", "40")]
    with pytest.raises(Refused):
        set_formula(site_of(here), Formula(late_percent=201), by=boss, at=at(MARCH))
    with pytest.raises(Forbidden):
        set_formula(site_of(here), Formula(), by=here.person("supervisor"), at=at(MARCH))


def a_settled_month_stands(world):
    """Settle March; then the formula changes, a rating comes, and the fault comes back."""
    ticket, boss = verified(world), world.person("manager")
    settle(site_of(world), MARCH, by=boss, at=at(APRIL, 2))
    set_formula(site_of(world), Formula(basic=99), by=boss, at=at(APRIL, 3))
    rate(ticket, 1, 1)
    verified(world, APRIL, 3, owner="second")
    assert points(world, "technician") == 10
    assert month_of(site_of(world), MARCH).formula == Formula()


def test_a_settled_month_stands(here):
    a_settled_month_stands(here)


def test_without_its_rows_written_down_it_would_not(here, monkeypatch):
    monkeypatch.setattr(point_rows, "settled_month", lambda *_: None)
    with pytest.raises(AssertionError):
        a_settled_month_stands(here)


def test_a_settled_job_that_is_verified_once_more_counts_no_second_time(here):
    ticket = verified(here, day=30)
    settle(site_of(here), MARCH, by=here.person("manager"), at=at(APRIL, 2))
    session.expire(ticket)
    voice = Voice(ticket, here.person("requester"), None)
    hearing.not_fixed(voice, "又灭了", at=at(APRIL, 2))
    actions.finish(ticket, "好了", by=here.person("technician"), at=at(APRIL, 3))
    actions.verify(ticket, by=here.person("supervisor"), at=at(APRIL, 3, 11))
    assert [points(here, "technician", month) for month in (MARCH, APRIL)] == [10, 0]


def test_only_a_month_that_is_over_is_settled_and_only_once(here):
    boss = here.person("manager")
    with pytest.raises(Refused) as running:
        settle(site_of(here), MARCH, by=boss, at=at(MARCH, 31))
    settle(site_of(here), MARCH, by=boss, at=at(APRIL, 1))
    with pytest.raises(Refused) as again:
        settle(site_of(here), MARCH, by=boss, at=at(APRIL, 1))
    assert [error.value.code for error in (running, again)] == ["month-running", "month-settled"]


def test_an_objection_is_granted_and_counts(here):
    ticket, worker, boss = verified(here), here.person("technician"), here.person("manager")
    objection = object_to(site_of(here), ticket.id, "等了三天配件", by=worker, at=at(MARCH, 12))
    with pytest.raises(Refused) as waiting:
        settle(site_of(here), MARCH, by=boss, at=at(APRIL, 2))
    assert waiting.value.code == "objections-open"
    decide(objection, 15, "属实", by=boss, at=at(APRIL, 2))
    assert points(here, "technician") == 15
    told = {notice.person_id for notice in session.scalars(select(Notice).where(Notice.key.startswith("objection")))}
    assert told == {boss.id, worker.id}
    with pytest.raises(Refused):
        decide(objection, None, "不", by=boss, at=at(APRIL, 2))


def test_granted_after_the_month_was_settled_it_counts_in_the_month_of_the_decision(here):
    ticket, boss = verified(here), here.person("manager")
    settle(site_of(here), MARCH, by=boss, at=at(APRIL, 2))
    objection = object_to(site_of(here), ticket.id, "等了三天配件", by=here.person("technician"), at=at(APRIL, 5))
    decide(objection, 16, "属实", by=boss, at=at(APRIL, 6))
    assert [points(here, "technician", month) for month in (MARCH, APRIL, MAY)] == [10, 6, 0]
    (row,) = month_of(site_of(here), APRIL).rows
    assert (row.month, row.parts[0].why) == (MARCH, Why.GRANTED)


def nobody_decides_on_their_own(world):
    """Somebody who works and settles points objects, and decides."""
    worker = world.person("technician")
    session.add(Membership(person_id=worker.id, site_id=world.sites["north"], role=Role.MANAGER))
    session.flush()
    session.expire(worker)
    objection = object_to(site_of(world), verified(world).id, "太少", by=worker, at=at(MARCH, 12))
    with pytest.raises(Forbidden):
        decide(objection, 1000, "同意", by=worker, at=at(MARCH, 12))
    assert points(world, "technician") == 10


def test_nobody_decides_on_their_own_objection(here):
    nobody_decides_on_their_own(here)


def test_without_that_rule_they_would(here, monkeypatch):
    monkeypatch.setattr(point_actions, "refuse_own", lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        nobody_decides_on_their_own(here)


def test_one_objects_only_to_rows_of_ones_own_and_once(here):
    ticket, worker = verified(here), here.person("technician")
    for who in ("second", "southerner"):
        with pytest.raises(Unseen):
            object_to(site_of(here), ticket.id, "太少", by=here.person(who), at=at(MARCH, 12))
    objection = object_to(site_of(here), ticket.id, "太少", by=worker, at=at(MARCH, 12))
    with pytest.raises(Refused):
        object_to(site_of(here), ticket.id, "太少", by=worker, at=at(MARCH, 13))
    with pytest.raises(Unseen):
        withdraw(objection, by=here.person("manager"))
    withdraw(objection, by=worker)
    assert object_to(site_of(here), ticket.id, "还是太少", by=worker, at=at(MARCH, 14)).id == objection.id


def test_on_both_databases(any_app, any_world):
    with any_app.app_context():
        ticket = verified(any_world)
        rate(ticket, 5, 5)
        verified(any_world, day=20, owner="second")
        assert points(any_world, "technician") == 7
        settle(site_of(any_world), MARCH, by=any_world.person("manager"), at=server_moment(on(APRIL, 2)))
        assert points(any_world, "technician") == 7
        object_to(site_of(any_world), ticket.id, "太少", by=any_world.person("technician"), at=at(APRIL, 3))
        session.rollback()
