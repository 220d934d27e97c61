"""How much strangers may report: by tag and by phone, because a whole hospital sits behind one address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import delete, func, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import TooMany
from crew_app.core.words import N_
from crew_app.places.models import Tag
from crew_app.tickets.follower_models import StrangerAct

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """Within an hour: so many for nothing, then so many against an effort, at one tag and from one phone."""

    free_at_tag: int
    at_tag: int
    free_from_phone: int
    from_phone: int


REPORTS = Limits(free_at_tag=5, at_tag=20, free_from_phone=3, from_phone=10)
JOINS = Limits(free_at_tag=20, at_tag=100, free_from_phone=5, from_phone=20)


class Standing(IntEnum):
    """What the next one costs."""

    FREE = 0
    EFFORT = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who asks: the hash of a cookie, and what names the effort that was made, both empty without."""

    device: str = ""
    effort: str = ""


class EffortNeeded(TooMany):
    """Many came from here; the next one has to solve a puzzle, or wait a little."""


def standing(tag: Tag, device: str, at: datetime, *, joins: bool = False) -> Standing:
    """How things stand at a tag for a phone. Phones without a cookie count as one, at each tag for itself."""
    limits, recent = JOINS if joins else REPORTS, at - AN_HOUR
    here = _count(recent, joins, StrangerAct.tag_code == tag.code)
    own = StrangerAct.device == device
    mine = _count(recent, joins, own) if device else _count(recent, joins, own, StrangerAct.tag_code == tag.code)
    if here >= limits.at_tag or (device and mine >= limits.from_phone):
        return Standing.FULL
    busy = here >= limits.free_at_tag or mine >= limits.free_from_phone
    return Standing.EFFORT if busy else Standing.FREE


def refuse_flood(tag: Tag, who: Stranger, at: Moment, *, joins: bool = False) -> None:
    """`TooMany` when a stranger may not report here now; `EffortNeeded` when an effort would help."""
    found = standing(tag, who.device, at.received_at, joins=joins)
    if found is Standing.FULL:
        raise TooMany("too-many-reports", N_("Many reports came from here just now. Please call the service desk."))
    if found is Standing.EFFORT and (not who.effort or _spent(who.effort)):
        raise EffortNeeded(
            "effort-needed",
            N_("Many reports came from here just now. Please wait 20 seconds, then send it once more."),
        )


def enter(tag: Tag, who: Stranger, at: Moment, *, joins: bool = False) -> None:
    """Count a stranger's report, or refuse it; the tag was locked before."""
    refuse_flood(tag, who, at, joins=joins)
    effort = None if not who.effort or _spent(who.effort) else who.effort
    session.add(
        StrangerAct(
            site_id=tag.site_id, tag_code=tag.code, device=who.device, joins=joins, effort=effort, at=at.received_at
        )
    )
    session.flush()


def forget_old(at: datetime) -> int:
    """Forget what is older than a day; how much that was."""
    done = session.execute(delete(StrangerAct).where(StrangerAct.at < at - A_DAY))
    return int(getattr(done, "rowcount", 0))


def _spent(effort: str) -> bool:
    return session.scalar(select(StrangerAct.id).where(StrangerAct.effort == effort)) is not None


def _count(since: datetime, joins: bool, *where: object) -> int:  # noqa: FBT001 - which of the two is counted
    query = select(func.count(StrangerAct.id)).where(StrangerAct.at > since, StrangerAct.joins == joins, *where)  # type: ignore[arg-type]
    return session.scalar(query) or 0
