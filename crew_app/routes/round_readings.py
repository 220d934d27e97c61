"""Readings: what gauges and meters said, with limits, anomalies, and what was used in a month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.rounds import meter_use, series
from crew_app.rounds.consumption import Use
from crew_app.rounds.content import CheckKind
from crew_app.rounds.meter_use import Line
from crew_app.rounds.series import Point
from crew_app.rounds.series_models import ReadingSeries
from crew_app.storeroom.level_forms import day_or, month_or
from crew_app.storeroom.sums import end_of, first_of_month, last_months, start_of
from crew_app.tickets.forms import optional_uuid
from crew_app.web.access import needs
from crew_app.web.filters import label
from crew_app.web.languages import in_chinese, named
from crew_app.web.people import person
from crew_app.web.plots import Dot, plot
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("round_readings", __name__, url_prefix="/rounds/readings")

VIEWS = {"day": 1, "week": 7, "month": 31, "year": 366}
PAGE = 50
MONTHS_BACK = 36


@dataclass(frozen=True, slots=True)
class Span:
    """What a page of readings shows: a view and its last day, as moments of the site's own clock."""

    view: str
    day: date
    today: date
    start: datetime
    end: datetime

    @property
    def earlier(self) -> date:
        """The last day of the span before."""
        return self.day - timedelta(days=VIEWS[self.view])

    @property
    def later(self) -> date | None:
        """The last day of the span after; none when this one reaches to today."""
        return None if self.day >= self.today else min(self.day + timedelta(days=VIEWS[self.view]), self.today)


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """Everything that is read, by template; values outside their limits in the last seven days first."""
    me, text, after = person(), request.args.get("q", "")[:60], optional_uuid(request.args, "after")
    found = series.listed(me, text, after)
    return render_template(
        "rounds/readings.html",
        alarms=[] if text or after else series.alarms(me, now()),
        groups=[(template, list(group)) for template, group in groupby(found, key=lambda one: one.template)],
        text=text,
        more=found[-1].id if len(found) == series.PAGE else None,
    )


@blueprint.get("/<uuid:series_id>")
@needs(Right.SEE_SITE)
def show(series_id: UUID) -> str:
    """One check at one place or asset: chart, figures, who read them; for a meter what was used."""
    found = series.one(person(), series_id)
    span = _span(found)
    points = series.points(found, span.start, span.end)
    is_meter = found.kind is CheckKind.METER
    before = optional_uuid(request.args, "before")
    page = _page(points, before)
    return render_template(
        "rounds/readings_show.html",
        series=found,
        span=span,
        views=list(VIEWS),
        chart=plot(_dots(points, is_meter), span.start, span.end, *_limits(found)),
        rows=series.details(found, page),
        more=page[-1].id if page and page[-1] != points[0] else None,
        beyond=sum(point.beyond for point in points),
        odd=sum(point.odd for point in points),
        months=meter_use.by_month(found, span.today) if is_meter else [],
        renewals=meter_use.new_meters(found, span.today) if is_meter else [],
    )


@blueprint.get("/<uuid:series_id>/list.xlsx")
@needs(Right.SEE_SITE)
def export(series_id: UUID) -> Response:
    """The readings of the span as a spreadsheet."""
    found = series.one(person(), series_id)
    span = _span(found)
    points = series.points(found, span.start, span.end)
    columns = [
        Column(gettext("Time"), 18, Format.TIME),
        Column(gettext("Reading"), 14, Format.PRICE),
        Column(gettext("Unit"), 8),
        Column(gettext("Per day"), 14, Format.PRICE),
        Column(gettext("State"), 14),
        Column(gettext("Read by"), 14),
        Column(gettext("Round"), 18),
        Column(gettext("Note"), 30),
    ]
    title = f"{named(found.subject)} {named(found, 'label')}"
    return sheet(title, columns, _rows(found, points))


