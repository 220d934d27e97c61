"""What a count has found so far, and what is due to be counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.fixed_assets.models import AssetCard, AssetCount, AssetEvent, AssetSighting
from crew_app.fixed_assets.rules import AssetState, AssetVerb, next_count
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Department, Place

PAGE = 50


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a count: what should stand there, and which of it was seen anywhere."""

    place: Place
    cards: list[AssetCard]
    found: int


@dataclass(frozen=True, slots=True)
class Results:
    """How a count stands. Every expected asset is in exactly one of `found`, `elsewhere` and `missing`."""

    expected: list[AssetCard]
    latest: dict[UUID, AssetSighting]
    found: list[AssetCard]
    elsewhere: list[AssetSighting]
    missing: list[AssetCard]
    unknown: list[AssetSighting]

    @property
    def rooms(self) -> list[Room]:
        """The rooms in which something is expected, in the order of their names."""
        by_room: dict[UUID, list[AssetCard]] = {}
        for card in self.expected:
            by_room.setdefault(card.asset.place_id, []).append(card)
        rooms = [
            Room(cards[0].asset.place, cards, sum(card.asset_id in self.latest for card in cards))
            for cards in by_room.values()
        ]
        return sorted(rooms, key=lambda room: room.place.path)


@dataclass(frozen=True, slots=True)
class Due:
    """A department with fixed assets, when it was counted last, and when it is to be counted next."""

    department: Department
    cards: int
    last: date | None
    due: date
    open_id: UUID | None


def count(person: Person, count_id: UUID, *, lock: bool = False) -> AssetCount:
    """A count of a site whose crew the person belongs to."""
    query = select(AssetCount).where(AssetCount.id == count_id)
    if lock:
        query = query.with_for_update(of=AssetCount).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None or found.site_id not in person.sites_with(Right.SEE_SITE):
        raise Unseen("unknown-count", N_("This count is not known."))
    return found


def sighting(person: Person, sighting_id: UUID) -> AssetSighting:
    """Something seen in a count of a site whose assets the person keeps."""
    found = session.get(AssetSighting, sighting_id)
    if found is None or found.site_id not in person.sites_with(Right.KEEP_ASSETS):
        raise Unseen("unknown-sighting", N_("This is not known here."))
    return found


def open_counts(person: Person) -> Sequence[AssetCount]:
    """Counts that go on, the newest first."""
    query = select(AssetCount).where(AssetCount.closed_at.is_(None), _seen(person))
    whom = joinedload(AssetCount.opened_by).options(*NAMED)
    options = (joinedload(AssetCount.department), joinedload(AssetCount.place), whom)
    return session.scalars(query.options(*options).order_by(AssetCount.opened_at.desc()).limit(PAGE)).all()


def closed_counts(person: Person, limit: int = PAGE) -> Sequence[AssetCount]:
    """The counts closed last."""
    query = select(AssetCount).where(AssetCount.closed_at.is_not(None), _seen(person))
    whom = joinedload(AssetCount.closed_by).options(*NAMED)
    options = (joinedload(AssetCount.department), joinedload(AssetCount.place), whom)
    return session.scalars(query.options(*options).order_by(AssetCount.closed_at.desc()).limit(limit)).all()


def _seen(person: Person) -> ColumnElement[bool]:
    return AssetCount.site_id.in_(person.sites_with(Right.SEE_SITE))


def expected_cards(count: AssetCount) -> list[AssetCard]:
    """The cards a count looks for: those of its department, or of what stands within its place; nothing scrapped."""
    query = select(AssetCard).join(AssetCard.asset).where(AssetCard.site_id == count.site_id)
    query = query.where(AssetCard.state != AssetState.SCRAPPED)
    if count.department_id:
        query = query.where(AssetCard.department_id == count.department_id)
    else:
        query = query.where(Asset.place_id.in_(_within(count.place_id)))
    asset = joinedload(AssetCard.asset)
    query = query.options(asset.joinedload(Asset.place), asset.joinedload(Asset.kind)).order_by(AssetCard.number)
    return list(session.scalars(query))


