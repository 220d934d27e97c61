"""What came into the demo's storeroom and what left it: ordered, received, partly sent back, moved, written off."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.demo.at_hand import BOSS, KEEPER, ago, item, person, store
from crew_app.people.models import Site
from crew_app.stock.accounts import personal
from crew_app.stock.models import AccountKind
from crew_app.storeroom import purchases, receipts, transfers, write_offs
from crew_app.storeroom.models import Slip
from crew_app.storeroom.slips import Asked
from crew_app.storeroom.sums import first_of_month

Came = tuple[str, int, int, str, str]
PURCHASES: tuple[tuple[int, int, tuple[tuple[str, int, str], ...]], ...] = (
    (24, 0, (("DG-0001", 50, "月用量"), ("DG-0006", 20, "月用量"), ("DZ-0003", 48, "各科室每月领用"))),
    (2, 1, (("DG-0009", 100, "月用量"), ("XF-0001", 12, "到期更换"))),
)
"""How many days ago which list was made, and for how many months ahead; the first was ordered."""
DELIVERIES: tuple[tuple[int, str, str, tuple[Came, ...]], ...] = (
    (
        15,
        "市照明器材公司",
        "SH-20261109",
        (("DG-0001", 50, 46, "12.20", "4 支灯头开裂，退回"), ("DG-0006", 20, 20, "18.00", "")),
    ),
    (4, "康洁日化配送", "KJ-3381", (("DZ-0003", 24, 24, "9.80", ""),)),
)
"""Deliveries against the first list: code, how many came, how many were accepted, at what price, what was wrong."""
LOSSES = (
    (12, "DG-0001", 3, "搬运时摔碎", "approved"),
    (1, "XF-0001", 2, "超过有效期，压力不足", "proposed"),
    (0, "GJ-0004", 1, "进水，厂家无法修复", "proposed"),
)
"""Write-offs: the last is above what a supervisor may decide."""
MOVES = ((6, "wang", "DG-0007", 2, "back"), (3, "dian1", "DG-0006", 4, "out"))
"""Goods that went back from somebody's bag into the store, or into it."""


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction."""
    ordered = [_order(now, *entry) for entry in PURCHASES]
    for delivery in DELIVERIES:
        _receive(now, ordered[0], *delivery)
    for loss in LOSSES:
        _write_off(now, *loss)
    for move in MOVES:
        _move(now, *move)


def _order(now: datetime, days: int, ahead: int, lines: Sequence[tuple[str, int, str]]) -> Slip:
    site = session.get_one(Site, store().site_id)
    month = first_of_month(now.astimezone(site.zone).date(), ahead)
    asked = [Asked(item(code), Decimal(number), reason=reason) for code, number, reason in lines]
    slip = purchases.make(purchases.Plan(new_id(), site, month, asked), by=person(KEEPER), at=ago(now, days, 5))
    if ahead == 0:
        purchases.decide(slip, "", yes=True, by=person(BOSS), at=ago(now, days, 2))
    return slip


def _receive(now: datetime, plan: Slip, days: int, supplier: str, note: str, lines: Sequence[Came]) -> None:
    asked = [
        Asked(item(code), Decimal(came), Decimal(good), Decimal(price), reason=reason)
        for code, came, good, price, reason in lines
    ]
    delivery = receipts.Delivery(new_id(), store(), asked, supplier, note, based_on=plan)
    receipts.receive(delivery, by=person(KEEPER), at=ago(now, days, 4))


def _write_off(now: datetime, days: int, code: str, number: int, reason: str, state: str) -> None:
    lines = [Asked(item(code), Decimal(number), reason=reason)]
    slip = write_offs.propose(write_offs.Proposal(new_id(), store(), lines), by=person(KEEPER), at=ago(now, days, 3))
    if state == "approved":
        write_offs.approve(slip, by=person(BOSS), at=ago(now, days, 1))


def _move(now: datetime, days: int, login: str, code: str, number: int, way: str) -> None:
    bag, main = personal(person(login), store().site_id, AccountKind.BAG), store()
    source, target = (bag, main) if way == "back" else (main, bag)
    handover = transfers.Handover(new_id(), source, target, [Asked(item(code), Decimal(number))])
    transfers.move(handover, by=person(KEEPER), at=ago(now, days, 2))
