"""Questions to the ledger, always within the sites a person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.hints import unindexed
from crew_app.core.newest import newest_ids
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock.models import Account, AccountKind, Balance, Discrepancy, Item, Move, Posting

PAGE = 50
_MOVE = (
    joinedload(Move.item),
    joinedload(Move.posting),
    joinedload(Move.from_account),
    joinedload(Move.to_account),
)


@dataclass(frozen=True, slots=True)
class Held:
    """An item with how much of it an account holds."""

    item: Item
    quantity: Decimal


def item(item_id: UUID) -> Item:
    """An item of the catalogue, which every member of the crew may see."""
    found = session.get(Item, item_id)
    if found is None:
        raise Unseen("unknown-item", N_("This item is not in the catalogue."))
    return found


def account(person: Person, account_id: UUID) -> Account:
    """A bag of one's own or a store, at a site where the person may see stock."""
    found = session.get(Account, account_id)
    if found is None or found.site_id not in person.sites_with(Right.SEE_STOCK):
        raise Unseen("unknown-account", N_("This store is not known."))
    own = found.kind is not AccountKind.BAG or found.person_id == person.id
    if not own and not person.can(Right.KEEP_STOCK, found.site_id):
        raise Unseen("unknown-account", N_("This store is not known."))
    return found


def bag(person: Person, site_id: UUID) -> Account | None:
    """The person's own bag at a site, if there is one yet."""
    return session.scalar(select(Account).filter_by(site_id=site_id, kind=AccountKind.BAG, person_id=person.id))


def bags(person: Person) -> Sequence[Account]:
    """The person's own bags at all sites."""
    return session.scalars(select(Account).filter_by(kind=AccountKind.BAG, person_id=person.id)).all()


def stores(site_ids: Iterable[UUID]) -> Sequence[Account]:
    """The stores of these sites."""
    query = select(Account).where(Account.kind == AccountKind.STORE, Account.site_id.in_(site_ids))
    return session.scalars(query.order_by(Account.name)).all()


def held(account_id: UUID) -> list[Held]:
    """What an account holds now, by category and name; items at zero are left out."""
    query = (
        select(Item, Balance.quantity)
        .join(Balance, Balance.item_id == Item.id)
        .where(Balance.account_id == account_id, Balance.quantity != 0)
        .order_by(Item.category, Item.name, Item.spec)
    )
    return [Held(item, quantity) for item, quantity in session.execute(query)]


def on_hand(item_ids: Iterable[UUID], account_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """Quantity per item, summed over these accounts (a handful: the stores of a site, or one bag)."""
    query = (
        select(Balance.item_id, func.sum(Balance.quantity))
        .where(Balance.item_id.in_(item_ids), Balance.account_id.in_(account_ids))
        .group_by(Balance.item_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def items(text: str = "", after: str = "", limit: int = PAGE) -> Sequence[Item]:
    """Items whose name, code, specification or pinyin contains every word of the text, paged by code."""
    query = _matching(select(Item), text).where(Item.code > after).order_by(Item.code)
    return session.scalars(query.limit(limit)).all()


def _matching(query: Select[Item], text: str) -> Select[Item]:
    for word in text.casefold().split()[:6]:
        columns = (Item.name, Item.spec, Item.code, Item.pinyin, Item.name_en)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query


def moves_of_item(person: Person, item_id: UUID, before: UUID | None = None, limit: int = PAGE) -> Sequence[Move]:
    """The newest moves of an item at the sites where the person may see stock, by the server's order.

    `before` is the id of the last one seen.
    """
    query = select(Move).where(Move.item_id == item_id)
    last = session.get(Move, before) if before else None
    if last:
        query = query.where(tuple_(Move.posting_id, Move.id) < (last.posting_id, last.id))
    heaps = [Move.site_id == site_id for site_id in person.sites_with(Right.SEE_STOCK)]
    order = (Move.posting_id, Move.id)
    found = select(Move).where(newest_ids(query, Move.id, heaps, order, limit)).options(*_MOVE)
    return session.scalars(found.order_by(*(column.desc() for column in order)).limit(limit)).all()


def moves_of_account(account_id: UUID) -> Sequence[Move]:
    """All moves into or out of a small account (a ticket's), oldest first."""
    query = select(Move).join(Posting).where(or_(Move.to_account_id == account_id, Move.from_account_id == account_id))
    return session.scalars(query.options(*_MOVE).order_by(Posting.received_at, Move.id)).all()


def open_discrepancies(person: Person, limit: int = PAGE) -> Sequence[Discrepancy]:
    """Over-use that nobody has settled yet, newest first."""
    query = select(Discrepancy).where(
        Discrepancy.settled_at.is_(None), Discrepancy.site_id.in_(person.sites_with(Right.SEE_STOCK))
    )
    return session.scalars(query.order_by(Discrepancy.id.desc()).limit(limit)).all()


def unsettled(move_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these moves that somebody still has to settle."""
    query = select(Discrepancy.move_id).where(Discrepancy.settled_at.is_(None), Discrepancy.move_id.in_(list(move_ids)))
    return set(session.scalars(query))


def holdings(person: Person, item_id: UUID) -> Sequence[Balance]:
    """Where an item lies that one can touch: stores, and bags (other people's only for a storekeeper)."""
    kept = or_(Account.person_id == person.id, Account.site_id.in_(person.sites_with(Right.KEEP_STOCK)))
    mine = (AccountKind.STORE, AccountKind.BAG)  # few; the accounts of all jobs that used it are not looked at
    shown = select(Account.id).where(Account.kind.in_(mine), or_(Account.kind == AccountKind.STORE, kept))
    shown = shown.where(Account.site_id.in_(person.sites_with(Right.SEE_STOCK)))
    query = (
        select(Balance)
        .join(Balance.account)
        .where(unindexed(Balance.item_id) == item_id, Balance.quantity != 0, Balance.account_id.in_(shown))
        .options(contains_eager(Balance.account).joinedload(Account.person))
        .order_by(Account.kind.desc(), Account.name)
    )
    return session.scalars(query).all()
