"""PINs for shared phones: set with the password, tried at most five times in a row.

A try is counted before it is looked at, in a transaction of its own: a hundred guesses at once are still five.
The slow comparison stands outside every transaction.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from crew_app.core.db import session
from crew_app.core.errors import Forbidden
from crew_app.core.upserts import insert
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.phones.models import Pin
from crew_app.phones.rules import TRIES


def check_may_have(person: Person) -> None:
    """`Forbidden` for whoever manages other people's rights: four digits are too little for that."""
    if person.can(Right.MANAGE_PEOPLE):
        raise Forbidden("may-not", N_("Administrators sign in with their password, also on a shared phone."))


def keep(person: Person, pin_hash: str, *, at: datetime) -> None:
    """Set or replace a person's PIN."""
    values = {"pin_hash": pin_hash, "tries": 0, "set_at": at}
    row = insert()(Pin).values(person_id=person.id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))


def count_try(person_id: UUID | None) -> bool:
    """Count a try; False when there were too many before it, or there is no PIN."""
    tried = update(Pin).where(Pin.person_id == person_id, Pin.tries < TRIES).values(tries=Pin.tries + 1)
    return session.scalar(tried.returning(Pin.person_id)) is not None


def forgive(person: Person) -> None:
    """It was the right person after all: their tries do not count any more."""
    session.execute(update(Pin).where(Pin.person_id == person.id, Pin.tries > 0).values(tries=0))


def hash_of(person_id: UUID | None) -> str | None:
    """What is kept of a person's PIN."""
    pin = session.get(Pin, person_id) if person_id else None
    return pin.pin_hash if pin else None
