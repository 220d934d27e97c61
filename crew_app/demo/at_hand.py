"""What the scenes of the demo need to name: its people, materials and the main store, and moments before now."""

from datetime import datetime, timedelta

from sqlalchemy import select

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.stock.models import Account, AccountKind, Item

KEEPER, BOSS = "zhao", "li"


def ago(now: datetime, days: int, hours: int) -> Moment:
    """So long before now, by all clocks."""
    return server_moment(now - timedelta(days=days, hours=hours))


def person(login: str) -> Person:
    """Somebody by the name they sign in with."""
    return session.scalars(select(Person).filter_by(login=login)).one()


def item(code: str) -> Item:
    """A material by its code."""
    return session.scalars(select(Item).filter_by(code=code)).one()


def store() -> Account:
    """The storekeeper's store."""
    query = select(Account).filter_by(site_id=person(KEEPER).memberships[0].site_id, kind=AccountKind.STORE)
    return session.scalars(query).one()
