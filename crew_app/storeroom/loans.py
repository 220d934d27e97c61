"""Tool loans (工具借用): who holds which tool since when, taken back, and looked at every half year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, or_, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock.accounts import personal
from crew_app.stock.actions import Line, Why, post
from crew_app.stock.models import Account, AccountKind, Balance, Item, Move, Posting, Reason
from crew_app.storeroom import slips
from crew_app.storeroom.lateness import late
from crew_app.storeroom.models import Slip, SlipKind
from crew_app.storeroom.slips import Asked, Draft, Drawn
from crew_app.storeroom.ward_models import LoanCheck

CHECKED_EVERY = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Loan:
    """A tool somebody holds: how many, since the last of them was fetched, and when it was last looked at."""

    account: Account
    item: Item
    quantity: Decimal
    since: datetime
    checked_at: datetime | None

    def overdue(self, at: datetime) -> bool:
        """Whether nobody has looked at it for half a year."""
        return at - max(self.since, self.checked_at or self.since) > CHECKED_EVERY


@dataclass(frozen=True, slots=True)
class Lending:
    """Tools that somebody fetches from a store."""

    slip_id: UUID
    store: Account
    borrower: Person
    lines: Sequence[Asked]
    signatures: Sequence[Drawn] = ()
    note: str = ""


def lend(lending: Lending, *, by: Person, at: Moment) -> Slip:
    """Book tools out of a store on to somebody, with a slip."""
    _may_keep(lending.store, by)
    for line in lending.lines:
        if not line.item.is_tool:
            raise Refused("not-a-tool", N_("%(item)s is no tool. Hand it out instead."), item=line.item.name)
    target = personal(lending.borrower, lending.store.site_id, AccountKind.LOAN)
    draft = Draft(
        slip_id=lending.slip_id,
        kind=SlipKind.ISSUE,
        site_id=lending.store.site_id,
        lines=lending.lines,
        store=lending.store,
        other=target,
        note=lending.note,
    )
    slip = slips.make(draft, by=by, at=at)
    for drawn in lending.signatures:
        slips.sign(slip, drawn, at=at)
    lines = [Line(line.item, line.quantity, lending.store, target) for line in lending.lines]
    slips.carry_out(slip, Reason.LOAN, lines, by=by, at=at, strict=not late(at))
    return slip


def take_back(
    loan: Account, item: Item, quantity: Decimal, store: Account, note: str = "", *, by: Person, at: Moment
) -> None:
    """Put a tool back into a store; `Refused` ("not-enough") for more than was lent, unless it has happened already."""
    _may_keep(store, by)
    post(Why(Reason.LOAN, note), [Line(item, quantity, loan, store)], by=by, at=at, strict=not late(at))


def check(loan: Account, item: Item, *, by: Person, at: Moment) -> LoanCheck:
    """Note that somebody looked at a lent tool."""
    if not _quantity(loan, item) > 0:
        raise Refused("not-lent", N_("This tool is not lent to this person any more."))
    found = LoanCheck(id=new_id(), site_id=loan.site_id, account_id=loan.id, item_id=item.id, person_id=by.id, at=at.at)
    session.add(found)
    session.flush()
    return found


def account(person: Person, account_id: UUID, kind: AccountKind = AccountKind.LOAN) -> Account:
    """The loans (or owed old parts) of somebody at a site where one keeps the stock."""
    found = session.get(Account, account_id)
    if found is None or found.kind is not kind or found.site_id not in person.sites_with(Right.KEEP_STOCK):
        raise Unseen("unknown-account", N_("This store is not known."))
    return found


def loans(person: Person) -> list[Loan]:
    """Who holds what: all of it where one keeps or approves stock, elsewhere what one holds oneself."""
    sites = person.sites_with(Right.KEEP_STOCK) | person.sites_with(Right.APPROVE_STOCK)
    query = (
        select(Account, Item, Balance.quantity, _since(), _checked())
        .join(Balance, Balance.account_id == Account.id)
        .join(Item, Item.id == Balance.item_id)
        .where(Account.kind == AccountKind.LOAN, Balance.quantity > 0)
        .where(or_(Account.site_id.in_(sites), Account.person_id == person.id))
        .order_by(Account.name, Account.id, Item.name, Item.spec)
    )
    return [Loan(*row) for row in session.execute(query)]


def tools(stores: Sequence[Account]) -> list[tuple[Item, Decimal]]:
    """Tools that lie in these stores, and how many."""
    query = (
        select(Item, func.sum(Balance.quantity))
        .join(Balance, Balance.item_id == Item.id)
        .where(Item.is_tool.is_(True), Balance.account_id.in_([store.id for store in stores]), Balance.quantity > 0)
        .group_by(Item.id)
        .order_by(Item.name, Item.spec)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _since() -> ScalarSelect[Any]:
    into = (Move.to_account_id == Account.id) & (Move.item_id == Item.id) & Move.reverses_id.is_(None)
    last = select(func.max(Posting.at)).join(Move, Move.posting_id == Posting.id).where(into)
    return last.correlate(Account, Item).scalar_subquery()


def _checked() -> ScalarSelect[Any]:
    here = (LoanCheck.account_id == Account.id) & (LoanCheck.item_id == Item.id)
    return select(func.max(LoanCheck.at)).where(here).correlate(Account, Item).scalar_subquery()


def _quantity(loan: Account, item: Item) -> Decimal:
    found = session.get(Balance, (loan.id, item.id))
    return found.quantity if found else Decimal(0)


def _may_keep(store: Account, by: Person) -> None:
    if store.kind is not AccountKind.STORE or not by.can(Right.KEEP_STOCK, store.site_id):
        raise Forbidden("may-not", N_("Only the storekeeper does this."))
