"""What goods cost: the moving average (移动加权平均) of a site's stock, kept with each posting."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.stock.models import OWNED, Account, Item, Valuation, value_of


class Costs:
    """The valuations that one posting touches, in the order of its lines. Needs the ledger's lock."""

    def __init__(self, site_id: UUID, items: set[UUID]) -> None:
        query = select(Valuation).where(Valuation.site_id == site_id, Valuation.item_id.in_(items))
        self.site_id = site_id
        self.known = {valuation.item_id: valuation for valuation in session.scalars(query)}

    def average(self, item: Item) -> Decimal:
        """What a unit is worth now: the moving average, else the last price paid, else the price of the catalogue."""
        valuation = self.known.get(item.id)
        if valuation is None:
            return item.price
        return valuation.average or valuation.last_price or item.price

    def keep(self, item: Item, quantity: Decimal, unit_cost: Decimal, source: Account, target: Account) -> None:
        """Count goods that enter or leave the stock; what moves within it changes nothing."""
        entering = (target.kind in OWNED) - (source.kind in OWNED)
        if not entering:
            return
        valuation = self._valuation(item)
        valuation.quantity += entering * quantity
        valuation.value += entering * value_of(quantity, unit_cost)

    def paid(self, item: Item, price: Decimal) -> None:
        """Remember what was paid for it last."""
        self._valuation(item).last_price = price

    def _valuation(self, item: Item) -> Valuation:
        found = self.known.get(item.id)
        if found is None:
            found = Valuation(site_id=self.site_id, item_id=item.id, quantity=Decimal(0), value=Decimal(0))
            self.known[item.id] = found
            session.add(found)
        return found
