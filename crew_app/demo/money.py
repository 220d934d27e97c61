"""What the office of the demo hospital has settled: rates and prices, bills, own works, points, a closed month.

Everything is done by the same actions as in life, so that it cannot be in a state that they would not leave.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.demo.at_hand import ago, item, person, store
from crew_app.demo.tables import rows
from crew_app.desk import hands
from crew_app.people.models import Person, Site
from crew_app.people.rules import Trade
from crew_app.places.models import Department, Place
from crew_app.reports import cost_actions, point_actions, works
from crew_app.reports.cost_actions import Bill
from crew_app.reports.cost_models import CostKind
from crew_app.reports.energy import sorts_of
from crew_app.reports.periods import months_later
from crew_app.reports.point_rows import month_of
from crew_app.rounds.contractor_models import Contractor
from crew_app.tickets import actions as tickets
from crew_app.tickets import queries
from crew_app.tickets.materials import log_material
from crew_app.tickets.models import JobKind, Ticket
from crew_app.tickets.rules import Kind, State

BOSS, MANAGER = "li", "zhou"
RATES = ((None, 35), (Trade.ELECTRICAL, 42), (Trade.HVAC, 45), (Trade.LIFT, 60), (Trade.PORTER, 25), (Trade.DRIVER, 30))
"""Yuan an hour."""
PRICES = {"power": "0.6458", "water": "3.85", "gas": "3.62", "steam": "220", "oxygen": "4.2"}
WORTH = {
    "lamp": 8,
    "appliance": 10,
    "drain": 15,
    "burst": 40,
    "power": 20,
    "pump": 35,
    "aircon": 18,
    "lift_trapped": 30,
}
WORTH |= {"aircon_move": 40, "ceiling": 20, "lock": 8, "lift_repair": 30, "lift_upkeep": 15, "oxygen": 15}
CLEANING = (("XN1", 1), ("HX", 1), ("GK1", 1), (None, 4))
"""How the cleaning firm's bill is shared: wards with a cleaner of their own, the rest of the site."""


