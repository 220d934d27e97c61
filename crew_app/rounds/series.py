"""Series of readings: kept up to date by every visit, listed, and looked at point by point.

Every question about readings names an asset or place and a check and a span of time, so that the index of answers
answers it however long the history is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.ids import new_id
from crew_app.core.upserts import insert
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place
from crew_app.rounds.alerting import tell_of_reading
from crew_app.rounds.anomalies import Value, odd, rates
from crew_app.rounds.content import NUMERIC, CheckKind
from crew_app.rounds.models import Answer, RoundTemplate, RunStop, Visit
from crew_app.rounds.rules import Outcome
from crew_app.rounds.series_models import ReadingSeries
from crew_app.rounds.visits import AFTER_VISIT

PAGE = 50
MOST_POINTS = 4_000
BEFORE = 130
"""So many readings before a span are enough to find 30 of the same time of day."""
ALARM = timedelta(days=7)
TODAY = timedelta(days=1)
_SHOWN = (
    joinedload(ReadingSeries.asset).joinedload(Asset.place),
    joinedload(ReadingSeries.place),
    joinedload(ReadingSeries.template),
    joinedload(ReadingSeries.site),
)


@dataclass(frozen=True, slots=True)
class Point:
    """One reading as its page shows it."""

    id: UUID
    at: datetime
    number: Decimal
    outcome: Outcome
    odd: bool
    rate: Decimal | None = None
    """Of a meter: how much a day since the reading before."""

    @property
    def beyond(self) -> bool:
        """Whether it lies outside the limits that were in force then."""
        return self.outcome is Outcome.FAIL


def keep(visit: Visit) -> None:
    """Bring the series of a visit's readings up to date; called after every visit."""
    answers = [one for one in _answers_of(visit) if one.kind in NUMERIC and one.number is not None]
    for answer in answers:
        if answer.subject_id:
            series = _keep_one(visit.stop, answer)
            if answer.outcome is Outcome.FAIL:
                tell_of_reading(visit.stop, answer, series.id, visit.received_at)


if keep not in AFTER_VISIT:
    AFTER_VISIT.append(keep)


def _answers_of(visit: Visit) -> Sequence[Answer]:
    return session.scalars(select(Answer).where(Answer.visit_id == visit.id)).all()


def _keep_one(stop: RunStop, answer: Answer) -> ReadingSeries:
    series = _series(stop, answer)
    if answer.outcome is Outcome.FAIL and (series.alarm_at is None or answer.at >= series.alarm_at):
        series.alarm_at, series.alarm_number = answer.at, answer.number
    if answer.at < series.last_at or answer.number is None:
        return series  # arrived late: something newer is known already
    check = stop.plan.check(answer.check_key)
    if check:
        series.label, series.label_en = (check.label.zh or check.label.en)[:200], check.label.en[:200]
        series.unit, series.low, series.high = check.unit[:40], check.low, check.high
    series.template_id, series.kind = stop.run.template_id, answer.kind
    series.last_at, series.last_number, series.last_outcome = answer.at, answer.number, answer.outcome
    series.odd = _newest_is_odd(series)
    session.flush()
    return series


def _series(stop: RunStop, answer: Answer) -> ReadingSeries:
    """The row of this series, locked; two first readings at once make one row."""
    values = {
        "id": new_id(),
        "site_id": answer.site_id,
        "template_id": stop.run.template_id,
        "subject_id": answer.subject_id,
        "asset_id": stop.asset_id,
        "place_id": None if stop.asset_id else stop.place_id,
        "check_key": answer.check_key,
        "kind": answer.kind,
        "label": answer.check_key,
        "label_en": "",
        "unit": "",
        "last_number": answer.number,
        "last_outcome": answer.outcome,
        "last_at": answer.at,
        "odd": False,
    }
    session.execute(insert()(ReadingSeries).values(values).on_conflict_do_nothing())
    query = select(ReadingSeries).filter_by(subject_id=answer.subject_id, check_key=answer.check_key)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _newest_is_odd(series: ReadingSeries) -> bool:
    points = _judged(series, _rows(_readings(series).order_by(Answer.at.desc()).limit(BEFORE)))
    return bool(points) and points[-1].odd


def listed(person: Person, text: str = "", after: UUID | None = None) -> Sequence[ReadingSeries]:
    """The series of the person's sites by template, a page at a time, searched by words."""
    query = _seen(person).join(RoundTemplate, RoundTemplate.id == ReadingSeries.template_id)
    query = query.outerjoin(Asset, Asset.id == ReadingSeries.asset_id)
    query = query.outerjoin(Place, or_(Place.id == ReadingSeries.place_id, Place.id == Asset.place_id))
    for word in text.casefold().split()[:6]:
        query = query.where(_has(word))
    key = (RoundTemplate.name, ReadingSeries.template_id, ReadingSeries.id)
    last = session.get(ReadingSeries, after) if after else None
    if last:
        query = query.where(tuple_(*key) > tuple_(last.template.name, last.template_id, last.id))
    return session.scalars(query.order_by(*key).limit(PAGE).options(*_SHOWN)).all()


