"""What is going on in the storeroom when the demo is opened: wards ask, tools are lent, old parts owed, bins counted.

Everything is done by the same actions as in life, so that it cannot be in a state that they would not leave.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.demo import goods
from crew_app.demo.at_hand import BOSS, KEEPER, ago, item, person, store
from crew_app.places.models import Department
from crew_app.stock.models import Item
from crew_app.storeroom import departments, issues, levels, loans, requests
from crew_app.storeroom.counts import actions as counts
from crew_app.storeroom.counts.comparison import Books, compare, expected
from crew_app.storeroom.counts.models import Scope, StockCount
from crew_app.storeroom.models import Slip
from crew_app.storeroom.slips import Asked
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import UNDER_WORK

WISHES = (
    (9, "chen", "每月领用", (("DZ-0002", 20), ("DZ-0003", 6)), "handed out"),
    (2, "hu1", "", (("DZ-0005", 6),), "approved"),
    (1, "hu6", "急用，今晚要换", (("DZ-0001", 4), ("DZ-0008", 2)), "asked"),
    (0, "chen", "下月备用", (("DZ-0004", 24),), "asked"),
)
LOANS = ((200, "shui1", "GJ-0005"), (24, "wang", "GJ-0001"), (3, "dian1", "GJ-0006"))
"""How many days ago who borrowed which tool; the first has not been looked at for half a year."""
OWED = (("wang", "DG-0002", 4), ("dian2", "DG-0003", 1))
COUNTS = ((26, "A-01-1", "approved"), (1, "A-02-1", "proposed"), (0, "B-01-1", "open"))


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction; `now` is when the hospital is found."""
    goods.stir(now)
    lend(now)
    ask(now)
    owe(now)
    count(now)
    session.flush()


def lend(now: datetime) -> None:
    """Tools that are out."""
    for days, login, code in LOANS:
        lines = [Asked(item(code), Decimal(1))]
        loans.lend(loans.Lending(new_id(), store(), person(login), lines), by=person(KEEPER), at=ago(now, days, 8))


def ask(now: datetime) -> None:
    """What the wards ask for, each as far as it came."""
    for days, login, note, wanted, state in WISHES:
        lines, site_id = [Asked(item(code), Decimal(number)) for code, number in wanted], store().site_id
        urgent = note.startswith("急")
        wish = requests.Wish(new_id(), site_id, lines, department=_ward(login), urgent=urgent, note=note)
        slip = requests.ask(wish, by=person(login), at=ago(now, days, 6))
        if state != "asked":
            requests.approve(slip, {}, by=person(BOSS), at=ago(now, days, 5))
        if state == "handed out":
            _hand_out(slip, lines, ago(now, days - 1, 4))


def owe(now: datetime) -> None:
    """New parts that went out for a job; the old ones have not been brought back."""
    for login, code, number in OWED:
        receiver = person(login)
        job = session.scalars(
            select(Ticket).where(Ticket.owner == receiver, Ticket.state.in_(UNDER_WORK)).limit(1)
        ).first()
        if job is None:
            continue
        lines = [Asked(item(code), Decimal(number))]
        handing = issues.Handing(new_id(), store(), receiver, lines, ticket=job, over_reserved=True)
        issues.hand_out(handing, by=person(KEEPER), at=server_moment(now))


def count(now: datetime) -> None:
    """Counts of single bins: one decided, one that waits for a decision, one that goes on."""
    for days, name, state in COUNTS:
        plan = counts.Plan(new_id(), store(), Scope.BIN, name)
        found = counts.open_count(plan, by=person(KEEPER), at=ago(now, days, 3))
        listed = expected(found.id)
        _tally(found, listed[: len(listed) // 2] if state == "open" else listed, ago(now, days, 2))
        if state != "open":
            counts.propose(found, by=person(KEEPER), at=ago(now, days, 1))
        if state == "approved":
            counts.approve(found, compare(found).fingerprint, by=person(BOSS), at=ago(now, days - 1, 1))


def _tally(found: StockCount, items: Sequence[Item], at: Moment) -> None:
    """What the books had, but for the first material, of which one is missing."""
    books = Books(found.account_id, [one.id for one in items], found.opened_at)
    for number, one in enumerate(items):
        quantity = max(books.at(one.id, at.at) - (number == 0), Decimal(0))
        tally = counts.Tally(new_id(), one, quantity, levels.bin_of(found.account_id, one.id))
        counts.enter(found, tally, by=person(KEEPER), at=at)


def _hand_out(slip: Slip, lines: Sequence[Asked], at: Moment) -> None:
    handing = issues.Handing(new_id(), store(), slip.person, lines, request=slip)
    issues.hand_out(handing, by=person(KEEPER), at=at)


def _ward(login: str) -> Department:
    return departments.own(person(login))[0]
