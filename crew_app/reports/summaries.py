"""Work summaries: made, written, closed with their figures, opened again; each change leaves its trace.

What people write of a section, in a language, stands instead of what is drafted from the data, until it is reset. An
open summary counts its figures whenever it is read; a closed one keeps figures and texts as they were.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crew_app.core.changes import NEW, Trace, note, put
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.reports.figures import Facts, Scope, as_json, from_json
from crew_app.reports.periods import Period, before, span_of
from crew_app.reports.summary_facts import facts
from crew_app.reports.summary_models import Span, WorkSummary
from crew_app.reports.summary_outlook import add_outlook
from crew_app.tickets.models import Ticket

LONGEST = 20_000
THEN = "then"
"""The key of the texts under which figures of the year before are kept that somebody typed in."""
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody wrote of a section. `base`: a mark of the draft at that time, to tell when the data moved on."""

    text: str
    base: str = ""
    revision: int = 0
    by: str = ""
    """The name of whoever wrote it last."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it comes from a form: of which section and language, and which revision its writer had seen."""

    section: str
    language: str
    text: str
    base: str
    revision: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a closed summary keeps: its figures, and its texts by language and section."""

    facts: Facts
    texts: Mapping[str, Mapping[str, str]]


def summaries(site: Site) -> Sequence[WorkSummary]:
    """The summaries of a site, the newest first."""
    order = (WorkSummary.ends_on.desc(), WorkSummary.starts_on, WorkSummary.id)
    options = (joinedload(WorkSummary.closed_by), joinedload(WorkSummary.changed_by))
    return session.scalars(select(WorkSummary).filter_by(site_id=site.id).options(*options).order_by(*order)).all()


def summary(person: Person, summary_id: UUID, *, lock: bool = False) -> WorkSummary:
    """A summary of a site whose figures the person may see; `lock` to change it."""
    query = select(WorkSummary).where(WorkSummary.id == summary_id)
    query = query.where(WorkSummary.site_id.in_(person.sites_with(Right.SEE_FIGURES)))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-summary", N_("This summary is not known here."))
    return found


def due(site: Site, made: Sequence[WorkSummary], at: datetime) -> list[tuple[Span, Period]]:
    """The spans that are over and have no summary yet, the last of each length; only if jobs reach back half."""
    first = session.scalar(select(func.min(Ticket.opened_at)).where(Ticket.site_id == site.id))
    known = {(one.span, one.starts_on) for one in made}
    today = at.astimezone(site.zone).date()
    last = [(span, before(span, span_of(span, today, site.zone))) for span in Span]
    return [
        (span, period)
        for span, period in last
        if first and first < period.start + timedelta(days=period.days // 2) and (span, period.first) not in known
    ]


def make(site: Site, span: Span, day: date, *, by: Person, at: Moment) -> WorkSummary:
    """Begin the summary of the span in which a day lies, or take the one that is there."""
    _need(by, site.id)
    period = span_of(span, day, site.zone)
    if period.start > at.received_at:
        raise Refused("not-begun", N_("This period has not begun yet."))
    found = session.scalar(select(WorkSummary).filter_by(site_id=site.id, span=span, starts_on=period.first))
    if found:
        return found
    found = WorkSummary(
        site_id=site.id,
        span=span,
        starts_on=period.first,
        ends_on=period.last,
        texts="{}",
        figures="",
        revision=0,
        made_by_id=by.id,
        made_at=at.at,
        changed_by_id=by.id,
        changed_at=at.at,
    )
    session.add(found)
    session.flush()
    note(found, NEW, None, f"{period.first} {period.last}", Trace(by.id, at.at), name=name_of(found))
    return found


def write(found: WorkSummary, draft: Draft, *, by: Person, at: Moment) -> None:
    """Put a text in place of what is drafted. Whoever wrote the same section meanwhile is not overwritten unseen."""
    _need_open(found, by)
    if len(draft.text) > LONGEST:
        raise Refused("too-long", N_("This text is too long (%(most)s characters at most)."), most=LONGEST)
    texts = _texts(found)
    known = _own(texts, draft.section, draft.language)
    if known and known.revision > draft.revision and known.text != draft.text:
        raise Refused(
            "changed-meanwhile",
            N_("%(name)s has changed this section meanwhile. Your text is kept here; load the page and compare."),
            name=known.by,
        )
    found.revision += 1
    texts.setdefault(draft.section, {})[draft.language] = {
        "text": draft.text,
        "base": draft.base,
        "revision": found.revision,
        "by": by.name,
    }
    _save(found, texts, _field(draft.section, draft.language), known.text if known else "", draft.text, by=by, at=at)


def reset(found: WorkSummary, section: str, language: str, *, by: Person, at: Moment) -> None:
    """Take what somebody wrote away: the section says again what is drafted from the data."""
    _need_open(found, by)
    texts = _texts(found)
    known = _own(texts, section, language)
    if known is None:
        return
    del texts[section][language]
    found.revision += 1
    _save(found, texts, _field(section, language), known.text, "", by=by, at=at)


def type_year_before(found: WorkSummary, typed: Mapping[str, str], *, by: Person, at: Moment) -> None:
    """Write down figures of the year before that the software cannot know; an empty one is counted again."""
    _need_open(found, by)
    texts = _texts(found)
    values = {key: str(_number(text)) for key, text in typed.items() if text.strip()}
    earlier = texts.get(THEN, {})
    if values == earlier:
        return
    texts[THEN] = values
    found.revision += 1
    _save(found, texts, THEN, json.dumps(earlier), json.dumps(values), by=by, at=at)


def close(found: WorkSummary, kept: Kept, *, by: Person, at: Moment) -> None:
    """Keep figures and texts as they are now; nothing changes any more until it is opened again."""
    _need_open(found, by)
    found.figures = json.dumps({"facts": as_json(kept.facts), "texts": kept.texts}, ensure_ascii=False)
    _set_closed(found, at.at, by=by, at=at)


def open_again(found: WorkSummary, *, by: Person, at: Moment) -> None:
    """Let a closed summary count and be written again; the trace says who did so, and when it had been closed."""
    _need(by, found.site_id)
    if found.closed_at is None:
        return
    found.figures = ""
    _set_closed(found, None, by=by, at=at)


def _set_closed(found: WorkSummary, since: datetime | None, *, by: Person, at: Moment) -> None:
    """One change in the trail: since when; by whom it says itself."""
    found.closed_by_id = by.id if since else None
    found.changed_by_id, found.changed_at = by.id, at.at
    put(found, {"closed_at": since}, Trace(by.id, at.at), name=name_of(found))
    session.flush()


def scope_of(found: WorkSummary) -> Scope:
    """Its site and period."""
    return Scope(found.site, Period(found.starts_on, found.ends_on, found.site.zone))


def facts_of(found: WorkSummary, at: datetime) -> Facts:
    """Its figures: as they were kept, or counted now."""
    if found.figures:
        return from_json(json.loads(found.figures)["facts"])
    scope = scope_of(found)
    counted = facts(scope, at, typed_of(found))
    add_outlook(counted, scope, found.span, at)
    return counted


def kept_texts(found: WorkSummary) -> Mapping[str, Mapping[str, str]]:
    """The texts of a closed summary by language and section."""
    texts: Mapping[str, Mapping[str, str]] = json.loads(found.figures)["texts"] if found.figures else {}
    return texts


def own_texts(found: WorkSummary, language: str) -> dict[str, Own]:
    """What people wrote in a language, by section."""
    texts = _texts(found)
    written = {section: _own(texts, section, language) for section in texts if section != THEN}
    return {section: own for section, own in written.items() if own}


def typed_of(found: WorkSummary) -> dict[str, Decimal]:
    """Figures of the year before that somebody typed in."""
    return {key: Decimal(text) for key, text in _texts(found).get(THEN, {}).items()}


def mark(text: str) -> str:
    """A mark of a draft, to see later whether the data say something else by now."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def name_of(found: WorkSummary) -> str:
    """What a summary is called in the list of changes."""
    return f"{found.span.value} {found.starts_on:%Y-%m}"


