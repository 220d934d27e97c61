"""What an administrator changes of people: names, staff number, trades; roles and access of many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from crew_app.core.changes import Trace
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people import actions, queries
from crew_app.people.models import Person, PersonTrade
from crew_app.people.rules import Role, Trade
from crew_app.people.tracing import change, say

MOST = 500


@dataclass(frozen=True, slots=True)
class Details:
    """What is written down of a person."""

    login: str
    name: str
    name_en: str
    staff_number: str
    trades: frozenset[Trade]


def describe(person: Person, details: Details, trace: Trace, site_id: UUID | None = None) -> None:
    """Change names, log-in name, staff number and trades; `Refused` when another has that name or number."""
    login, name = details.login.strip().lower(), details.name.strip()
    if not login or len(login) > 60 or not name:  # noqa: PLR2004 - width of the column
        raise Refused("bad-login", N_("Please give a name and a log-in name."))
    number = details.staff_number.strip()[:40] or None
    values = {"login": login, "name": name[:60], "name_en": details.name_en.strip()[:60], "staff_number": number}
    change(person, values, trace, site_id)
    if details.trades != person.trade_set:
        say(person, "trades", person.trade_set, details.trades, trace, site_id)
        person.trades = [one for one in person.trades if one.trade in details.trades] + [
            PersonTrade(trade=trade) for trade in sorted(details.trades - person.trade_set)
        ]
    try:
        session.flush()
    except IntegrityError as error:
        words = N_("Somebody else has this log-in name or staff number already.")
        raise Refused("login-taken", words) from error


def chosen(by: Person, ids: Sequence[UUID]) -> list[Person]:
    """The people that were ticked, of those that `by` administers; never `by` alone decides about `by`."""
    if not ids:
        raise Refused("nobody-chosen", N_("Please tick at least one person."))
    if len(ids) > MOST:
        raise Refused("too-many-chosen", N_("That is more than %(count)s people at once."), count=MOST)
    if by.id in ids:
        raise Refused("oneself", N_("You cannot change your own rights here. Ask another administrator."))
    return [queries.managed_person(by, person_id) for person_id in dict.fromkeys(ids)]


def give_role(people: Iterable[Person], site_id: UUID, role: Role, trace: Trace) -> None:
    """One role more at a site, for each of them."""
    for person in people:
        actions.set_roles(person, site_id, _held(person, site_id) | {role}, trace)


def take_role(people: Iterable[Person], site_id: UUID, role: Role, trace: Trace) -> None:
    """One role less; nobody is left without any."""
    for person in people:
        left = _held(person, site_id) - {role}
        if not left and person.site_ids <= {site_id}:
            words = N_("%(name)s would have no role left. Nothing was changed; shut them out instead.")
            raise Refused("roles-missing", words, name=person.name)
        actions.set_roles(person, site_id, left, trace)


def shut_out(by: Person, people: Iterable[Person], trace: Trace) -> None:
    """Nobody of them comes in any more."""
    for person in people:
        whole = queries.subordinate_person(by, person.id)
        if whole.active:
            actions.set_active(whole, active=False, trace=trace)


def _held(person: Person, site_id: UUID) -> set[Role]:
    return {m.role for m in person.memberships if m.site_id == site_id}
