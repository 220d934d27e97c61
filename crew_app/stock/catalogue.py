"""The catalogue: what a site's storekeeper may put on it and correct; one list for all sites."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, or_, select

from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.stock.models import Account, AccountKind, Item, Move


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of a material says; price in yuan per unit, `pack_size` in units (1 without packs)."""

    name: str
    unit: str
    code: str = ""
    name_en: str = ""
    spec: str = ""
    category: str = ""
    price: Decimal = Decimal(0)
    pack_unit: str = ""
    pack_size: Decimal = Decimal(1)
    old_for_new: bool = False
    is_tool: bool = False
    requestable: bool = False


def add_item(item_id: UUID, card: Card) -> Item:
    """Put a material on the list; without a code it gets the next free number."""
    if session.get(Item, item_id):
        raise Refused("item-known", N_("This material is on the list already."))
    item = Item(id=item_id, code=card.code or _next_code())
    _write(item, card)
    _need_free(item.code, item_id)
    session.add(item)
    session.flush()
    return item


def correct_item(item: Item, card: Card) -> None:
    """Correct a card. The unit stays once something was booked in it: the books would mean something else."""
    booked = session.scalar(select(Move.id).where(Move.item_id == item.id).limit(1))
    if booked and card.unit != item.unit:
        raise Refused("unit-fixed", N_("The unit can't be changed any more: the books have entries in it."))
    if card.code and card.code != item.code:
        _need_free(card.code, item.id)
        item.code = card.code
    _write(item, card)
    session.flush()


def add_store(account_id: UUID, site_id: UUID, name: str, name_en: str = "") -> Account:
    """Open a store at a site."""
    if session.get(Account, account_id):
        raise Refused("store-known", N_("This store was already opened."))
    if not name.strip():
        raise Refused("words-missing", N_("Please give it a name."))
    store = Account(id=account_id, site_id=site_id, kind=AccountKind.STORE, name=name[:80], name_en=name_en[:80])
    session.add(store)
    session.flush()
    return store


def pinyin(text: str) -> str:
    """Full pinyin and initials of each word, lower case, for typing."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 56 MB of dictionaries, for whoever writes the catalogue

    words = text.lower().split()
    full = ("".join(lazy_pinyin(word)) for word in words)
    initials = ("".join(lazy_pinyin(word, style=Style.FIRST_LETTER)) for word in words)
    return " ".join(dict.fromkeys([*full, *initials]))[:200]


def _write(item: Item, card: Card) -> None:
    if not card.name or not card.unit:
        raise Refused("words-missing", N_("A material needs a name and a unit."))
    item.name, item.name_en, item.spec, item.category = card.name, card.name_en, card.spec, card.category
    item.unit, item.price, item.pinyin = card.unit, card.price, pinyin(f"{card.name} {card.spec}")
    item.pack_unit = card.pack_unit if card.pack_size != 1 else ""
    item.pack_size = card.pack_size if item.pack_unit else Decimal(1)
    item.old_for_new, item.is_tool, item.requestable = card.old_for_new, card.is_tool, card.requestable


def _need_free(code: str, item_id: UUID) -> None:
    if session.scalar(select(Item.id).where(func.lower(Item.code) == code.lower(), Item.id != item_id)):
        raise Refused("code-taken", N_("Another material has this code."))


def _next_code() -> str:
    """`WL-0001` and so on."""
    last = session.scalar(select(func.max(Item.code)).where(or_(Item.code.like("WL-____"), Item.code.like("WL-_____"))))
    digits = (last or "")[3:]
    return f"WL-{(int(digits) if digits.isdecimal() else 0) + 1:04d}"
