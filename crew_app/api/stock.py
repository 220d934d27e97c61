"""Materials (物资): catalogue, what stores hold, what was moved. Quantities and yuan are decimal strings."""

from uuid import UUID

from crew_app.api.common import ITEM_REF, PERSON, SHORT, both, maybe, where
from crew_app.api.declared import Asked, Page, lists, shows, sliced
from crew_app.api.kinds import Choice, Exact, Field, Flag, Id, Shape, Text, Time
from crew_app.connections import lists as rows
from crew_app.connections.scopes import Scope
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.stock.models import Account, AccountKind, Item, Reason
from crew_app.web.tokens import TokenRule

READ = TokenRule(Scope.STOCK_READ, Right.SEE_STOCK)
AMOUNT, YUAN = Exact(12, 3), Exact(14, 4)
ITEM = Shape(
    "Item",
    (
        *ITEM_REF.fields,
        Field("spec", SHORT),
        Field("category", SHORT),
        Field("price", YUAN, "Yuan per unit"),
        Field("is_tool", Flag(), "Lent, not used up"),
    ),
)
STORE = Shape("Store", (Field("id", Id()), *both()))
ACCOUNT = Shape("Account", (Field("id", Id()), Field("kind", Choice(AccountKind)), *both()))
BALANCE = Shape("Balance", (Field("item", ITEM_REF), Field("quantity", AMOUNT)))
MOVE = Shape(
    "Move",
    (
        Field("id", Id()),
        Field("at", Time(), get=lambda move: move.posting.at),
        Field("reason", Choice(Reason), get=lambda move: move.posting.reason),
        Field("item", ITEM_REF),
        Field("quantity", AMOUNT),
        Field("unit_cost", YUAN, "Yuan per unit"),
        Field("from", ACCOUNT, get=lambda move: move.from_account),
        Field("to", ACCOUNT, get=lambda move: move.to_account),
        maybe("ticket_id", Id(), "The job it was used on", lambda move: move.to_account.ticket_id),
        maybe("department_id", Id(), "The department it went to", lambda move: move.to_account.department_id),
        Field("person", PERSON, "Who booked it", lambda move: move.posting.person),
        maybe("reverses_id", Id(), "The move that this one takes back"),
    ),
)


@lists(
    "/stock/items",
    ITEM,
    READ,
    about="The catalogue by code",
    query=(Field("code", Text(30, 1), "Only the one with this code", needed=False),),
)
def list_items(asked: Asked) -> Page:
    """Materials: one list for all sites."""
    return sliced(rows.items(where(asked), asked.query.get("code")), asked.limit)


@shows("/stock/items/<uuid:item_id>", ITEM, READ, about="One material")
def show_item(asked: Asked, item_id: UUID) -> Item:
    """A material."""
    return rows.of_site(Item, asked.site_id, item_id)


@lists("/stock/stores", STORE, READ, about="The stores of the site")
def list_stores(asked: Asked) -> Page:
    """Stores."""
    return sliced(rows.stores(where(asked)), asked.limit)


@lists("/stock/stores/<uuid:store_id>/balances", BALANCE, READ, about="What a store holds; nothing at zero")
def list_balances(asked: Asked, store_id: UUID) -> Page:
    """Balances; `after` is the id of a material."""
    store = rows.of_site(Account, asked.site_id, store_id)
    if store.kind is not AccountKind.STORE:
        raise Unseen("unknown", N_("This is not known here."))
    return sliced(rows.balances(store, where(asked)), asked.limit, lambda balance: balance.item_id)


@lists(
    "/stock/moves",
    MOVE,
    READ,
    about="The ledger from the newest move on",
    query=(
        Field("item_id", Id(), needed=False),
        Field("store_id", Id(), "Only moves out of this store or into it", needed=False),
    ),
)
def list_moves(asked: Asked) -> Page:
    """Moves."""
    return sliced(rows.moves(where(asked), asked.query.get("item_id"), asked.query.get("store_id")), asked.limit)