@blueprint.get("/consumption")
@needs(Right.SEE_SITE)
def consumption() -> str:
    """What each department used in a month by its meters, beside the same month of the year before."""
    site, month, today = _site_month()
    lines = meter_use.by_department(site, month)
    return render_template(
        "rounds/readings_consumption.html",
        site=site,
        sites=_sites(),
        month=month,
        months=last_months(today, MONTHS_BACK)[::-1],
        sorts=[(sort, list(group)) for sort, group in groupby(lines, key=lambda one: (one.label, one.unit))],
        this_month=month == first_of_month(today),
    )


@blueprint.get("/consumption.xlsx")
@needs(Right.SEE_SITE)
def export_consumption() -> Response:
    """The same as a spreadsheet."""
    site, month, _today = _site_month()
    columns = [
        Column(gettext("Meter"), 24),
        Column(gettext("Department"), 24),
        Column(gettext("Number of meters"), 10, Format.QUANTITY),
        Column(gettext("Unit"), 8),
        Column(f"{month:%Y-%m}", 14, Format.QUANTITY),
        Column(f"{first_of_month(month, -12):%Y-%m}", 14, Format.QUANTITY),
        Column(gettext("Change in percent"), 10, Format.QUANTITY),
        Column(gettext("Remark"), 30),
    ]
    return sheet(f"{gettext('Consumption')} {month:%Y-%m}", columns, map(_line, meter_use.by_department(site, month)))


def _rows(found: ReadingSeries, points: list[Point]) -> Iterator[list[Value]]:
    for place in range(0, len(points), PAGE):
        for point, answer in series.details(found, points[place : place + PAGE]):
            state = gettext("Anomaly") if point.odd else label(point.outcome)
            who, run = named(answer.visit.person), answer.visit.run.number
            rate = round(point.rate, 4) if point.rate is not None else None
            yield [point.at, point.number, found.unit, rate, state, who, run, answer.note]


def _line(line: Line) -> list[Value]:
    name = line.label[0] if in_chinese() else line.label[1] or line.label[0]
    department = named(line.department) or gettext("No department")
    words = _remark(line.use)
    return [name, department, line.meters, line.unit, line.use.amount, line.before.amount, line.change, words]


def _remark(use: Use) -> str:
    words = [
        (use.estimated, gettext("partly estimated")),
        (use.partial, gettext("not the whole month")),
        (use.renewed, gettext("a new meter began")),
    ]
    return ", ".join(text for true, text in words if true)


def _dots(points: list[Point], is_meter: bool) -> list[Dot]:  # noqa: FBT001 - a fact of the series
    """What is drawn: the values, or of a meter what it moved on per day."""
    numbers = [(point, point.rate if is_meter else point.number) for point in points]
    return [Dot(point.at, number, _mark(point)) for point, number in numbers if number is not None]


def _mark(point: Point) -> str:
    return "beyond" if point.beyond else "odd" if point.odd else ""


def _limits(found: ReadingSeries) -> tuple[Decimal | None, Decimal | None]:
    return (None, None) if found.kind is CheckKind.METER else (found.low, found.high)


def _page(points: list[Point], before: UUID | None) -> list[Point]:
    """The newest points first, from after the last one that was shown."""
    newest = points[::-1]
    place = next((place + 1 for place, point in enumerate(newest) if point.id == before), 0) if before else 0
    return newest[place : place + PAGE]


def _span(found: ReadingSeries) -> Span:
    zone = found.site.zone
    today = now().astimezone(zone).date()
    view = request.args.get("view", "week")
    view = view if view in VIEWS else "week"
    day = day_or(request.args, today)
    return Span(view, day, today, start_of(day - timedelta(days=VIEWS[view] - 1), zone), end_of(day, zone))


def _site_month() -> tuple[Site, date, date]:
    site = _site()
    today = now().astimezone(site.zone).date()
    return site, min(month_or(request.args, today), first_of_month(today)), today


def _sites() -> list[Site]:
    me = person()
    seen = me.sites_with(Right.SEE_SITE)
    return list({m.site_id: m.site for m in me.memberships if m.site_id in seen}.values())


def _site() -> Site:
    wanted: UUID | None = optional_uuid(request.args, "site_id")
    for site in _sites():
        if wanted in (None, site.id):
            return site
    raise Unseen("unknown-site", N_("This site is not known here."))