def _texts(found: WorkSummary) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads(found.texts)
    return texts


def _own(texts: Mapping[str, Any], section: str, language: str) -> Own | None:
    kept = texts.get(section, {}).get(language)
    return Own(kept["text"], kept["base"], kept["revision"], kept.get("by", "")) if kept else None


def _save(
    found: WorkSummary, texts: Mapping[str, Any], field: str, was: str, now: str, *, by: Person, at: Moment
) -> None:
    found.texts = json.dumps(texts, ensure_ascii=False)
    found.changed_by_id, found.changed_at = by.id, at.at
    if was != now:
        note(found, field, was, now, Trace(by.id, at.at), name=name_of(found))
    session.flush()


def _field(section: str, language: str) -> str:
    return f"{section}/{language}"


def _number(text: str) -> Decimal:
    cleaned = text.strip().replace(",", "").replace("，", "").replace("%", "")
    try:
        found = Decimal(cleaned)
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or not 0 <= found < LARGEST:
        raise Refused("number", N_("Please check the figures: “%(text)s” is not a number."), text=text.strip()[:40])
    return found


def _need(by: Person, site_id: UUID) -> None:
    if not by.can(Right.WRITE_SUMMARIES, site_id):
        raise Forbidden("may-not", N_("You may read this summary, but not change it."))


def _need_open(found: WorkSummary, by: Person) -> None:
    _need(by, found.site_id)
    if found.closed_at is not None:
        raise Refused("closed", N_("This summary is closed. Open it again to change it; what you wrote is kept."))
