"""How long ways take at a site: kept small, taught by visits that look right."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base, session
from crew_app.core.types import SiteId, Time
from crew_app.core.upserts import insert
from crew_app.rounds.pace import LONGEST, Pace, Taken, short
from crew_app.rounds.rules import FlagRule, How
from crew_app.rounds.sightings import Sight
from crew_app.rounds.speed import ABSURD, least

HARMLESS = frozenset({FlagRule.EARLY, FlagRule.LATE, FlagRule.OUT_OF_ORDER})
"""Flags that say nothing against the time a way took."""


class WalkTime(Base):
    """The newest times from one place to another (`pace.Pace` as text), and how many there have been in all."""

    __tablename__ = "walk_times"

    from_place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"), primary_key=True)
    to_place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"), primary_key=True)
    site_id: Mapped[SiteId]
    samples: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Time]


def teaches(here: Sight, there: Sight, rules: Collection[FlagRule]) -> bool:
    """Whether a way from one stop to the next may be learned from.

    Both stops scanned, by one person on one run, in a time that legs can do, and nothing odd about it.
    """
    if here.run != there.run or here.how is not How.SCAN or there.how is not How.SCAN or set(rules) - HARMLESS:
        return False
    if here.spot is None or there.spot is None or here.spot.place == there.spot.place:
        return False
    seconds = (there.at - here.at).total_seconds()
    return ABSURD * least(here.spot, there.spot) <= seconds < LONGEST


def paces(ways: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], Pace]:
    """What is remembered of these ways."""
    wanted = list(ways)
    if not wanted:
        return {}
    columns = tuple_(WalkTime.from_place_id, WalkTime.to_place_id)
    rows = session.scalars(select(WalkTime).where(columns.in_(wanted)))
    return {(row.from_place_id, row.to_place_id): Pace.read(row.samples) for row in rows}


def learn(site_id: UUID, here: Sight, there: Sight, *, at: datetime) -> None:
    """Remember the time of one way; `teaches` says whether it may be."""
    if here.spot is None or there.spot is None:
        return
    taken = Taken(round((there.at - here.at).total_seconds()), short(there.person), there.at.toordinal())
    key = (here.spot.place, there.spot.place)
    made = insert()(WalkTime).values(
        from_place_id=key[0], to_place_id=key[1], site_id=site_id, samples="", count=0, changed_at=at
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["from_place_id", "to_place_id"]))
    row = session.get_one(WalkTime, key, with_for_update=True, populate_existing=True)
    row.samples = Pace.read(row.samples).with_one(taken).written()
    row.count += 1
    row.changed_at = at
    session.flush()
