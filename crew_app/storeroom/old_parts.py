"""Old for new (交旧领新): old parts people still owe, what they hand in, and what lies off the books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock.accounts import common
from crew_app.stock.actions import Line, Why, post
from crew_app.stock.models import Account, AccountKind, Balance, Item, Move, Reason
from crew_app.storeroom.lateness import late
from crew_app.storeroom.slips import Asked


@dataclass(frozen=True, slots=True)
class Owed:
    """Old parts somebody has taken out and not handed in."""

    account: Account
    item: Item
    quantity: Decimal


def owed(person: Person) -> list[Owed]:
    """Who owes what: everybody where one keeps or approves stock, elsewhere what one owes oneself."""
    sites = person.sites_with(Right.KEEP_STOCK) | person.sites_with(Right.APPROVE_STOCK)
    seen = or_(Account.site_id.in_(sites), Account.person_id == person.id)
    return [Owed(*row) for row in session.execute(_held(AccountKind.OWED).where(seen))]


def owed_by(person_id: UUID, site_id: UUID) -> list[Owed]:
    """What one person owes at a site."""
    query = _held(AccountKind.OWED).where(Account.person_id == person_id, Account.site_id == site_id)
    return [Owed(*row) for row in session.execute(query)]


def off_the_books(site_ids: Iterable[UUID]) -> list[Owed]:
    """Old parts and other goods without value that lie at these sites."""
    query = _held(AccountKind.OFF_BOOK).where(Account.site_id.in_(site_ids))
    return [Owed(*row) for row in session.execute(query)]


def hand_in(account: Account, lines: Sequence[Asked], note: str = "", *, by: Person, at: Moment) -> Move:
    """Take old parts in: they are owed no more and lie off the books.

    `Refused` ("not-owed") for more than is owed; what was taken in without a network was taken in.
    """
    if account.kind is not AccountKind.OWED or not by.can(Right.KEEP_STOCK, account.site_id):
        raise Forbidden("may-not", N_("Only the storekeeper does this."))
    owing = {row.item.id: row.quantity for row in owed_by(_holder(account), account.site_id)}
    for line in lines:
        if line.quantity > owing.pop(line.item.id, Decimal(0)) and not late(at):
            words = N_("So much of %(item)s is not owed. Check the quantity.")
            raise Refused("not-owed", words, item=f"{line.item.name} {line.item.spec}".strip())
    shelf = common(account.site_id, AccountKind.OFF_BOOK)
    moves = [Line(line.item, line.quantity, account, shelf) for line in lines]
    return post(Why(Reason.OLD_PART, note), moves, by=by, at=at)[0]


def _holder(account: Account) -> UUID:
    if account.person_id is None:
        raise LookupError("an account of old parts without a person")
    return account.person_id


def _held(kind: AccountKind) -> Select[Account, Item, Decimal]:
    return (
        select(Account, Item, Balance.quantity)
        .join(Balance, Balance.account_id == Account.id)
        .join(Item, Item.id == Balance.item_id)
        .where(Account.kind == kind, Balance.quantity > 0)
        .options(joinedload(Account.person))
        .order_by(Account.name, Account.id, Item.name, Item.spec)
    )
