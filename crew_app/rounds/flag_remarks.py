"""Verbs of flags: say something about one, or that it is explained. The flag itself stays as it is."""

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.rounds.flag_models import FlagRemark
from crew_app.rounds.models import Flag

LONGEST = 1_000


def remark(flag: Flag, words: str, *, by: Person, at: Moment) -> FlagRemark:
    """Say something about a flag; only whom it is about, and who watches. `Refused` without words."""
    if by.id != flag.visit.person_id and not by.can(Right.WATCH_ROUNDS, flag.site_id):
        raise _forbidden()
    if not words.strip():
        raise Refused("words-missing", N_("Please write what there is to say."))
    return _add(flag, words, explained=False, by=by, at=at)


def explain(flag: Flag, words: str, *, by: Person, at: Moment) -> FlagRemark:
    """Say that nothing is left to ask; who watches rounds, and not about themselves. Once is enough."""
    if not by.can(Right.WATCH_ROUNDS, flag.site_id):
        raise _forbidden()
    if by.id == flag.visit.person_id:
        raise Refused("own-flag", N_("Somebody else has to say that your own flag is explained."))
    known = select(FlagRemark).where(FlagRemark.flag_id == flag.id, FlagRemark.explained.is_(True))
    return session.scalars(known).first() or _add(flag, words, explained=True, by=by, at=at)


def _forbidden() -> Forbidden:
    return Forbidden("may-not", N_("You may see this flag, but not do this."))


def _add(flag: Flag, words: str, *, explained: bool, by: Person, at: Moment) -> FlagRemark:
    added = FlagRemark(
        site_id=flag.site_id,
        flag_id=flag.id,
        person_id=by.id,
        explained=explained,
        words=words.strip()[:LONGEST],
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        offset_ms=at.offset_ms,
    )
    session.add(added)
    session.flush()
    return added
