"""The figures of a summary about satisfaction (满意度): ratings of jobs, and the surveys of the wards."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from crew_app.core.db import session
from crew_app.reports.figures import Figure, Form, Scope, count
from crew_app.surveys.models import SurveyAnswer, SurveyScore
from crew_app.surveys.rules import Tally
from crew_app.tickets.follower_models import TicketRating


def voices(scope: Scope) -> dict[str, Figure]:
    """How many rated jobs or answered surveys, and how many percent of the marks were 4 or 5.

    A survey belongs to a month; its months count that begin in the period.
    """
    marks, rated = _marks(scope), _rated(scope)
    surveyed = select(func.count()).select_from(SurveyAnswer).where(*answers_in(scope))
    behind = scope.behind("ratings")
    return {
        "ratings": count(rated.number // 2, behind),
        "rating_rate": Figure(rated.rate, Form.PERCENT, behind),
        "surveys": count(session.scalar(surveyed), scope.behind("surveys")),
        "survey_rate": Figure(marks.rate, Form.PERCENT, scope.behind("surveys")),
    }


def _rated(scope: Scope) -> Tally:
    """Both marks of every rating that counts: of what a voice said about a job, its last word."""
    query = (
        select(TicketRating.quality, TicketRating.service, func.count())
        .where(last_words(scope))
        .group_by(TicketRating.quality, TicketRating.service)
    )
    found = Tally()
    for quality, service, times in session.execute(query):
        found.add(quality, times)
        found.add(service, times)
    return found


def last_words(scope: Scope) -> ColumnElement[bool]:
    """The ratings of a period that count, as `followers.ratings` says."""
    later = aliased(TicketRating)
    newer = select(1).where(
        later.ticket_id == TicketRating.ticket_id, later.voice == TicketRating.voice, later.number > TicketRating.number
    )
    return and_(
        TicketRating.site_id == scope.site.id,
        TicketRating.made_at >= scope.period.start,
        TicketRating.made_at < scope.period.end,
        ~newer.exists(),
    )


def _marks(scope: Scope) -> Tally:
    query = (
        select(SurveyScore.score, func.count())
        .join(SurveyAnswer, SurveyAnswer.id == SurveyScore.answer_id)
        .where(*answers_in(scope))
        .group_by(SurveyScore.score)
    )
    return _tally(session.execute(query))


def _tally(rows: Iterable[tuple[int, int]]) -> Tally:
    found = Tally()
    for score, times in rows:
        found.add(score, times)
    return found


def answers_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The surveys of a period."""
    return (
        SurveyAnswer.site_id == scope.site.id,
        SurveyAnswer.month >= scope.period.first,
        SurveyAnswer.month <= scope.period.last,
    )