MINE = "“退回”那次是照片没拍清楚，活是当天干完的，请核实。"
THEIRS = "配件等了三天才到，不应算超时。"
ANSWER = "核对待料记录属实，按正常完成计分。"


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction; `now` is when the hospital is found."""
    site = _site()
    begun, this = server_moment(now - timedelta(days=400)), now.astimezone(site.zone).date().replace(day=1)
    _prices(site, months_later(this, -14), begun)
    for work in rows("own_works"):
        _own_work(work, now)
    _hours(now)
    _points(site, months_later(this, -1), now)
    _bills(site, this, now)
    cost_actions.close(site, months_later(this, -2), by=person(MANAGER), at=_on(site, months_later(this, -1), 5))
    _late_hour(site, months_later(this, -2), now)


def _prices(site: Site, since: date, at: Moment) -> None:
    manager = person(MANAGER)
    for campus in session.scalars(select(Site)):
        for trade, yuan in RATES:
            cost_actions.set_rate(campus, trade, since, Decimal(yuan), by=manager, at=at)
    for sort in sorts_of(site):
        if sort[0] in PRICES:
            cost_actions.set_price(site, sort, since, Decimal(PRICES[sort[0]]), by=manager, at=at)
    worth = {kind.id: WORTH[kind.code] for kind in session.scalars(select(JobKind)) if kind.code in WORTH}
    point_actions.set_job_points(site, worth, by=manager, at=at)


def _own_work(work: dict[str, str], now: datetime) -> None:
    """Works that the crew did itself, finished so many days ago or still going on."""
    site, boss, kind = _site(), person(BOSS), queries.job_kind(work["kind"])
    place = session.scalars(select(Place).filter_by(code=work["place"], site_id=site.id)).one()
    if kind is None:
        return
    owner, *helpers = [person(login) for login in work["people"].split()]
    days = int(work["days"])
    report = tickets.Report(new_id(), place, kind, description=work["words"], kind=Kind.WORKS)
    ticket = tickets.open_ticket(report, by=boss, at=ago(now, days + 3, 6))
    asked = works.Asked(work["firm"], Decimal(work["asked"]), (now - timedelta(days=days + 3)).date())
    works.set_quote(ticket, asked, by=boss, at=ago(now, days + 3, 4))
    tickets.accept(ticket, by=owner, at=ago(now, days + 1, 7))
    for helper in helpers:
        hands.help_with(ticket, by=helper, at=ago(now, days + 1, 5))
    for part in work["parts"].split():
        code, _, quantity = part.partition(":")
        log_material(ticket, item(code), Decimal(quantity), store(), new_id(), by=owner, at=ago(now, days, 6))
    for worker in (owner, *helpers):
        length = timedelta(minutes=int(work["minutes"]))
        works.record_time(ticket, new_id(), length, "", by=worker, at=ago(now, days, 5))
    if work["done"]:
        tickets.finish(ticket, "已完工，现场清理干净", "老旧部位已拆除", by=owner, at=ago(now, days, 4))
        tickets.verify(ticket, by=boss, at=ago(now, days, 2))


def _hours(now: datetime) -> None:
    """Wang says of some of his jobs how long they took."""
    wang = person("wang")
    for place, ticket in enumerate(_done_by(wang, now, 25)):
        if place % 3 == 0 and ticket.finished_at:
            length = timedelta(minutes=25 + 10 * (place % 5))
            works.record_time(ticket, new_id(), length, "", by=wang, at=server_moment(ticket.finished_at))


def _points(site: Site, month: date, now: datetime) -> None:
    """One month settled, two objections in the next: one waits, one was granted."""
    settled = months_later(month, -1)
    point_actions.settle(site, settled, by=person(MANAGER), at=_on(site, month, 3))
    counted = [row for row in month_of(site, month).rows if not row.helper]
    wang, other = person("wang"), person("shui1")
    for who, words, days in ((other, THEIRS, 4), (wang, MINE, 0)):
        own = [row for row in counted if row.person_id == who.id]
        worst = min(own, key=lambda row: (row.points, row.number), default=None)
        if worst is None:
            continue
        objection = point_actions.object_to(site, worst.ticket_id, words, by=who, at=ago(now, days, 2))
        if who is other:
            point_actions.decide(objection, 15, ANSWER, by=person(MANAGER), at=ago(now, 3, 1))


def _bills(site: Site, this: date, now: datetime) -> None:
    """The cleaning firm's bill of each month, shared between wards and the site; a rent of equipment."""
    firm = session.scalars(select(Contractor).filter_by(site_id=site.id).order_by(Contractor.id)).first()
    wards = {one.code: one for one in session.scalars(select(Department).filter_by(site_id=site.id))}
    for back in range(-12, 0):
        month = months_later(this, back)
        at = server_moment(min(_on(site, months_later(month, 1), 2).at, now))
        for code, parts in CLEANING if firm else ():
            ward = wards.get(code) if code else None
            amount = Decimal(parts * (6800 + 40 * (back + 12)))
            bill = Bill(new_id(), month, CostKind.CONTRACTORS, amount, "保洁服务费", ward, firm)
            cost_actions.book(site, bill, by=person(MANAGER), at=at)
        if back % 3 == 0:
            bill = Bill(new_id(), month, CostKind.OTHER, Decimal(1260), "升降平台车租赁")
            cost_actions.book(site, bill, by=person(MANAGER), at=at)


def _late_hour(site: Site, month: date, now: datetime) -> None:
    """Somebody remembers after the month was closed how long a job of it had taken."""
    start, end = (datetime(day.year, day.month, 1, tzinfo=site.zone) for day in (month, months_later(month, 1)))
    query = select(Ticket).where(Ticket.site_id == site.id, Ticket.finished_at >= start, Ticket.finished_at < end)
    query = query.where(Ticket.owner_id == person("shui2").id, Ticket.state == State.VERIFIED).order_by(Ticket.id)
    ticket = session.scalars(query.limit(1)).first()
    if ticket and ticket.finished_at:
        at = Moment(at=ticket.finished_at, received_at=now - timedelta(days=1))
        works.record_time(ticket, new_id(), timedelta(hours=6), "夜间抢修", by=person("shui2"), at=at)


def _done_by(whose: Person, now: datetime, count: int) -> Sequence[Ticket]:
    query = select(Ticket).where(Ticket.owner_id == whose.id, Ticket.state == State.VERIFIED)
    query = query.where(Ticket.finished_at < now).order_by(Ticket.finished_at.desc(), Ticket.id)
    return session.scalars(query.limit(count)).all()


def _on(site: Site, month: date, day: int) -> Moment:
    """Ten in the morning of a day of a month."""
    return server_moment(datetime(month.year, month.month, day, 10, tzinfo=site.zone))


def _site() -> Site:
    return session.get_one(Site, store().site_id)
