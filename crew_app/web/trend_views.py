"""Trends as charts: points with their words, and the addresses of the rows behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext

from crew_app.people.models import Site
from crew_app.places.models import Asset
from crew_app.reports.figure_queries import Reader
from crew_app.reports.members import members
from crew_app.reports.periods import Period
from crew_app.reports.trends import TOPICS, By, Form, Topic, Value, by_member, over_time
from crew_app.reports.windows import Span, Window, before, steps
from crew_app.web.charts import Chart, Point, Row, columns, line, rows
from crew_app.web.languages import named
from crew_app.web.scales import plain

WORST = 10
_LINES = {"on_time": "on_time", "answered": "answered", "sent_back": "sent_back"}
_LISTED = {"respond": "reported", "repair": "reported,done", "accepted": ""}
_NO_LIST = {"cost"}


@dataclass(frozen=True, slots=True)
class View:
    """One topic along one dimension, ready to be drawn, and as a table."""

    topic: Topic
    by: By
    window: Window
    period: Period
    sentence: str
    chart: Chart | None = None
    bars: Sequence[Row] = ()
    points: Sequence[Point] = ()
    table: Sequence[tuple[str, str, str, str]] = ()
    """Name, words, words of a year before, address."""
    names: tuple[str, str] = ("", "")
    """What the two series are called; the second empty where there is one."""


def words(topic: Topic, value: Value) -> str:
    """A number of a topic in words."""
    if value.number is None:
        return "–"
    match topic.form:
        case Form.RATE:
            return f"{value.number:.1f} %"
        case Form.HOURS:
            return hours(value.number)
        case Form.YUAN:
            return f"¥{value.number:,.0f}"
        case Form.DAYS:
            return gettext("%(faults)s × · every %(days)s days", faults=value.of, days=f"{value.number:.0f}")
    return plain(value.number)


def hours(number: float) -> str:
    """A duration given in hours, in the largest sensible unit."""
    if number < 1:
        return gettext("%(count)s min", count=round(number * 60))
    return gettext("%(count)s h", count=f"{number:.1f}".removesuffix(".0"))


def behind(site: Site, topic: Topic, span: Span | Period, **more: str) -> str:
    """The address of the jobs behind a number; empty where it is not made of jobs."""
    if topic.key in _NO_LIST:
        return ""
    wanted = _LISTED.get(topic.key, _LINES.get(topic.key, topic.part))
    query = {"site": site.code, "from": span.first.isoformat(), "to": span.last.isoformat(), "is": wanted, **more}
    return "/tickets?" + urlencode(query)


def trend(reader: Reader, key: str, window: Window, period: Period) -> View:
    """A topic over time: columns, or a line for rates and durations."""
    topic = TOPICS[key]
    found = over_time(reader, topic, window, period)
    timed = topic.form is Form.HOURS
    points = [
        Point(
            short(window, span),
            long(window, span),
            now.number or 0,
            _both(topic, now),
            behind(reader.site, topic, span),
            now.second if timed else then.number,
            words(topic, then),
            missing=now.number is None,
        )
        for span, now, then in found
    ]
    draw = columns if topic.form in (Form.COUNT, Form.YUAN) else line
    names = (
        (gettext("Median"), gettext("Nine of ten were faster")) if timed else (_now(window), gettext("A year before"))
    )
    chart = draw(points, whole=topic.form is Form.COUNT)
    return View(
        topic,
        By.TIME,
        window,
        period,
        _sentence(topic, chart, found[-1][1]),
        chart,
        points=points,
        table=[(point.long, point.words, point.before_words, point.href) for point in points],
        names=names if timed or any(point.before for point in points) else (names[0], ""),
    )


def ranking(reader: Reader, key: str, by: By, window: Window, period: Period, limit: int | None = WORST) -> View:
    """A topic by the members of a dimension, the most (or the worst) first, with the year before."""
    topic = TOPICS[key]
    now = by_member(reader, topic, by, period)
    lowest = topic.good_high is True
    order = sorted(
        (one for one in now.items() if one[1].number is not None and (one[1].number or topic.form is Form.RATE)),
        key=lambda one: ((one[1].number or 0) * (1 if lowest else -1), -one[1].of, one[0]),
    )
    if topic.form is Form.RATE:
        order = [one for one in order if one[1].of >= _enough(now)]
    if topic.form is Form.DAYS:
        order = [one for one in order if one[1].of > 1]
    found = order[:limit] if limit else order
    then = by_member(reader, topic, by, year_before(window, period))
    known = members(by, [member for member, _ in found])
    points = [
        Point(
            "",
            member_name(by, known.get(member)),
            _length(topic, value),
            words(topic, value),
            _member_link(reader.site, topic, by, known.get(member), period),
            _length(topic, then[member]) if member in then else None,
            words(topic, then[member]) if member in then else "",
        )
        for member, value in found
    ]
    return View(
        topic,
        by,
        window,
        period,
        _first(topic, points),
        bars=rows(points),
        points=points,
        table=[(point.long, point.words, point.before_words, point.href) for point in points],
        names=(_now(window), gettext("A year before")),
    )


def _length(topic: Topic, found: Value) -> float:
    """How long a bar is: what fails most often has the longest, although its days between are the fewest."""
    return found.of if topic.form is Form.DAYS else found.number or 0


def year_before(window: Window, period: Period) -> Period:
    """The same steps a year earlier, as one period."""
    spans = [before(window, span) for span in steps(window, period)]
    return Period(spans[0].first, spans[-1].last, period.zone)


def member_name(by: By, found: Any) -> str:
    """What a member is called; places and assets say where."""
    if found is None:
        return gettext("No department") if by is By.DEPARTMENT else gettext("Not known any more")
    if by is By.PLACE:
        return named(found, "path")
    if isinstance(found, Asset):
        return f"{named(found)} · {named(found.place, 'path')}"
    return f"{named(found)} {found.spec}".strip() if by is By.ITEM else named(found)


def short(window: Window, span: Span) -> str:
    """A step in as few signs as below a column fit."""
    if window is Window.YEAR:
        return str(span.first.month)
    return f"{span.first.month}/{span.first.day}"


def long(window: Window, span: Span) -> str:
    """A step in full."""
    if window is Window.YEAR:
        return f"{span.first:%Y-%m}"
    return f"{span.first}" if span.first == span.last else gettext("Week of %(day)s", day=span.first)


def _both(topic: Topic, found: Value) -> str:
    if topic.form is Form.HOURS and found.second is not None:
        return f"{words(topic, found)} · {hours(found.second)}"
    return words(topic, found)


def _now(window: Window) -> str:
    return {
        Window.DAYS: gettext("Last 30 days"),
        Window.QUARTER: gettext("Last 13 weeks"),
        Window.YEAR: gettext("Last 12 months"),
    }[window]


def _enough(found: dict[str, Value]) -> int:
    """A rate of very few jobs says nothing: at least a hundredth of what the largest member has, and five."""
    return max(5, max((value.of for value in found.values()), default=0) // 100)


def _sentence(topic: Topic, chart: Chart | None, last: Value) -> str:
    """What a chart over time shows, for whoever does not see it."""
    if chart is None:
        return gettext("Nothing to show")
    most = chart.points[chart.highest]
    return gettext(
        "%(topic)s from %(first)s to %(last)s: most in %(most)s with %(amount)s, at last %(now)s.",
        topic=gettext(topic.label),
        first=chart.points[0].long,
        last=chart.points[-1].long,
        most=most.long,
        amount=most.words,
        now=_both(topic, last),
    )


def _first(topic: Topic, points: Sequence[Point]) -> str:
    if not points:
        return gettext("Nothing to show")
    return gettext(
        "%(topic)s: %(count)s shown, first %(name)s with %(amount)s.",
        topic=gettext(topic.label),
        count=len(points),
        name=points[0].long,
        amount=points[0].words,
    )


def _member_link(site: Site, topic: Topic, by: By, found: Any, period: Period) -> str:
    if found is None:
        return ""
    if topic.form is Form.DAYS:
        return f"/assets/{found.id}"
    if topic.form is Form.YUAN:
        return f"/stock/items/{found.id}" if by is By.ITEM else ""
    more = {"job_kind": found.code} if by is By.KIND else {by.value: str(found.id)}
    return behind(site, topic, period, **more)
