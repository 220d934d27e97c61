"""The last one on the shelf: of those who take it at the same moment one gets it, and the others are told.

`RACE_ROUNDS` and `CREWS` say how many times and how many takers: `make prove` does 200 rounds of 8.
"""

import os
from collections import Counter
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from crew_app import create_app
from crew_app.config import Settings
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.people.models import Person
from crew_app.stock import checks
from crew_app.stock.actions import Line, post, receive
from crew_app.stock.models import Account, Balance, Discrepancy, Item, Reason
from tests.support.processes import CREWS, together
from tests.support.world import World

ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))


def take_all(settings: Settings, world: World, items: list[UUID], signal: object) -> list[str]:
    """One taker: one of each item, in the same order as everybody."""
    with create_app(settings).app_context():
        person, store, bag = world.person("storekeeper"), world.accounts["store"], world.accounts["bag"]
        session.rollback()
        signal.wait(timeout=60)  # type: ignore[attr-defined]
        return [_take(person.id, store, bag, item) for item in items]


def _take(person: UUID, store: UUID, bag: UUID, item: UUID) -> str:
    try:
        with write_transaction():
            source, target = session.get_one(Account, store), session.get_one(Account, bag)
            line = Line(session.get_one(Item, item), Decimal(1), source, target)
            post(Reason.ISSUE, [line], by=session.get_one(Person, person), at=server_moment(), strict=True)
    except Refused as refusal:
        return refusal.code
    return "got it"


@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("postgres")
def test_the_last_one_goes_to_one_of_many(any_app, any_world):
    items = last_ones(any_app, any_world)
    answers = together(take_all, any_app.config["SETTINGS"], any_world, items)
    for place in range(len(items)):
        assert Counter(mine[place] for mine in answers) == {"got it": 1, "not-enough": CREWS - 1}
    with any_app.app_context():
        left = select(Balance.quantity).where(
            Balance.account_id == any_world.accounts["store"], Balance.item_id.in_(items)
        )
        assert set(session.scalars(left)) == {Decimal(0)}
        assert session.scalar(select(Discrepancy.id)) is None
        assert [*checks.drifts(), *checks.misvalued(), *checks.breaks()] == []


def last_ones(app, world):
    """Items of which the store has one each."""
    with app.app_context(), write_transaction():
        keeper, supplier, store = world.person("storekeeper"), world.account("supplier"), world.account("store")
        items = [
            Item(id=new_id(), code=f"LAST-{n}", name=f"末件{n}", unit="个", price=Decimal(1)) for n in range(ROUNDS)
        ]
        session.add_all(items)
        session.flush()
        for item in items:
            receive(item, Decimal(1), supplier, store, by=keeper, at=server_moment())
        return [item.id for item in items]
