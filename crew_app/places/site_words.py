"""A site's own words for roles, trades, sorts of work, urgencies, reasons to wait, and surroundings."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from crew_app.core.changes import Trace, note
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.word_models import SiteWord

LONGEST = 60
Both = tuple[str, str]
"""Chinese and English; empty for the software's own word."""


def words_of(site_id: UUID) -> dict[str, Both]:
    """The words of a site, by key."""
    rows = session.scalars(select(SiteWord).where(SiteWord.site_id == site_id))
    return {row.key: (row.zh, row.en) for row in rows}


def all_words() -> dict[UUID, dict[str, Both]]:
    """The words of all sites that have any."""
    found: dict[UUID, dict[str, Both]] = {}
    for row in session.scalars(select(SiteWord)):
        found.setdefault(row.site_id, {})[row.key] = (row.zh, row.en)
    return found


def put(site_id: UUID, wanted: Mapping[str, Both], names: Mapping[str, str], *, by: Person, at: Moment) -> None:
    """Set words by key; both empty takes a word away. `names`: what each key is usually called, for the trail."""
    if not by.can(Right.CONFIGURE, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
    if any(len(word) > LONGEST for both in wanted.values() for word in both):
        raise Refused("word-long", N_("Please keep each word to at most 60 characters."))
    trace = Trace(by.id, at.at)
    for key, (zh, en) in wanted.items():
        row = session.get(SiteWord, (site_id, key))
        old = (row.zh, row.en) if row else ("", "")
        if old == (zh, en):
            continue
        row = row or SiteWord(site_id=site_id, key=key)
        for field, before, after in (("zh", old[0], zh), ("en", old[1], en)):
            if before != after:
                note(row, field, before, after, trace, name=names[key])
        row.zh, row.en = zh, en
        if zh or en:
            session.add(row)
        else:
            session.delete(row)
    session.flush()