def _has(word: str) -> ColumnElement[bool]:
    columns = (ReadingSeries.label, ReadingSeries.label_en, RoundTemplate.name, RoundTemplate.name_en)
    columns += (Asset.code, Asset.name, Asset.name_en, Place.code, Place.path, Place.path_en)  # type: ignore[assignment]
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def alarms(person: Person, at: datetime) -> Sequence[ReadingSeries]:
    """Series with a value outside the limits in the last seven days, the newest first."""
    query = _seen(person).where(ReadingSeries.alarm_at >= at - ALARM)
    return session.scalars(query.order_by(ReadingSeries.alarm_at.desc()).limit(PAGE).options(*_SHOWN)).all()


def alarms_now(person: Person, at: datetime, limit: int = 5) -> Sequence[ReadingSeries]:
    """Whose newest value, of the last day, is outside its limits: for who watches rounds, and for the trade at hand."""
    of_trade = ReadingSeries.template_id.in_(select(RoundTemplate.id).where(RoundTemplate.trade.in_(person.trade_set)))
    mine = and_(ReadingSeries.site_id.in_(person.sites_with(Right.WALK)), of_trade)
    heard = or_(ReadingSeries.site_id.in_(person.sites_with(Right.WATCH_ROUNDS)), mine)
    now = (ReadingSeries.alarm_at >= at - TODAY, ReadingSeries.last_outcome == Outcome.FAIL)
    query = _seen(person).where(heard, *now).order_by(ReadingSeries.alarm_at.desc(), ReadingSeries.id)
    return session.scalars(query.limit(limit).options(*_SHOWN)).all()


def one(person: Person, series_id: UUID) -> ReadingSeries:
    """A series of a site the person sees."""
    found = session.scalar(_seen(person).where(ReadingSeries.id == series_id).options(*_SHOWN))
    if found is None:
        raise Unseen("unknown-series", N_("These readings are not known."))
    return found


def points(series: ReadingSeries, start: datetime, end: datetime) -> list[Point]:
    """The readings from `start` to before `end` (the newest 4,000 of them), each judged by the ones before it."""
    within = _readings(series).where(Answer.at >= start, Answer.at < end).order_by(Answer.at.desc())
    rows = _rows(within.limit(MOST_POINTS))
    if not rows:
        return []
    before = _rows(_readings(series).where(Answer.at < rows[0][1]).order_by(Answer.at.desc()).limit(BEFORE))
    return _judged(series, [*before, *rows])[len(before) :]


def details(series: ReadingSeries, chosen: Sequence[Point]) -> list[tuple[Point, Answer]]:
    """Points with their answers: who read them, on which run."""
    options = joinedload(Answer.visit).options(joinedload(Visit.person), joinedload(Visit.run))
    query = select(Answer).where(Answer.id.in_([point.id for point in chosen]), Answer.site_id == series.site_id)
    found = {answer.id: answer for answer in session.scalars(query.options(options))}
    return [(point, found[point.id]) for point in chosen if point.id in found]


def _judged(series: ReadingSeries, rows: Sequence[tuple[UUID, datetime, Decimal, Outcome]]) -> list[Point]:
    values = [Value(at, number) for _, at, number, _ in rows]
    compared = rates(values) if series.kind is CheckKind.METER else values
    judged = odd(compared, series.site.zone)
    odd_at = {value.at for value, is_odd in zip(compared, judged, strict=True) if is_odd}
    rate_at = {value.at: value.number for value in compared} if series.kind is CheckKind.METER else {}
    return [Point(id_, at, number, outcome, at in odd_at, rate_at.get(at)) for id_, at, number, outcome in rows]


def _readings(series: ReadingSeries) -> Select[UUID, datetime, Decimal | None, Outcome]:
    return select(Answer.id, Answer.at, Answer.number, Answer.outcome).where(
        Answer.subject_id == series.subject_id, Answer.check_key == series.check_key, Answer.number.is_not(None)
    )


def _rows(
    newest_first: Select[UUID, datetime, Decimal | None, Outcome],
) -> list[tuple[UUID, datetime, Decimal, Outcome]]:
    found = [
        (id_, at, number, outcome) for id_, at, number, outcome in session.execute(newest_first) if number is not None
    ]
    return found[::-1]


def _seen(person: Person) -> Select[ReadingSeries]:
    return select(ReadingSeries).where(ReadingSeries.site_id.in_(person.sites_with(Right.SEE_SITE)))
