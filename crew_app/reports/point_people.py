"""The points of a month by person and by team; a team is the jobs of a trade, so that the teams add up to the whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Trade
from crew_app.reports.point_rows import PointRow

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Stand:
    """How rows stand together. Shares in percent, of one's own jobs only; none without such jobs."""

    points: Decimal
    jobs: int
    helped: int
    on_time: Decimal | None
    sent_back: Decimal | None
    stars: Decimal | None


@dataclass(frozen=True, slots=True)
class OfPerson:
    """A person's month."""

    person: Person
    stand: Stand


@dataclass(frozen=True, slots=True)
class OfTeam:
    """A team's month."""

    trade: Trade
    people: int
    stand: Stand


def by_person(rows: Sequence[PointRow]) -> list[OfPerson]:
    """Each person, the most points first."""
    groups = _groups(rows, lambda row: row.person_id)
    people = people_of(groups)
    found = [OfPerson(people[person_id], stand(group)) for person_id, group in groups.items()]
    return sorted(found, key=lambda one: (-one.stand.points, one.person.login))


def by_team(rows: Sequence[PointRow]) -> list[OfTeam]:
    """Each team, the most points first."""
    groups = _groups(rows, lambda row: Trade(row.trade))
    found = [OfTeam(trade, len({row.person_id for row in group}), stand(group)) for trade, group in groups.items()]
    return sorted(found, key=lambda one: (-one.stand.points, one.trade))


def stand(rows: Sequence[PointRow]) -> Stand:
    """How these rows stand together."""
    own = [row for row in rows if not row.helper and row.month is None]
    stars = [row.stars for row in own if row.stars is not None]
    return Stand(
        points=sum((row.points for row in rows), Decimal(0)),
        jobs=len(own),
        helped=sum(row.helper and row.month is None for row in rows),
        on_time=_percent(sum(not row.late for row in own), len(own)),
        sent_back=_percent(sum(row.sent_back > 0 for row in own), len(own)),
        stars=_rounded(sum(stars, Decimal(0)) / len(stars)) if stars else None,
    )


def people_of(ids: object) -> dict[UUID, Person]:
    """The people of these ids, with their names."""
    wanted = list(ids)  # type: ignore[call-overload]
    return {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(wanted)).options(*NAMED))}


def _groups(rows: Sequence[PointRow], key: Callable[[PointRow], Key]) -> dict[Key, list[PointRow]]:
    groups: dict[Key, list[PointRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _percent(part: int, whole: int) -> Decimal | None:
    return _rounded(Decimal(100 * part) / whole) if whole else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
