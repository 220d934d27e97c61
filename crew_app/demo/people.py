"""The people of the demo hospital and their log-ins."""

from dataclasses import dataclass
from functools import cache

from crew_app.demo.tables import rows
from crew_app.people.rules import Role, Trade

PASSWORD = "crew-demo"  # noqa: S105 - printed on the start page of every demo
SHOWN = ("wang", "li", "zhao", "chen", "sun", "wuye", "zhou", "lan", "admin")
"""One log-in per role, for those who only want to look."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A log-in; the first of `sites` is where this person is at home."""

    login: str
    name: str
    name_en: str
    role: Role
    sites: tuple[str, ...]
    trades: frozenset[Trade]
    department: str


@cache
def people() -> dict[str, DemoPerson]:
    """Everybody by log-in."""
    return {row["login"]: _person(row) for row in rows("people")}


@cache
def with_role(role: Role, site: str | None = None) -> tuple[DemoPerson, ...]:
    """Those who have this role, at this site or anywhere."""
    return tuple(p for p in people().values() if p.role is role and (site is None or site in p.sites))


def _person(row: dict[str, str]) -> DemoPerson:
    return DemoPerson(
        login=row["login"],
        name=row["name"],
        name_en=row["name_en"],
        role=Role(row["role"]),
        sites=tuple(row["sites"].split()),
        trades=frozenset(Trade(trade) for trade in row["trades"].split()),
        department=row["department"],
    )
