"""The demo hospital in a database: complete, consistent, and usable at once."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from crew_app.core.codes import normalise
from crew_app.core.db import session
from crew_app.demo.people import PASSWORD
from crew_app.demo.records import ZONE
from crew_app.evidence.models import Photo
from crew_app.fixed_assets import queries as assets
from crew_app.fixed_assets import results
from crew_app.fixed_assets.models import AssetCard
from crew_app.notifications.models import Notice
from crew_app.people.models import Person
from crew_app.people.passwords import matches
from crew_app.places.models import Asset, Place, Tag
from crew_app.reports.cost_models import WorksQuote
from crew_app.rounds import meter_use, series
from crew_app.rounds import queries as rounds
from crew_app.rounds.contractor_models import Contractor, ContractorEntry, ContractorFinding
from crew_app.rounds.models import Finding
from crew_app.stock import checks
from crew_app.stock.models import OWNED, Account, AccountKind, Balance, Discrepancy, Item, Move
from crew_app.stock.queries import held
from crew_app.storeroom import loans, old_parts, requests
from crew_app.storeroom.counts import queries as counts
from crew_app.storeroom.counts.models import CountState
from crew_app.tickets import queries, review_queries
from crew_app.tickets.models import Ticket, TicketEvent, TicketNumber
from crew_app.tickets.rules import LIVE, Kind, Priority, State, deadlines
from tests.support.demo import TODAY

pytestmark = pytest.mark.xdist_group("demo")

NOW = datetime(2026, 11, 24, 15, 20, tzinfo=ZONE)


@pytest.fixture(scope="module")
def hospital(demo_hospital):
    """An application on a freshly loaded demo hospital."""
    return demo_hospital


@pytest.fixture(autouse=True)
def _context(hospital):
    with hospital.app_context():
        yield
        session.rollback()


@pytest.fixture
def wang():
    return session.scalars(select(Person).filter_by(login="wang")).one()


def count(model):
    return session.scalar(select(func.count()).select_from(model))


def test_everything_is_there():
    numbers = {model: count(model) for model in (Person, Asset, Item, Ticket, Finding)}
    assert numbers == {Person: 52, Asset: 1504, Item: 167, Ticket: 8648, Finding: 441}
    assert count(TicketEvent) > 35_000
    assert count(Move) > 12_000


def test_fixed_assets_have_cards_and_a_count_goes_on():
    keeper = session.scalars(select(Person).filter_by(login="zhao")).one()
    (count_,) = results.open_counts(keeper)
    found = results.results(count_)
    assert len(found.expected) == 10
    assert len(found.found) + len(found.elsewhere) + len(found.missing) == 10
    assert (len(found.elsewhere), len(found.unknown)) == (1, 1)
    assert count(AssetCard) == 420
    assert assets.total(keeper).value > 1_000_000
    assert [row.due <= TODAY for row in results.due(keeper, NOW)].count(False) >= 5
    assert assets.open_scraps(keeper)
    assert assets.transfers(keeper, is_open=True)


def test_rounds_are_walked_meters_read_and_a_firm_scored():
    boss = session.scalars(select(Person).filter_by(login="li")).one()
    (beyond,) = series.alarms_now(boss, NOW)
    assert (beyond.template.code, beyond.check_key) == ("pump-room", "pressure")
    assert [run.missed_count for run in rounds.alerts(boss, NOW - timedelta(days=1))] == [1]
    lines = meter_use.by_department(boss.memberships[0].site, date(TODAY.year, TODAY.month - 2, 1))
    wards = [line for line in lines if line.department and not line.before.partial]
    assert len(wards) == 6
    assert all(line.change is not None and abs(line.change) < 60 for line in wards)
    firm = session.scalars(select(Contractor).where(Contractor.name.contains("保洁"))).one()
    assert sorted(found.settled for found in session.scalars(select(ContractorFinding))) == [False, True]
    assert {entry.kind.value for entry in session.scalars(select(ContractorEntry))} == {"deduction", "reward"}
    assert firm.name_en


def test_the_storeroom_is_busy(wang):
    keeper, boss = (session.scalars(select(Person).filter_by(login=login)).one() for login in ("zhao", "li"))
    assert (len(requests.waiting(boss)), len(requests.approved(keeper))) == (2, 1)
    assert [loan.overdue(NOW) for loan in loans.loans(keeper)].count(True) == 1
    assert old_parts.owed(wang)
    assert [found.state for found in counts.live(boss)] == [CountState.OPEN, CountState.PROPOSED]
    assert counts.results(counts.closed(boss)[0].id)[0].difference == -1


def test_the_ledger_is_right():
    assert checks.drifts() == []
    assert checks.unbalanced_items() == []
    assert checks.missing_triggers() == []


def test_nothing_is_overdrawn_but_for_one_open_discrepancy():
    query = select(Balance).join(Account).where(Balance.quantity < 0, Account.kind.in_(OWNED))
    short = session.scalars(query).one()
    gap = session.scalars(select(Discrepancy)).one()
    assert (gap.account_id, gap.item_id, gap.missing) == (short.account_id, short.item_id, -short.quantity)
    assert gap.settled_at is None


def test_every_ticket_agrees_with_its_events():
    events = defaultdict(list)
    for event in session.scalars(select(TicketEvent).order_by(TicketEvent.ticket_id, TicketEvent.position)):
        events[event.ticket_id].append(event)
    for ticket in session.scalars(select(Ticket)):
        story = events[ticket.id]
        assert [event.position for event in story] == list(range(ticket.event_count))
        assert story[-1].to_state is ticket.state
        assert all(a.to_state is b.from_state for a, b in pairwise(story))
        assert all(event.at <= event.received_at <= NOW for event in story)


def test_the_rows_of_tickets_hold_together():
    own_clocks = (Kind.DELIVERY, Kind.TRIP, Kind.HAZARD)
    found = set(session.scalars(select(Finding.ticket_id)))  # the check says how much time there is
    found |= set(session.scalars(select(WorksQuote.ticket_id)))  # the rule for works says so
    for ticket in session.scalars(select(Ticket).where(Ticket.id.not_in(found), Ticket.kind.not_in(own_clocks))):
        due = deadlines(Priority(ticket.priority), ticket.opened_at)
        assert ticket.response_due_at == due.response
        assert (ticket.resolution_due_at - due.resolution).total_seconds() == ticket.paused_seconds
        assert (ticket.closed_at is None) == (ticket.state in LIVE)
        assert (ticket.finished_at is not None) == (ticket.state in (State.FINISHED, State.VERIFIED))
        assert (ticket.accepted_at is not None) == (ticket.owner_id is not None)


def test_the_next_number_is_free():
    for given in session.scalars(select(TicketNumber).filter_by(day=TODAY)):
        newest = select(func.max(func.substr(Ticket.number, -4))).where(
            Ticket.site_id == given.site_id, Ticket.number.contains("-20261124-")
        )
        assert int(session.scalar(newest)) == given.last


def test_tags_are_valid_and_cover_rooms_and_assets():
    codes = session.scalars(select(Tag.code)).all()
    assert len(set(codes)) == len(codes) > 2200
    assert all(normalise(code) == code for code in codes)
    room = session.scalars(select(Place).filter_by(code="Z1-0313")).one()
    assert room.path == "住院一号楼 / 3 楼 心内科一病区 / 治疗室"
    assert session.scalars(select(Tag).filter_by(place_id=room.id)).one().retired_at is None


def test_everybody_can_sign_in(wang):
    assert matches(PASSWORD, wang.password_hash)
    assert session.scalar(select(func.count(func.distinct(Person.password_hash)))) == 1


def test_the_technician_finds_work_and_material(wang):
    assert len(queries.owned(wang)) >= 4
    assert queries.waiting_for(wang)
    bag = session.scalars(select(Account).filter_by(person_id=wang.id, kind=AccountKind.BAG)).one()
    assert len(held(bag.id)) >= 15


def test_the_supervisor_finds_pairs_of_photos():
    li = session.scalars(select(Person).filter_by(login="li")).one()
    waiting = review_queries.queue(li)
    assert len(waiting) >= 8
    assert sum(len(ticket.photos) >= 2 for ticket in waiting) >= 7


def test_whoever_signs_in_is_told_something_of_today_and_has_read_what_is_older():
    unread: Counter[str] = Counter()
    for notice in session.scalars(select(Notice)):
        assert notice.read_at is None or notice.read_at >= notice.made_at
        assert notice.read_at or notice.made_at >= NOW - timedelta(days=1)
        unread[notice.person.login] += notice.read_at is None
    assert all(1 <= unread[login] <= 20 for login in ("wang", "li", "zhao", "chen", "sun", "zhou", "admin"))


def test_originals_and_copies_are_stored(hospital):
    store = hospital.extensions["crew_store"]
    for photo in session.scalars(select(Photo)):
        assert len(store.get(f"original/{photo.sha256}")) == photo.byte_size
        assert store.get(f"thumb/{photo.sha256}")
        assert (photo.width, photo.height) == (1200, 1600)
        assert photo.exif_at


def test_items_are_found_by_pinyin():
    tube = session.scalars(select(Item).filter_by(code="DG-0001")).one()
    assert {"dengguan", "dg"} <= set(tube.pinyin.split())