def _within(place_id: UUID | None) -> Select[UUID]:
    """A place and all that lies in it."""
    tree = select(Place.id).where(Place.id == place_id).cte("within", recursive=True)
    tree = tree.union_all(select(Place.id).where(Place.parent_id == tree.c.id))
    return select(tree.c.id)


def sightings(count_id: UUID) -> list[AssetSighting]:
    """All that was seen in a count, in the order of seeing."""
    query = select(AssetSighting).where(AssetSighting.count_id == count_id)
    options = (
        joinedload(AssetSighting.asset).joinedload(Asset.place),
        joinedload(AssetSighting.place),
        joinedload(AssetSighting.expected),
        joinedload(AssetSighting.person),
    )
    return list(session.scalars(query.options(*options).order_by(AssetSighting.at, AssetSighting.id)))


def counters(count_id: UUID) -> set[UUID]:
    """Who counted."""
    return set(session.scalars(select(AssetSighting.person_id).where(AssetSighting.count_id == count_id).distinct()))


def results(count: AssetCount) -> Results:
    """What was found, where else, what not, and which codes nobody knows."""
    seen = sightings(count.id)
    latest = {one.asset_id: one for one in seen if one.asset_id}
    expected = expected_cards(count)
    missing = _missed(count, expected) if count.closed_at else [c for c in expected if c.asset_id not in latest]
    wanted = {card.asset_id for card in expected}
    elsewhere = [one for one in latest.values() if is_elsewhere(one) or one.asset_id not in wanted]
    odd = {one.asset_id for one in elsewhere}
    found = [card for card in expected if card.asset_id in latest and card.asset_id not in odd]
    return Results(expected, latest, found, elsewhere, missing, _unknown(seen))


def is_elsewhere(seen: AssetSighting) -> bool:
    """Whether the books had it in another place; where nobody said in which room they were, nothing is wrong."""
    return bool(seen.place_id and seen.place_id != seen.expected_id)


def _unknown(seen: list[AssetSighting]) -> list[AssetSighting]:
    """Each code once, the last time it was seen; not those that somebody has claimed since."""
    claimed = {one.code for one in seen if one.claims_id}
    return list({one.code: one for one in seen if not one.asset_id and one.code not in claimed}.values())


def _missed(count: AssetCount, expected: list[AssetCard]) -> list[AssetCard]:
    """What was confirmed as missing when the count was closed, whatever became of it."""
    missed = set(session.scalars(select(AssetEvent.asset_id).filter_by(about_id=count.id, verb=AssetVerb.MISS)))
    known = {card.asset_id: card for card in expected}
    others = select(AssetCard).where(AssetCard.asset_id.in_(missed - known.keys()))
    known |= {card.asset_id: card for card in session.scalars(others)}
    return [known[asset_id] for asset_id in missed if asset_id in known]


def due(person: Person, now: datetime) -> list[Due]:
    """Every department that has cards, the one that waits longest first."""
    sites = person.sites_with(Right.SEE_SITE)
    cards = select(AssetCard.department_id, func.count()).where(
        AssetCard.site_id.in_(sites), AssetCard.state != AssetState.SCRAPPED
    )
    numbers = {row[0]: row[1] for row in session.execute(cards.group_by(AssetCard.department_id))}
    counts = session.scalars(select(AssetCount).where(AssetCount.department_id.in_(set(numbers) - {None}))).all()
    found = session.scalars(select(Department).where(Department.id.in_(set(numbers) - {None})))
    rows = [_due(department, numbers[department.id], counts, now) for department in found]
    return sorted(rows, key=lambda row: (row.due, row.department.code))


def _due(department: Department, cards: int, counts: Sequence[AssetCount], now: datetime) -> Due:
    own = [one for one in counts if one.department_id == department.id]
    closed = [one.closed_at.date() for one in own if one.closed_at]
    last = max(closed, default=None)
    is_open = next((one.id for one in own if not one.closed_at), None)
    return Due(department, cards, last, next_count(last, now.date()), is_open)
