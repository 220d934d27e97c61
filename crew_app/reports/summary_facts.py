"""All figures of a summary together, with those of the same period a year before."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.reports import summary_jobs, summary_money, summary_rounds, summary_voices
from crew_app.reports.figures import Facts, Figure, Row, Scope, compared
from crew_app.reports.periods import so_far
from crew_app.tickets.models import Ticket

Key = TypeVar("Key")
SETTLING_IN = timedelta(days=7)
"""A year before counts when jobs were recorded from so soon after its beginning."""
TYPED = ("reported", "found", "used", "bought", "on_time_rate", "rating_rate", "survey_rate")
"""Single figures of the year before that may be typed in; media and kinds of job have none of their own here."""


def facts(scope: Scope, at: datetime, typed: Mapping[str, Decimal]) -> Facts:
    """Count everything anew, as it stands at a moment.

    What somebody typed goes before what was counted of the year before. Of that nothing is said where the software was
    not there yet; while the period goes on, only the same part of it counts.
    """
    before = _before(scope, at)
    now = _single(scope, at)
    then = _single(before, at) if before else {}
    found = Facts({key: compared(figure, then.get(key)) for key, figure in now.items()})
    for key, value in typed.items():
        if key in found.one:
            found.one[key] = replace(found.one[key], then=value, typed=True)
    _tables(found, scope, before, at)
    _typed_media(found, typed)
    return found


def _before(scope: Scope, at: datetime) -> Scope | None:
    """The same part of the year before, if jobs were recorded then already."""
    before = Scope(scope.site, so_far(scope.period, at).year_before())
    first = session.scalar(select(func.min(Ticket.opened_at)).where(Ticket.site_id == scope.site.id))
    return before if first and first < before.period.start + SETTLING_IN else None


def _single(scope: Scope, at: datetime) -> dict[str, Figure]:
    return {
        **summary_jobs.jobs(scope, at),
        **summary_rounds.trainings(scope),
        **summary_money.materials(scope),
        **summary_voices.voices(scope),
    }


def _tables(found: Facts, scope: Scope, before: Scope | None, at: datetime) -> None:
    kinds = _paired(lambda one: summary_jobs.kinds(one, at), scope, before)
    own, works = summary_money.works(scope)
    found.one |= own
    found.rows |= {
        "kinds": list(kinds.values()),
        "awaited": summary_jobs.awaited(scope),
        "rounds": list(summary_rounds.rounds(scope).values()),
        "missed": summary_rounds.most_missed(scope),
        "papers": summary_rounds.tests(scope),
        "items": summary_money.items(scope),
        "media": list(_media(scope, at).values()),
        "contractors": list(summary_money.contractors(scope).values()),
        "works": works,
    }


def _media(scope: Scope, at: datetime) -> dict[str, Row]:
    """Meters say by themselves whether their readings reach over the year before."""
    now = summary_money.media(scope)
    before = Scope(scope.site, so_far(scope.period, at).year_before())
    then = summary_money.media(before, whole=True) if now else {}
    return {key: _row(row, then.get(key)) for key, row in now.items()}


def _paired(count: Callable[[Scope], dict[Key, Row]], scope: Scope, before: Scope | None) -> dict[Key, Row]:
    """Rows with the year before in each of their figures."""
    now, then = count(scope), count(before) if before else {}
    return {key: _row(row, then.get(key)) for key, row in now.items()}


def _row(row: Row, then: Row | None) -> Row:
    if then is None:
        return row
    pairs = zip(row.cells, then.cells, strict=True)
    return replace(row, cells=tuple(compared(one, earlier) for one, earlier in pairs))


def _typed_media(found: Facts, typed: Mapping[str, Decimal]) -> None:
    rows = []
    for row in found.rows["media"]:
        value = typed.get(f"media/{row.name}/{row.cells[0].unit}")
        first = row.cells[0] if value is None else replace(row.cells[0], then=value, typed=True)
        rows.append(replace(row, cells=(first, *row.cells[1:])))
    found.rows["media"] = rows
