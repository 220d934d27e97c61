"""What the pages of the dashboard show: cards of trends, the week, one topic; and the site one looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import get_locale, gettext

from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people import queries as people
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.reports import comparison
from crew_app.reports.figure_queries import Reader, reader
from crew_app.reports.periods import Period
from crew_app.reports.tally import Dimension
from crew_app.reports.trends import TOPICS, By, over_time
from crew_app.reports.windows import Window, period
from crew_app.web.charts import Chart, Point, Spot, stack, week
from crew_app.web.people import person
from crew_app.web.scales import plain
from crew_app.web.trend_views import View, behind, long, ranking, short, trend, words

OVERVIEW = ("reported", "on_time", "repair", "respond", "repeat", "cost")
RANKED = ((By.KIND, "reported"), (By.DEPARTMENT, "reported"), (By.PLACE, "reported"), (By.ASSET, "between"))
WALL = frozenset({name for key in ("reported", "found", "on_time", "repair") for name in TOPICS[key].wanted})
WANTED = frozenset({name for key in (*OVERVIEW, "found", "between") for name in TOPICS[key].wanted})


@dataclass(frozen=True, slots=True)
class Stack:
    """Reported and found on rounds, on each other."""

    chart: Chart | None
    sentence: str
    table: list[tuple[str, str, str, str]]


def the_site(right: Right = Right.SEE_FIGURES) -> tuple[Site, list[Site]]:
    """The site of the address by its code, or the person's first; and all where they have the right."""
    sites = people.sites_where(person(), right)
    wanted = request.args.get("site", "")
    for site in sites:
        if site.code == wanted or not wanted:
            return site, sites
    raise Unseen("unknown-site", N_("This site is not known here."))


def window_asked(default: Window = Window.YEAR) -> Window:
    """The time of the address."""
    asked = request.args.get("window", "")
    return Window(asked) if asked in set(Window) else default


def overview(site: Site, window: Window, at: datetime) -> dict[str, Any]:
    """All cards of the trends."""
    found = reader(site, at, WANTED)
    within = period(window, found.day, site.zone)
    return {
        "within": within,
        "stacked": found_against_reported(found, window, within),
        "trends": {key: trend(found, key, window, within) for key in OVERVIEW},
        "rankings": {by.value: ranking(found, key, by, window, within) for by, key in RANKED},
        "spots": (spots := week(_hours(found, within))),
        "week_sentence": busiest(spots),
        "days": weekdays(),
    }


def one_view(site: Site, window: Window, key: str, by: By, at: datetime, limit: int | None = 40) -> View:
    """One topic along one dimension."""
    topic = TOPICS[key]
    found = reader(site, at, topic.wanted)
    within = period(window, found.day, site.zone)
    if by is By.TIME:
        return trend(found, key, window, within)
    return ranking(found, key, by, window, within, limit)


def month(site: Site, at: datetime) -> dict[str, Any]:
    """The month against the month before and last year, in words with the addresses behind them."""
    found = reader(site, at, comparison.WANTED)
    rows, periods = comparison.compared(found)
    return {
        "periods": periods,
        "rows": [
            (
                one.topic,
                [
                    (words(one.topic, value), behind(site, one.topic, within))
                    for value, within in zip(one.values, periods, strict=True)
                ],
            )
            for one in rows
        ],
    }


def found_against_reported(found: Reader, window: Window, within: Period) -> Stack:
    """How much the crew found before anybody had to report it."""
    pairs = zip(
        over_time(found, TOPICS["reported"], window, within),
        over_time(found, TOPICS["found"], window, within),
        strict=True,
    )
    points = []
    for (span, told, _), (_, seen, _) in pairs:
        amount, more = told.number or 0, seen.number or 0
        href = behind(found.site, TOPICS["found"], span)
        points.append(Point(short(window, span), long(window, span), amount, plain(amount), href, more, plain(more)))
    whole = sum(one.amount + (one.before or 0) for one in points)
    seen_share = sum(one.before or 0 for one in points) / whole * 100 if whole else 0
    sentence = gettext(
        "Of %(count)s jobs %(share)s %% were found on rounds, before anybody reported them.",
        count=plain(whole),
        share=f"{seen_share:.1f}",
    )
    return Stack(stack(points), sentence, [(one.long, one.words, one.before_words, one.href) for one in points])


def busiest(spots: list[Spot]) -> str:
    """When most is reported, in a sentence."""
    if not spots:
        return gettext("Nothing to show")
    most = max(spots, key=lambda spot: spot.amount)
    return gettext(
        "Most is reported on %(day)s at %(hour)s o'clock: %(count)s jobs in this time.",
        day=weekdays("wide")[most.weekday],
        hour=most.hour,
        count=most.amount,
    )


def weekdays(width: str = "abbreviated") -> list[str]:
    """The names of the days from Monday on."""
    locale = get_locale()
    names: Mapping[int, str] = locale.days["stand-alone"][width] if locale else {}
    return [str(names.get(day, day)) for day in range(7)]


def _hours(found: Reader, within: Period) -> dict[tuple[int, int], int]:
    amounts = found.amounts(["reported"], Dimension.HOUR.value, within)
    return {(int(member[0]), int(member[2:])): amount for (_, member), amount in amounts.items()}


def wall(site: Site, at: datetime) -> dict[str, Any]:
    """What the screen on the wall shows beside the numbers of now: 30 days."""
    window = Window.DAYS
    found = reader(site, at, WALL)
    within = period(window, found.day, site.zone)
    return {
        "stacked": found_against_reported(found, window, within),
        "kinds": ranking(found, "reported", By.KIND, window, within, 8),
        "wards": ranking(found, "reported", By.DEPARTMENT, window, within, 8),
        "on_time": trend(found, "on_time", window, within),
        "repair": trend(found, "repair", window, within),
    }
