"""Stock counts for tests, made as phones make them."""

from crew_app.core.ids import new_id
from tests.support.client import accepted
from tests.support.counting import sql


def begin(sign_in, world, **more):
    """The address of a new count of the north's store."""
    count_id = str(new_id())
    fields = {"count_id": count_id, "account_id": str(world.accounts["store"]), "scope": "full"} | more
    return accepted(sign_in("storekeeper").send("/stock/counts", fields), 201)


def found(world, item, quantity, **more):
    """The fields of one entry."""
    return {"entry_id": str(new_id()), "item_id": str(world.items[item]), "quantity": str(quantity)} | more


def tally(client, path, world, item, quantity, made_at=None, **more):
    """Count something."""
    options = {"made_at": made_at} if made_at else {}
    return accepted(client.send(f"{path}/entries", found(world, item, quantity, **more), **options))


def hand_in(sign_in, path, login="storekeeper"):
    """Propose a count."""
    return accepted(sign_in(login).send(f"{path}/proposal"))


def shown(client, path):
    """The fingerprint on the page of the differences."""
    (field,) = client.page(f"{path}/differences").all("input", name="fingerprint")
    return {"fingerprint": field.get("value")}


def approve(client, path):
    """Approve what the page shows."""
    return accepted(client.send(f"{path}/approval", shown(client, path)))


def balance(app, item, account="store"):
    """How much an account of the north has."""
    query = """SELECT b.quantity FROM balances b JOIN items i ON i.id = b.item_id JOIN accounts a ON a.id = b.account_id
               JOIN sites s ON s.id = a.site_id WHERE s.code = 'north' AND a.kind = :kind AND i.code = :item"""
    rows = sql(app, query, kind=account, item=item)
    return int(str(rows[0][0])) / 1000 if rows else 0
