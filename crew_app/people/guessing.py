"""Guessing passwords and codes gets slow, without one guesser locking out a ward.

A browser in which somebody signed in before has a count of its own, so what others guess elsewhere does not hold that
person up. All other tries are counted by name and address, by name, and by address: hundreds of people may share one
address, so that last count is generous and touches nobody whose phone is known.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from uuid import UUID

from sqlalchemy import case, delete, func, select, update

from crew_app.core.db import session
from crew_app.core.errors import TooMany
from crew_app.core.upserts import insert
from crew_app.core.words import N_
from crew_app.people.limits import profile
from crew_app.people.models import Person
from crew_app.people.record_models import Guess

REMEMBERED = timedelta(days=1)
"""Wrong tries are forgotten when nothing followed for so long."""
LONGEST_WAIT = timedelta(hours=1)
PER_ADDRESS = 200
"""Wrong tries that browsers which nobody knows may make from one address at once, whatever the names."""
_EACH = timedelta(minutes=1)
"""Then one more in this time; what is not used is saved up."""
_BY_NAME = 3
"""By name alone so many times as many tries are free as by name and address."""
_FIRST_BY_NAME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody tries: the address, and the phone if that person signed in on it before."""

    address: str
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One count: its key, how many tries are free, and the first wait after them (nothing: a steady pace)."""

    key: str
    free: int
    wait: timedelta | None


def plain(login: str) -> str:
    """A log-in name as it is compared and counted."""
    return "".join(letter for letter in login.strip().lower() if letter.isprintable())[:60]


def of_name(login: str, caller: Caller) -> list[Count]:
    """What is counted for a try of a password."""
    limits, login, net = profile(), plain(login), network(caller.address)
    wait = timedelta(minutes=limits.wait_minutes)
    if caller.device_id:
        return [Count(f"phone:{caller.device_id}:{login}", limits.tries, wait)]
    return [
        Count(f"pair:{net}:{login}", limits.tries, wait),
        Count(f"name:{login}", limits.tries * _BY_NAME, _FIRST_BY_NAME),
        Count(f"from:{net}", PER_ADDRESS, None),
    ]


def of_code(person: Person) -> list[Count]:
    """What is counted for a try of a second factor, wherever it is made: whoever tries knows the password."""
    limits = profile()
    return [Count(f"code:{person.id}", limits.tries, timedelta(minutes=limits.wait_minutes))]


def network(address: str) -> str:
    """What counts as one address: of IPv6 the network of a house."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False).network_address)
    return str(found)


def check(counts: list[Count], at: datetime) -> None:
    """`TooMany` while one of these counts has to wait. Writes nothing, so that guessing holds up nobody's work."""
    keys = [one.key for one in counts]
    free_at = session.scalar(select(func.max(Guess.free_at)).where(Guess.key.in_(keys), Guess.free_at > at))
    if free_at:
        minutes = ceil((free_at - at) / timedelta(minutes=1))
        words = N_("Too many attempts. Please wait %(minutes)s minutes, or ask an administrator.")
        raise TooMany("sign-in-too-often", words, minutes=minutes)


def note(counts: list[Count], login: str, at: datetime) -> list[str]:
    """Count a wrong try; the kinds of counts that have to wait from now on ("pair", "name", "from", …)."""
    return [one.key.partition(":")[0] for one in counts if _note(one, plain(login), at)]


def _note(one: Count, login: str, at: datetime) -> bool:
    """Whether the next try has to wait, while this one did not have to."""
    row = insert()(Guess).values(key=one.key, login=login if one.wait else "", tries=1, last_at=at, free_at=at)
    again = case((Guess.last_at < at - REMEMBERED, 1), else_=Guess.tries + 1)
    row = row.on_conflict_do_update(index_elements=["key"], set_={"tries": again, "last_at": at})
    tries, free_at = session.execute(row.returning(Guess.tries, Guess.free_at)).one()
    until = _until(one, tries, free_at, at)
    session.execute(update(Guess).where(Guess.key == one.key).values(free_at=until))
    return until > at and not free_at > at


def _until(one: Count, tries: int, free_at: datetime, at: datetime) -> datetime:
    """When the next try is free. At a steady pace each try takes its share of what is saved up."""
    if one.wait is None:
        saved = at - _EACH * PER_ADDRESS
        return (saved if tries == 1 else max(free_at, saved)) + _EACH
    if tries < one.free:
        return at
    longest = max(LONGEST_WAIT, one.wait)
    doubled: int = 2 ** min(tries - one.free, 12)
    return at + min(longest, one.wait * doubled)


def forget(counts: list[Count]) -> None:
    """It was the right person: their tries do not count any more. Those of the address go on counting."""
    session.execute(delete(Guess).where(Guess.key.in_([one.key for one in counts if one.wait])))


def unlock(person: Person) -> int:
    """Let somebody try again at once; how many counts were forgotten."""
    found = delete(Guess).where(Guess.login == person.login).returning(Guess.key)
    return len(session.scalars(found).all())


def forget_old(at: datetime) -> int:
    """Forget tries that no longer matter; how many counts."""
    old = delete(Guess).where(Guess.last_at < at - REMEMBERED, Guess.free_at < at).returning(Guess.key)
    return len(session.scalars(old).all())
