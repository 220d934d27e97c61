"""Random hospitals: an open job never waits for nobody, nor for whom it must not, nor silently without a licence."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.desk import dispatch_rules
from crew_app.desk.models import TicketDispatch
from crew_app.people.models import Membership, Person, PersonTrade
from crew_app.people.rules import Right, Role, Trade
from crew_app.registers.credential_models import Bearer, Credential, CredentialKind, LicenceNeed
from crew_app.roster.models import DutyShift, Responsibility
from crew_app.tickets import actions, queries
from tests.support.shifts import HOUR

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
TRADES = [Trade.ELECTRICAL, Trade.PLUMBING]
SITES = ["north", "south"]
people = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from([Role.TECHNICIAN, Role.SUPERVISOR, Role.MANAGER, Role.GUARD, Role.REQUESTER]),
            "site": st.sampled_from(["north", "north", "south"]),
            "trades": st.sets(st.sampled_from(TRADES)),
            "active": st.sampled_from([True, True, True, False]),
            "licensed": st.booleans(),
            "shift": st.none() | st.tuples(st.integers(-9, 3), st.integers(1, 12)),
            "area": st.booleans(),
        }
    ),
    max_size=5,
)


def build(world, crew, needs):
    """A hospital with nobody but these."""
    for person in session.query(Person):
        person.active = False
    kind = CredentialKind(site_id=world.sites["north"], bearer=Bearer.PERSON, name="证", months=12, advance_days=60)
    session.add(kind)
    session.flush()
    for trade in needs:
        session.add(LicenceNeed(site_id=world.sites["north"], trade=trade, kind_id=kind.id))
    return [_hire(world, number, one, kind) for number, one in enumerate(crew)]


def _hire(world, number, told, kind):
    site = world.sites[told["site"]]
    person = Person(id=new_id(), login=f"p{number}", name=f"甲{number}", password_hash="-", created_at=NOW)
    person.active = told["active"]
    person.trades = [PersonTrade(trade=trade) for trade in told["trades"]]
    person.memberships = [Membership(site_id=site, role=told["role"])]
    session.add(person)
    session.flush()
    if told["licensed"]:
        paper = {"site_id": kind.site_id, "kind_id": kind.id, "issued_on": NOW.date(), "written_by_id": person.id}
        session.add(Credential(person_id=person.id, at=NOW, received_at=NOW, **paper))
    if told["shift"]:
        start = NOW + told["shift"][0] * HOUR
        end = start + told["shift"][1] * HOUR
        session.add(DutyShift(site_id=site, person_id=person.id, starts_at=start, ends_at=end, name=""))
    if told["area"] and told["site"] == "north":
        session.add(Responsibility(site_id=site, place_id=world.places["north-floor"], person_id=person.id))
    session.flush()
    return person


def _kind(code):
    found = queries.job_kind(code)
    assert found is not None
    return found


def check(ticket, crew, needs):
    """What must hold of every open job."""
    north, asked = ticket.site_id, ticket.assignee
    able = [one for one in crew if one.active and (one.can(Right.WORK, north) or one.can(Right.DISPATCH, north))]
    assert (asked is None) == (not able)
    if asked is None:
        return
    told = session.query(TicketDispatch).filter_by(ticket_id=ticket.id).order_by(TicketDispatch.position.desc())
    last = told.limit(1).one()
    assert asked in able
    assert asked.can(Right.DISPATCH if last.answering else Right.WORK, north)
    licensed = session.query(Credential).filter_by(person_id=asked.id).count() > 0
    if ticket.job_kind.trade in needs and not licensed and not last.answering:
        assert "no valid licence" in last.reasons, "nobody else was there, and it says so"
        assert not any(one.can(Right.DISPATCH, north) for one in able)


@settings(max_examples=30)
@given(people, st.sets(st.sampled_from(TRADES)), st.sampled_from(["lamp", "drain", "oxygen"]), st.integers(0, 3))
def test_never_ownerless_never_outside_rights_never_silently_without_licence(app, world, told, needs, kind, declines):
    with app.app_context():
        try:
            crew = build(world, told, needs)
            report = actions.Report(new_id(), world.place("room"), _kind(kind), description="坏了")
            ticket = actions.open_ticket(report, by=None, at=server_moment(NOW))
            check(ticket, crew, needs)
            for step in range(declines):
                if ticket.assignee is None or not ticket.assignee.can(Right.WORK, ticket.site_id):
                    break
                worker = ticket.assignee
                actions.accept(ticket, by=worker, at=server_moment(NOW + timedelta(minutes=step)))
                actions.release(ticket, "换人", by=worker, at=server_moment(NOW + timedelta(minutes=step)))
                check(ticket, crew, needs)
        finally:
            session.rollback()


def careless(one, _trade, **_more):
    """Weighs nothing."""
    return dispatch_rules.Score(one, 100, fits=one.knows, reasons=())


def test_sabotage_a_choice_that_looks_at_no_licence_is_found(app, world, monkeypatch):
    monkeypatch.setattr(dispatch_rules, "score", careless)
    told = {"role": Role.TECHNICIAN, "site": "north", "trades": {Trade.ELECTRICAL}, "active": True}
    told |= {"licensed": False, "shift": None, "area": False}
    with app.app_context():
        crew = build(world, [told], {Trade.ELECTRICAL})
        report = actions.Report(new_id(), world.place("room"), _kind("lamp"), description="坏了")
        ticket = actions.open_ticket(report, by=None, at=server_moment(NOW))
        try:
            check(ticket, crew, {Trade.ELECTRICAL})
        except AssertionError:
            return
        finally:
            session.rollback()
        raise AssertionError("the check let an unlicensed electrician through")
