"""The roster of the demo hospital: who is there, who answers for what, what was dispatched to whom.

Whoever shows the demo to somebody is on duty at that very moment: wang, li and sun.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.desk import dispatch, hands
from crew_app.people.models import Person, Site
from crew_app.people.rules import Trade
from crew_app.places.models import Place
from crew_app.roster import actions, areas, queries, swaps
from crew_app.roster.actions import PatternForm
from crew_app.roster.actions import Place as Turn
from crew_app.roster.models import Duty, ShiftPattern
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State

BEFORE = timedelta(days=9)
"""So long ago the roster begins."""
MORNING, EVENING = time(8), time(20)
AROUND_THE_CLOCK = (
    ("main", "电工", "Electrician", Trade.ELECTRICAL, "wang dian1 dian2 dian3 dian5"),
    ("main", "空调", "Air conditioning", Trade.HVAC, "kong1 dian4 kong2"),
    ("main", "制氧", "Oxygen plant", Trade.OXYGEN, "yang1 yang2"),
    ("main", "值班长", "Duty supervisor", None, "li ban2 ban3"),
    ("main", "保安", "Guard", None, "sun bao2 bao3"),
)
"""Site, name, trade, people in turn: half of them by day, half by night."""
BY_DAY = (
    ("main", "白班", "Day shift", "shui1 shui2 shui3 shui4 mu1 mu2 mu3 ruo1 ti1"),
    ("main", "库房", "Storeroom", "zhao"),
    ("east", "白班", "Day shift", "ban4 dong1 dong2 dong3 ku2 bao4"),
)
ON_CALL = (
    ("main", "水工听班", "Plumber on call", Trade.PLUMBING, "shui1 shui2 shui4"),
    ("main", "木工听班", "Carpenter on call", Trade.CARPENTRY, "mu1 mu2 mu3"),
    ("east", "夜间听班", "On call at night", None, "dong1 dong2 dong3"),
)
AREAS = (
    ("Z1-03", "wang", None),
    ("Z1-04", "wang", None),
    ("Z1", "dian1", Trade.ELECTRICAL),
    ("Z1", "shui1", Trade.PLUMBING),
    ("Z1", "mu1", Trade.CARPENTRY),
    ("Z2", "shui2", None),
    ("Z2", "mu2", Trade.CARPENTRY),
    ("WK", "dian3", None),
    ("WK", "shui3", Trade.PLUMBING),
    ("MZ", "dian2", None),
    ("MZ", "shui4", Trade.PLUMBING),
    ("JZ", "dian5", None),
    ("JZ", "yang1", Trade.OXYGEN),
    ("HQ", "", Trade.OXYGEN),
    ("DZ", "dong1", None),
)


def stir(now: datetime) -> None:
    """Make the roster, dispatch what is open, hand something over, propose swaps; within a transaction."""
    _shifts(now)
    _areas()
    _dispatch(now)
    _hands(now)
    _swaps(now)


def _shifts(now: datetime) -> None:
    for code, name, name_en, trade, logins in AROUND_THE_CLOCK:
        day = _pattern(code, f"{name}白班", f"{name_en}, day", (MORNING, EVENING), trade=trade)
        night = _pattern(code, f"{name}夜班", f"{name_en}, night", (EVENING, MORNING), trade=trade)
        crew = logins.split()
        half = (len(crew) + 1) // 2
        now_there, then = (day, night) if _by_day(now, day.site) else (night, day)
        _seat(now_there, crew[:half], now)
        _seat(then, crew[half:], now)
    for code, name, name_en, logins in BY_DAY:
        pattern = _pattern(code, name, name_en, (MORNING, time(17, 30)), weekdays="12345")
        for login in logins.split():
            _put(pattern, login, now, first=0, every=1)
    for code, name, name_en, trade, logins in ON_CALL:
        _seat(
            _pattern(code, name, name_en, (time(17, 30), MORNING), trade=trade, duty=Duty.ON_CALL), logins.split(), now
        )


def _pattern(
    code: str,
    name: str,
    name_en: str,
    hours: tuple[time, time],
    *,
    trade: Trade | None = None,
    duty: Duty = Duty.PRESENT,
    weekdays: str = "1234567",
) -> ShiftPattern:
    form = PatternForm(name, name_en, *hours, weekdays, on_holidays=weekdays == "1234567", duty=duty, trade=trade)
    return actions.add_pattern(new_id(), _site(code), form)


def _seat(pattern: ShiftPattern, logins: Sequence[str], now: datetime) -> None:
    """Each in turn; the first one's turn is the shift that runs at this moment, or the next one."""
    for first, login in enumerate(logins):
        _put(pattern, login, now, first=first, every=len(logins))


def _put(pattern: ShiftPattern, login: str, now: datetime, *, first: int, every: int) -> None:
    local = now.astimezone(pattern.site.zone)
    began = (
        local.date() - timedelta(days=1)
        if pattern.ends < pattern.starts and local.time() < pattern.ends
        else local.date()
    )
    cycles = BEFORE.days // every
    turn = Turn(began + timedelta(days=first - every * cycles), None, every)
    past = server_moment(now - BEFORE)
    rota = actions.put_in(new_id(), pattern, _person(login), turn, off={}, at=past)
    actions.extend(rota, off={}, at=now)


def _by_day(now: datetime, site: Site) -> bool:
    return MORNING <= now.astimezone(site.zone).time() < EVENING


def _areas() -> None:
    for code, login, trade in AREAS:
        place = session.scalars(select(Place).where(Place.code == code)).one()
        areas.make_responsible(new_id(), place, _person(login) if login else None, trade)


def _dispatch(now: datetime) -> None:
    """Each job as it was reported; then once more for what somebody took home unaccepted."""
    waiting = select(Ticket).where(Ticket.state == State.OPEN).order_by(Ticket.opened_at)
    for ticket in session.scalars(waiting).all():
        dispatch.dispatch(ticket, server_moment(ticket.opened_at))
    dispatch.again(list(session.scalars(dispatch.stale(now))), now)


def _hands(now: datetime) -> None:
    """wang asks for a second pair of hands; a colleague hands something to wang."""
    at, wang = server_moment(now - timedelta(minutes=6)), _person("wang")
    mine = next(_in_hand("wang"), None)
    if mine:
        hands.ask_for_help(mine, "灯盘较重，需要一人扶梯", by=wang, at=at)
    theirs = next(_in_hand("dian2"), None)
    if theirs:
        note = "要去手术室抢修，请王师傅接一下"
        hands.hand_over(theirs, wang, note, all_the_same=True, by=_person("dian2"), at=at)


def _in_hand(login: str) -> Iterator[Ticket]:
    query = select(Ticket).where(Ticket.owner_id == _person(login).id, Ticket.state == State.ACCEPTED)
    return iter(session.scalars(query.order_by(Ticket.opened_at)))


def _swaps(now: datetime) -> None:
    """One that wang is asked for, one that waits for the supervisor."""
    at = server_moment(now - timedelta(hours=2))
    for giver, taker, agreed in (("dian1", "wang", False), ("dian3", "dian5", True)):
        coming = queries.shifts_of(_person(giver).id, now + timedelta(days=2), now + timedelta(days=14))
        if coming:
            by, to = _person(giver), _person(taker)
            swap = swaps.propose(new_id(), coming[0], to, "家里有事，想换个班", other=None, by=by, at=at)
            if agreed:
                swaps.agree(swap, by=to, at=at)


def _site(code: str) -> Site:
    return session.scalars(select(Site).where(Site.code == code)).one()


def _person(login: str) -> Person:
    return session.scalars(select(Person).where(Person.login == login)).one()
