"""The list of people as an administrator looks through it: by words, site, role, trade; page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from crew_app.core.db import session
from crew_app.people.models import Membership, Person, PersonTrade
from crew_app.people.rules import Right, Role, Trade

PAGE = 50
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for."""

    text: str = ""
    site_id: UUID | None = None
    role: Role | None = None
    trade: Trade | None = None
    shut_out: bool = False
    """Only those who are shut out; the others otherwise."""


def wanted(fields: Mapping[str, str], site_id: UUID | None) -> Wanted:
    """What a form asks for; nonsense asks for nothing."""
    role, trade = fields.get("role", ""), fields.get("trade", "")
    return Wanted(
        text=fields.get("q", "").strip()[:100],
        site_id=site_id,
        role=Role(role) if role in set(Role) else None,
        trade=Trade(trade) if trade in set(Trade) else None,
        shut_out=fields.get("state") == "shut-out",
    )


def page(by: Person, asked: Wanted, after: str = "", limit: int = PAGE) -> tuple[Sequence[Person], str]:
    """People by log-in name after one, and the name after which it goes on; nothing at the end."""
    query = _found(by, asked).where(Person.login > after) if after else _found(by, asked)
    people = session.scalars(query.order_by(Person.login).limit(limit + 1)).all()
    return people[:limit], people[limit - 1].login if len(people) > limit else ""


def count(by: Person, asked: Wanted) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(_found(by, asked).subquery())) or 0


def _found(by: Person, asked: Wanted) -> Select[Person]:
    sites = by.sites_with(Right.MANAGE_PEOPLE)
    here = select(Membership.person_id).where(
        Membership.site_id.in_([asked.site_id] if asked.site_id in sites else sites)
    )
    if asked.role:
        here = here.where(Membership.role == asked.role)
    query = select(Person).where(Person.id.in_(here), Person.active.is_not(asked.shut_out))
    if asked.trade:
        query = query.where(Person.id.in_(select(PersonTrade.person_id).where(PersonTrade.trade == asked.trade)))
    for word in asked.text.casefold().split()[:MOST_WORDS]:
        columns = (Person.login, Person.name, Person.name_en, Person.staff_number)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query
