"""Costs of a month: every thing once, in one place; closed months stand, what comes late is charged once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crew_app.core.changes import Change
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.people.rules import Trade
from crew_app.places.models import Department
from crew_app.reports import cost_actions, cost_months
from crew_app.reports.cost_actions import Bill, book, close, reopen, set_price, set_rate, take_back
from crew_app.reports.cost_models import CostBooking, CostKind, CostLine
from crew_app.reports.cost_months import costs_of, table
from crew_app.reports.cost_rows import came_later, rows
from crew_app.reports.works import record_time
from crew_app.rounds.contractor_models import Contractor, ContractorEntry, EntryKind
from crew_app.storeroom import values
from crew_app.tickets.rules import State
from tests.support.money import APRIL, MARCH, add_contractor, at, on, read_meters, site_of, use
from tests.support.tickets import bring_to

FEBRUARY, MAY = date(2026, 2, 1), date(2026, 5, 1)
KINDS = list(CostKind)


@pytest.fixture
def here(app, world):
    """The world within an application context whose changes are rolled back."""
    with app.app_context():
        yield world
        session.rollback()


def rate(world, yuan="36", trade=None, since=FEBRUARY):
    set_rate(site_of(world), trade, since, Decimal(yuan), by=world.person("manager"), at=at(FEBRUARY))


def job(world, month=MARCH, day=10, minutes=None, **options):
    """A verified job; how long it took may be said."""
    ticket = bring_to(world, State.VERIFIED, at=on(month, day), **options)
    if minutes:
        by = world.person("technician")
        record_time(ticket, new_id(), timedelta(minutes=minutes), "", by=by, at=at(month, day, 11))
    return ticket


def bill(world, yuan, month=MARCH, **options):
    details = Bill(new_id(), month, options.pop("kind", CostKind.OTHER), Decimal(yuan), "", **options)
    return book(site_of(world), details, by=world.person("manager"), at=at(month, 20))


def of(world, month=MARCH):
    """What each kind cost."""
    costs = costs_of(site_of(world), month)
    return {kind.value: costs.of(kind=kind) for kind in KINDS if costs.of(kind=kind)}


def a_full_month(world):
    """One of everything: materials and labour in the ward, a bill for the ward, one for the site, a deduction."""
    rate(world)
    ticket = job(world, minutes=90)
    use(world, ticket, "3", at(MARCH, 10, 12))
    firm = session.get_one(Contractor, add_contractor(world))
    ward = session.get_one(Department, world.departments["ward"])
    bill(world, "1200.50", kind=CostKind.CONTRACTORS, contractor=firm, department=ward)
    bill(world, "99.99")
    session.add(
        ContractorEntry(
            site_id=firm.site_id,
            contractor_id=firm.id,
            kind=EntryKind.DEDUCTION,
            amount=Decimal(600),
            day=date(2026, 3, 31),
            reason="不合格",
            person_id=world.people["manager"],
            at=on(MARCH, 31),
            received_at=on(MARCH, 31),
        )
    )
    session.flush()
    return ticket


def test_every_thing_is_counted_once_in_one_place(here):
    a_full_month(here)
    assert of(here) == {
        "materials": Decimal("37.50"),
        "labour": Decimal("54.00"),
        "contractors": Decimal("600.50"),
        "other": Decimal("99.99"),
    }
    found = table(site_of(here), MARCH)
    ward, site = found.rows
    assert (ward.total.amount, site.total.amount) == (Decimal("1292.00"), Decimal("-500.01"))
    assert of(here, FEBRUARY) == of(here, APRIL) == {}


def test_cells_columns_rows_and_what_stands_behind_them_agree(here):
    a_full_month(here)
    found, site = table(site_of(here), MARCH), site_of(here)
    assert found.total.amount == sum(row.total.amount for row in found.rows)
    assert found.total.amount == sum(cell.amount for cell in found.totals.values())
    for row in found.rows:
        whose = row.department.id if row.department else None
        for kind, cell in row.cells.items():
            behind = rows(site, MARCH, kind=kind, department_id=whose)
            assert sum((one.amount for one in behind), Decimal(0)).quantize(Decimal("0.01")) == cell.amount
    assert found.totals[CostKind.MATERIALS].amount == sum(
        share.amount for share in values.cost_by_department(site, MARCH)
    )


def test_labour_is_what_people_said_else_the_clock_within_limits(here):
    rate(here)
    ticket = job(here)  # a minute by the clock: ten count
    assert of(here) == {"labour": Decimal("6.00")}
    ticket.accepted_at = ticket.finished_at - timedelta(hours=2)
    assert of(here) == {"labour": Decimal("72.00")}
    ticket.paused_seconds = 3600
    assert of(here) == {"labour": Decimal("36.00")}
    ticket.accepted_at, ticket.paused_seconds = ticket.finished_at - timedelta(days=3), 0
    assert of(here) == {"labour": Decimal("144.00")}
    record_time(ticket, new_id(), timedelta(minutes=20), "", by=here.person("technician"), at=at(MARCH, 10, 12))
    assert of(here) == {"labour": Decimal("12.00")}


def test_a_trade_has_its_own_rate_from_a_day_on(here):
    rate(here)
    rate(here, "60", Trade.ELECTRICAL, date(2026, 3, 15))
    for day in (14, 15):
        job(here, day=day, minutes=60)
    job(here, day=16, owner="second", job_kind="drain")
    assert of(here) == {"labour": Decimal(36 + 60 + 6)}


def test_a_month_begins_and_ends_at_midnight_of_the_site(here):
    rate(here)
    for minutes in (-3, -2):  # finished two minutes after it was opened
        bring_to(here, State.FINISHED, at=datetime(2026, 3, 31, 16, tzinfo=UTC) + timedelta(minutes=minutes))
    assert of(here) == of(here, APRIL) == {"labour": Decimal("6.00")}


def test_the_other_site_pays_for_itself(here):
    a_full_month(here)
    assert costs_of(site_of(here, "south"), MARCH).lines == []


def a_closed_month_stands(world):
    """Close March; then a booking of it, a rate, and work that is recorded late."""
    ticket, boss = a_full_month(world), world.person("manager")
    before = costs_of(site_of(world), MARCH)
    close(site_of(world), MARCH, by=boss, at=at(APRIL, 3))
    record_time(ticket, new_id(), timedelta(hours=10), "", by=world.person("technician"), at=at(MARCH, 11))
    with pytest.raises(Refused):
        rate(world, "99", since=date(2026, 3, 2))
    with pytest.raises(Refused):
        bill(world, "5")
    after = costs_of(site_of(world), MARCH)
    assert set(after.lines) == set(before.lines)
    return ticket


def test_a_closed_month_stands(here):
    a_closed_month_stands(here)


def test_without_its_lines_written_down_it_would_not(here, monkeypatch):
    monkeypatch.setattr(cost_months, "closed_month", lambda *_: None)
    with pytest.raises(AssertionError):
        a_closed_month_stands(here)


def test_what_comes_late_is_charged_to_the_open_month_and_says_where_it_belongs(here):
    a_closed_month_stands(here)
    site, boss = site_of(here), here.person("manager")
    (late,) = costs_of(site, APRIL).lines
    assert (late.kind, late.amount, late.belongs) == (CostKind.LABOUR, Decimal("360.00"), MARCH)
    march, behind = costs_of(site, MARCH), rows(site, MARCH, kind=None, department_id="any")
    assert came_later(march, behind, None, "any") == Decimal("360.00")
    assert of(here, MAY) == {}
    close(site, APRIL, by=boss, at=at(MAY, 3))
    assert costs_of(site, APRIL).lines == [late]
    assert of(here, MAY) == {}, "charged once"


def test_months_are_closed_in_their_order_and_when_they_are_over(here):
    site, boss = site_of(here), here.person("manager")
    rate(here)
    with pytest.raises(Refused) as running:
        close(site, MARCH, by=boss, at=at(MARCH, 31))
    close(site, MARCH, by=boss, at=at(MAY, 2))
    for month, moment in ((FEBRUARY, MAY), (MARCH, MAY), (MAY, date(2026, 7, 1))):
        with pytest.raises(Refused):
            close(site, month, by=boss, at=at(moment, 2))
    close(site, APRIL, by=boss, at=at(MAY, 2))
    assert running.value.code == "month-running"
    with pytest.raises(Forbidden):
        close(site, MAY, by=here.person("supervisor"), at=at(date(2026, 6, 1), 2))


def test_opening_again_leaves_its_trace(here):
    a_closed_month_stands(here)
    site, boss = site_of(here), here.person("manager")
    with pytest.raises(Refused):
        reopen(site, MARCH, " ", by=boss, at=at(APRIL, 5))
    reopen(site, MARCH, "漏了一张账单", by=boss, at=at(APRIL, 5))
    query = select(Change.field, Change.before, Change.after).where(Change.kind == "cost_months").order_by(Change.id)
    assert session.execute(query).all() == [("new", "", "791.99"), ("removed", "791.99", "漏了一张账单")]
    assert session.scalar(select(func.count()).select_from(CostLine)) == 0
    assert of(here)["labour"] == Decimal("414.00")
    close(site, MARCH, by=boss, at=at(APRIL, 6))
    assert of(here, APRIL) == {}


def test_a_bill_is_taken_back_where_it_still_can_be(here):
    site, boss = site_of(here), here.person("manager")
    first, second = bill(here, "100"), bill(here, "70")
    take_back(first, new_id(), "录错", by=boss, at=at(MARCH, 21))
    assert of(here) == {"other": Decimal("70.00")}
    close(site, MARCH, by=boss, at=at(APRIL, 3))
    take_back(second, new_id(), "录错", by=boss, at=at(APRIL, 4))
    assert (of(here), of(here, APRIL)) == ({"other": Decimal("70.00")}, {"other": Decimal("-70.00")})
    for booking in session.scalars(select(CostBooking)).all():
        with pytest.raises(Refused):
            take_back(booking, new_id(), "再来", by=boss, at=at(APRIL, 4))


def test_what_is_counted_by_itself_is_not_booked_by_hand(here):
    for kind in (CostKind.MATERIALS, CostKind.LABOUR, CostKind.METERS):
        with pytest.raises(Refused):
            bill(here, "5", kind=kind)


def test_departments_pay_for_their_meters_and_the_site_for_the_rest(app, world):
    starts = [datetime(2026, month, 1, tzinfo=site_zone(app, world)) for month in (3, 4)]
    read_meters(app, world, [(starts[0], "1000", "500"), (starts[1], "2000", "800")])
    with app.app_context():
        site, boss = site_of(world), world.person("manager")
        assert of(world) == {}, "no price, no cost"
        for since, price in ((FEBRUARY, "0.5"), (date(2026, 3, 17), "0.8")):
            set_price(site, ("power", "kWh"), since, Decimal(price), by=boss, at=at(FEBRUARY))
        found = {row.department and row.department.code: row.total.amount for row in table(site, MARCH).rows}
        share = Decimal(16) / 31 * Decimal("0.5") + Decimal(15) / 31 * Decimal("0.8")
        assert found == {"W7": round(300 * share, 2), None: round(700 * share, 2)}
        session.rollback()


def site_zone(app, world):
    with app.app_context():
        return site_of(world).zone


def test_changes_of_rates_and_prices_are_kept(here):
    rate(here)
    rate(here, "40")
    query = select(Change.field, Change.before, Change.after).where(Change.kind == "labour_rates").order_by(Change.id)
    assert session.execute(query).all() == [("new", "", "36"), ("per_hour", "36", "40")]
    (row,) = cost_actions.rates_of(here.sites["north"])
    cost_actions.remove_price(row, by=here.person("manager"), at=at(MARCH))
    assert cost_actions.rates_of(here.sites["north"]) == []


def test_on_both_databases(any_app, any_world):
    with any_app.app_context():
        a_full_month(any_world)
        total = costs_of(site_of(any_world), MARCH).total
        close(site_of(any_world), MARCH, by=any_world.person("manager"), at=at(APRIL, 3))
        assert costs_of(site_of(any_world), MARCH).total == total == Decimal("791.99")
        assert of(any_world, APRIL) == {}
        session.rollback()
