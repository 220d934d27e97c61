"""Pages of costs: the table and its links, files for finance, bills, rates; who may see them."""

from datetime import timedelta
from uuid import UUID

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.reports.cost_models import WorkTime
from crew_app.reports.works import record_time
from crew_app.tickets.rules import State
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql, statements
from tests.support.money import MARCH, add_contractor, at, cells, on, use
from tests.support.tickets import bring_to

MONTH = "2026-03"


@pytest.fixture
def month(app, world, sign_in):
    """March with materials, labour, and a bill for the site."""
    with app.app_context(), write_transaction():
        ticket = bring_to(world, State.VERIFIED, at=on(MARCH))
        by = world.person("technician")
        record_time(ticket, new_id(), timedelta(minutes=90), "", by=by, at=at(MARCH))
        use(world, ticket, "3", at(MARCH))
        add_contractor(world, "=1+1保洁")
    boss, north = sign_in("manager"), str(world.sites["north"])
    rate = {"site_id": north, "trade": "", "per_hour": "36", "since": "2026-01-01"}
    accepted(boss.send("/reports/costs/rates", rate))
    firm = one(app, "SELECT id FROM contractors")
    bill = {"booking_id": some_id(), "month": MONTH, "contractor_id": firm, "amount": "1200", "note": "三月"}
    accepted(boss.send("/reports/costs/bookings", {"site_id": north, **bill}), 201)
    return boss


def links(page):
    return [a.get("href") for a in page.all("a") if (a.get("href") or "").startswith("/reports/costs/rows?")]


def test_every_cell_leads_to_its_rows(month):
    page = month.page(f"/reports/costs?month={MONTH}")
    assert "¥1,291.50" in page.text
    assert len(links(page)) >= 8
    for href in links(page):
        amount = next(a for a in page.all("a") if a.get("href") == href).text
        assert amount in month.page(href).text, href


def test_the_lines_for_finance_add_up_and_become_no_formula(month):
    text = month.get(f"/reports/costs/month.csv?month={MONTH}").get_data(as_text=True)
    head, *lines = text.removeprefix("\ufeff").strip().split("\r\n")
    assert head == "site,month,department_code,department,kind,detail,amount,belongs_to,closed"
    assert lines == [
        "north,2026-03,W7,七病区,materials,,37.50,,no",
        "north,2026-03,W7,七病区,labour,,54.00,,no",
        "north,2026-03,,,contractors,'=1+1保洁,1200.00,,no",
    ]
    rows = cells(month.get(f"/reports/costs/month.xlsx?month={MONTH}"))
    assert rows[-1][5] == sum(row[5] for row in rows[1:-1]) == 1291.5
    assert cells(month.get(f"/reports/costs/rows.xlsx?month={MONTH}&kind=labour"))[1][8] == 54


def test_a_month_is_closed_and_opened_again_from_its_page(app, world, month):
    fields = {"site_id": world.sites["north"], "month": MONTH}
    assert "/reports/costs/closings" in month.page(f"/reports/costs?month={MONTH}").actions
    accepted(month.send("/reports/costs/closings", fields))
    refused(month.send("/reports/costs/closings", fields), 422, "month-closed")
    assert "closed" not in month.page(f"/reports/costs?month={MONTH}").actions
    assert ",yes" in month.get(f"/reports/costs/month.csv?month={MONTH}").get_data(as_text=True)
    refused(month.send("/reports/costs/reopenings", {**fields, "note": ""}), 422, "words-missing")
    accepted(month.send("/reports/costs/reopenings", {**fields, "note": "漏账"}))
    assert sql(app, "SELECT COUNT(*) FROM cost_lines") == [(0,)]


def test_what_came_late_is_shown_where_it_is_charged(app, world, month, sign_in):
    accepted(month.send("/reports/costs/closings", {"site_id": world.sites["north"], "month": MONTH}))
    ticket = UUID(str(one(app, "SELECT ticket_id FROM work_times")))
    late = {"time_id": some_id(), "length": "1 h", "note": ""}
    made = on(MARCH, 20)  # by a phone that was off for longer than the server believes: counted from its receipt
    accepted(sign_in("technician").send(f"/tickets/{ticket}/work-times", late, made_at=made), 201)
    with app.app_context(), write_transaction():
        session.query(WorkTime).filter_by(minutes=60).one().at = made
    page = month.page("/reports/costs?month=2026-04")
    assert "有 1 笔属于已关账的月份" in page.text
    assert "属于 2026-03" in month.page("/reports/costs/rows?month=2026-04").text
    assert "是关账之后才知道的" in month.page(f"/reports/costs/rows?month={MONTH}").text


def test_only_whoever_sees_costs_sees_them(world, sign_in):
    paths = ("", "/rows", "/rows.xlsx", "/month.xlsx", "/month.csv", "/prices", "/bookings", "/own-works")
    for login in ("technician", "supervisor", "storekeeper", "administrator"):
        for path in paths:
            assert sign_in(login).get(f"/reports/costs{path}").status_code == 403, (login, path)
    assert sign_in("manager").get(f"/reports/costs?site_id={world.sites['south']}").status_code in (404, 422)


def test_the_other_site_has_its_own(world, month, sign_in):
    assert "¥1,291.50" not in sign_in("outsider").page(f"/reports/costs?month={MONTH}").text
    booking = {"reversal_id": some_id(), "note": "?"}
    unseen(sign_in("outsider").send(f"/reports/costs/bookings/{some_id()}/reversal", booking))


def test_nonsense_is_refused_with_words(world, month):
    north = world.sites["north"]
    bad = [
        ("rates", {"trade": "cook", "per_hour": "1", "since": "2026-05-01"}),
        ("rates", {"trade": "", "per_hour": "-1", "since": "2026-05-01"}),
        ("rates", {"trade": "", "per_hour": "1", "since": "gestern"}),
        ("prices", {"sort": "power|kWh", "price": "1", "since": "2026-05-01"}),
        ("bookings", {"booking_id": some_id(), "month": MONTH, "amount": "0"}),
        ("bookings", {"booking_id": some_id(), "month": MONTH, "amount": "5", "department_id": some_id()}),
        ("price-removals", {"price_id": "x"}),
    ]
    for path, fields in bad:
        refused(month.send(f"/reports/costs/{path}", {"site_id": north, **fields}), 422)
    unseen(month.send("/reports/costs/price-removals", {"site_id": north, "price_id": some_id()}))


def test_more_jobs_need_no_more_statements(app, world, month):
    with statements(app) as few:
        month.page(f"/reports/costs?month={MONTH}")
    with app.app_context(), write_transaction():
        for day in range(11, 18):
            use(world, bring_to(world, State.VERIFIED, at=on(MARCH, day)), "1", at(MARCH, day, 12))
    with statements(app) as many:
        month.page(f"/reports/costs?month={MONTH}")
    assert len(many) <= len(few) <= 45
