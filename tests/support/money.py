"""Points and costs of the small hospital: verified jobs, rates, bills, and every page of theirs that has a form."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
from flask import Flask

from crew_app.core.clock import Moment, now, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.rounds import visits
from crew_app.rounds.answers import parse
from crew_app.rounds.contractor_models import Contractor
from crew_app.rounds.models import RunStop
from crew_app.rounds.visits import Seen
from crew_app.tickets import actions, queries
from crew_app.tickets.materials import log_material
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Kind
from tests.support.client import accepted
from tests.support.lint import Page
from tests.support.rounds import make_run
from tests.support.tickets import make_ticket
from tests.support.world import World

MONEY_CHANGES = {
    "points.set_formula": Right.SET_POINTS,
    "points.set_job_points": Right.SET_POINTS,
    "points.settle": Right.SET_POINTS,
    "points.object_": Right.WORK,
    "points.withdraw": Right.WORK,
    "points.decide": Right.SET_POINTS,
    "costs.close": Right.SEE_COSTS,
    "costs.reopen": Right.SEE_COSTS,
    "cost_prices.set_rate": Right.SEE_COSTS,
    "cost_prices.set_price": Right.SEE_COSTS,
    "cost_prices.remove": Right.SEE_COSTS,
    "cost_prices.book": Right.SEE_COSTS,
    "cost_prices.take_back": Right.SEE_COSTS,
    "own_works.set_quote": Right.VERIFY,
    "own_works.record_time": Right.WORK,
    "own_works.withdraw_time": Right.WORK,
}
"""Who may change what of points and costs."""
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def site_of(world: World, name: str = "north") -> Site:
    """A live site."""
    return session.get_one(Site, world.sites[name])


def on(month: date, day: int = 10, hour: int = 10) -> datetime:
    """A moment of a month, in UTC."""
    return datetime(month.year, month.month, day, hour, tzinfo=UTC)


def at(month: date, day: int = 10, hour: int = 10) -> Moment:
    """The same as a moment of the server."""
    return server_moment(on(month, day, hour))


def add_contractor(world: World, name: str = "洁美保洁") -> UUID:
    """A firm of the north; in the present transaction."""
    firm = Contractor(site_id=world.sites["north"], name=name, made_at=on(MARCH))
    session.add(firm)
    session.flush()
    return firm.id


def add_works(world: World, when: datetime, *, finish: bool = True) -> Ticket:
    """Works that the technician did; in the present transaction."""
    kind = queries.job_kind("paint")
    assert kind is not None
    report = actions.Report(new_id(), world.place("room"), kind, description="自制台面", kind=Kind.WORKS)
    ticket = actions.open_ticket(report, by=world.person("supervisor"), at=server_moment(when))
    worker = world.person("technician")
    actions.accept(ticket, by=worker, at=server_moment(when + timedelta(hours=1)))
    if finish:
        actions.finish(ticket, "好了", by=worker, at=server_moment(when + timedelta(hours=3)))
    return ticket


def use(world: World, ticket: Ticket, quantity: str, when: Moment, item: str = "tube") -> None:
    """Material from the store, used on a job; in the present transaction."""
    by = world.person("technician")
    log_material(ticket, world.item(item), Decimal(quantity), world.account("store"), new_id(), by=by, at=when)


def read_meters(app: Flask, world: World, readings: list[tuple[datetime, str, str]]) -> None:
    """A main meter of the building and one of the ward, read at these moments: (when, main, ward)."""
    stops = [
        meter_stop("main", "north-B1", "total", "总有功"),
        meter_stop("ward", "north-B1-701", "kwh", "电表读数"),
    ]
    ids = make_run(app, world, code="meters", category="meters", name={"zh": "抄表", "en": "Meters"}, stops=stops)
    for when, *numbers in readings:
        with app.app_context(), write_transaction():
            for stop_key, check_key, number in zip(("main", "ward"), ("total", "kwh"), numbers, strict=True):
                stop = session.get_one(RunStop, ids[stop_key])
                given = parse(
                    stop.plan, {f"c-{check_key}": number, f"sure-{check_key}": "1", f"n-{check_key}": "-"}, {}
                )
                seen = Seen(new_id(), given, reason="补录")
                visits.check_in(stop, seen, by=world.person("technician"), at=server_moment(when))


def meter_stop(key: str, place: str, check_key: str, label: str) -> dict[str, Any]:
    """A stop with one electricity meter."""
    check = {"key": check_key, "kind": "meter", "label": {"zh": label, "en": label}, "unit": "kWh"}
    return {"key": key, "title": {"zh": label, "en": label}, "where": {"place": place}, "checks": [check]}


def cells(response: Any) -> list[list[Any]]:
    """The rows of a workbook that was fetched."""
    page = openpyxl.load_workbook(BytesIO(response.get_data())).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


def money_pages(app: Flask, world: World, sign_in: Any) -> list[Page]:
    """Every page of points and costs that has a form, with something to take back on each."""
    boss, worker = sign_in("manager"), sign_in("technician")
    job, month = make_ticket(app, world, "verified"), f"{now().astimezone():%Y-%m}"
    with app.app_context(), write_transaction():
        firm, works = add_contractor(world), add_works(world, now() - timedelta(hours=5)).id
    north, since = str(world.sites["north"]), "2026-01-01"
    accepted(boss.send("/reports/costs/rates", {"site_id": north, "trade": "", "per_hour": "36", "since": since}))
    bill = {"booking_id": new_id(), "month": "2026-03", "contractor_id": firm, "amount": "1200"}
    accepted(boss.send("/reports/costs/bookings", {"site_id": north, **bill}), 201)
    read_meters(app, world, [(now() - timedelta(hours=1), "1000", "500")])
    pages = [boss.page("/reports/costs?month=2026-02"), boss.page("/reports/costs/prices")]
    accepted(boss.send("/reports/costs/closings", {"site_id": north, "month": "2026-02"}))
    mine = worker.page("/reports/points/mine")
    accepted(worker.send("/reports/points/objections", {"ticket_id": job, "note": "不对", "month": month}), 201)
    time = {"time_id": new_id(), "length": "1 h 30", "note": ""}
    accepted(worker.send(f"/tickets/{job}/work-times", time), 201)
    paths = ("/reports/points?month=2026-02", "/reports/points", "/reports/points/formula", "/reports/costs/prices")
    pages += [boss.page(path) for path in (*paths, "/reports/costs/bookings?month=2026-03", f"/tickets/{works}")]
    pages += [boss.page("/reports/costs?month=2026-02"), mine, worker.page("/reports/points/mine")]
    return [*pages, worker.page(f"/tickets/{job}"), sign_in("supervisor").page(f"/tickets/{works}")]
