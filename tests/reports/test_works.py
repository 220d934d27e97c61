"""Own works: quote against actual, what was saved; and how long work on a job took."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crew_app.core.changes import Change
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.desk import hands
from crew_app.reports.cost_actions import set_rate
from crew_app.reports.periods import Period
from crew_app.reports.works import Asked, own_works, record_time, savings, set_quote
from crew_app.tickets import actions
from crew_app.tickets.rules import State
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.money import APRIL, MARCH, add_works, at, on, site_of, use
from tests.support.tickets import bring_to, make_ticket

ASKED = Asked("宏达装饰", Decimal(4000), date(2026, 3, 1))


@pytest.fixture
def here(app, world):
    """The world within an application context whose changes are rolled back; an hour costs 60 yuan."""
    with app.app_context():
        set_rate(site_of(world), None, date(2026, 1, 1), Decimal(60), by=world.person("manager"), at=at(MARCH))
        yield world
        session.rollback()


def year(world):
    return Period(date(2026, 1, 1), date(2026, 12, 31), site_of(world).zone)


def quoted(world, **options):
    ticket = add_works(world, on(MARCH), **options)
    set_quote(ticket, ASKED, by=world.person("supervisor"), at=at(MARCH))
    return ticket


def test_the_saving_is_the_quote_less_materials_and_labour(here):
    ticket = quoted(here)
    use(here, ticket, "10", at(MARCH, 11))
    record_time(ticket, new_id(), timedelta(hours=5), "", by=here.person("technician"), at=at(MARCH, 11))
    (own,) = savings(here.sites["north"], year(here))
    assert (own.materials, own.labour) == (Decimal("125.0000"), Decimal("300.0000"))
    assert (own.actual, own.saving) == (Decimal("425.00"), Decimal("3575.00"))


def test_there_is_no_saving_before_the_work_is_done_nor_when_it_is_cancelled(here):
    ticket = quoted(here, finish=False)
    assert savings(here.sites["north"], year(here)) == []
    assert len(own_works(site_of(here), year(here))) == 1
    actions.cancel(ticket, "不做了", by=here.person("supervisor"), at=at(MARCH, 12))
    assert own_works(site_of(here), year(here)) == []


def test_a_saving_counts_in_the_period_in_which_the_work_was_done_and_at_its_site(here):
    quoted(here)
    march, april = (Period(day, day + timedelta(days=29), site_of(here).zone) for day in (MARCH, APRIL))
    assert len(savings(here.sites["north"], march)) == 1
    assert savings(here.sites["north"], april) == savings(here.sites["south"], year(here)) == []


def test_a_corrected_quote_leaves_its_trace(here):
    ticket = quoted(here)
    cheaper = Asked("宏达装饰", Decimal("3500.50"), date(2026, 3, 1))
    set_quote(ticket, cheaper, by=here.person("manager"), at=at(MARCH, 12))
    found = session.execute(select(Change.before, Change.after).where(Change.field == "amount")).all()
    assert found == [("4000", "3500.5")]


def test_only_works_have_quotes_and_only_from_whoever_verifies(here):
    with pytest.raises(Refused):
        set_quote(bring_to(here, State.ACCEPTED, at=on(MARCH)), ASKED, by=here.person("supervisor"), at=at(MARCH))
    with pytest.raises(Forbidden):
        set_quote(add_works(here, on(MARCH)), ASKED, by=here.person("technician"), at=at(MARCH))


def test_owner_and_helpers_say_how_long_it_took_and_nobody_else(here):
    ticket = bring_to(here, State.ACCEPTED, at=on(MARCH))
    second = here.person("second")
    with pytest.raises(Forbidden):
        record_time(ticket, new_id(), timedelta(hours=1), "", by=second, at=at(MARCH))
    hands.help_with(ticket, by=second, at=at(MARCH, 11))
    assert record_time(ticket, new_id(), timedelta(hours=1), "", by=second, at=at(MARCH, 11)).minutes == 60
    for length in (timedelta(0), timedelta(days=11)):
        with pytest.raises(Refused):
            record_time(ticket, new_id(), length, "", by=second, at=at(MARCH, 11))


def test_time_is_recorded_from_the_page_of_the_job_and_taken_back(app, world, sign_in):
    job = make_ticket(app, world, "accepted")
    worker, path = sign_in("technician"), f"/tickets/{job}/work-times"
    fields = {"time_id": some_id(), "length": "1小时30分", "note": "换了两根"}
    assert path in worker.page(f"/tickets/{job}").actions
    assert path not in sign_in("second").page(f"/tickets/{job}").actions
    accepted(worker.send(path, fields), 201)
    refused(worker.send(path, fields), 422, "entry-known")
    refused(worker.send(path, fields | {"time_id": some_id(), "length": "lang"}), 422, "length")
    refused(sign_in("second").send(path, fields | {"time_id": some_id()}), 403)
    assert "1 小时 30 分钟" in sign_in("supervisor").page(f"/tickets/{job}").text
    back = f"/tickets/{job}/work-time-withdrawals"
    unseen(sign_in("second").send(back, fields))
    accepted(worker.send(back, fields))
    assert "1 小时 30 分钟" not in worker.page(f"/tickets/{job}").text


def test_a_quote_is_entered_on_the_page_of_the_works(app, world, sign_in):
    with app.app_context(), write_transaction():
        works = add_works(world, on(MARCH)).id
    boss, path = sign_in("supervisor"), f"/tickets/{works}/quote"
    fields = {"firm": "宏达装饰", "amount": "4000", "quoted_on": "2026-03-01", "note": ""}
    refused(boss.send(path, fields | {"amount": "viel"}), 422, "price")
    refused(sign_in("technician").send(path, fields), 403)
    unseen(sign_in("outsider").send(path, fields))
    accepted(boss.send(path, fields))
    assert "¥4,000.00" in boss.page(f"/tickets/{works}").text
    manager = sign_in("manager")
    assert "宏达装饰报价 ¥4,000.00" in manager.page("/reports/costs/own-works?year=2026").text
    assert manager.get("/reports/costs/own-works.xlsx?year=2026").status_code == 200
    assert "¥4,000.00" not in sign_in("requester").get(f"/tickets/{works}").get_data(as_text=True)
