"""Dashboards: now, trends, the screen on the wall."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext

from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.desk import announcement_queries, call_queries
from crew_app.emergencies import queries as emergencies
from crew_app.held import queries as held
from crew_app.notifications import deliveries
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.reports import standing
from crew_app.reports.figure_queries import counted_at
from crew_app.reports.trends import BY_LABELS, TOPICS, By, Form
from crew_app.reports.windows import Window
from crew_app.tickets.now_lists import Now, address
from crew_app.web import dashboards
from crew_app.web.access import needs
from crew_app.web.people import person
from crew_app.web.pictures import store
from crew_app.web.sheets import Column, Format, Value, sheet
from crew_app.web.trend_views import View

blueprint = Blueprint("figures", __name__, url_prefix="/reports")


@blueprint.get("")
@needs(Right.SEE_FIGURES)
def index() -> str:
    """How it stands now, and what each role has to look at."""
    me, at = person(), now()
    site, sites = dashboards.the_site()
    shifts, finished = standing.on_duty(site.id, at), standing.finished_today(site, at)
    return render_template(
        "figures/index.html",
        **_frame(site, sites),
        jobs=standing.jobs_now(site.id, at),
        today=standing.jobs_today(site, at),
        finished=finished.total(),
        rounds=standing.rounds_today(site, at),
        shifts=shifts,
        silent=standing.silent_phones(site.id, at) if me.can(Right.SEE_PHONES, site.id) else 0,
        low=standing.low_items(site.id) if me.can(Right.SEE_STOCK, site.id) else 0,
        running=emergencies.running(me),
        outages=announcement_queries.outages([site.id], at),
        calls=len(call_queries.due(me, at)) if me.can(Right.KEEP_DESK, site.id) else 0,
        late=held.count_undecided(me) if me.can(Right.VERIFY, site.id) else 0,
        crew=standing.crew(site, at, shifts, finished) if me.can(Right.VERIFY, site.id) else [],
        month=dashboards.month(site, at),
        installation=_installation(site) if me.can(Right.CONFIGURE, site.id) else None,
        at=at,
    )


@blueprint.get("/trends")
@needs(Right.SEE_FIGURES)
def trends() -> str:
    """How it goes: all topics at a glance."""
    site, sites = dashboards.the_site()
    window = dashboards.window_asked()
    return render_template(
        "figures/trends.html",
        **_frame(site, sites),
        **dashboards.overview(site, window, now()),
        window=window,
        windows=Window,
        counted=counted_at(site.id),
    )


@blueprint.get("/trends/view")
@needs(Right.SEE_FIGURES)
def view() -> str:
    """One topic along one dimension."""
    site, sites = dashboards.the_site()
    key, by, window = _asked()
    return render_template(
        "figures/view.html",
        **_frame(site, sites),
        view=dashboards.one_view(site, window, key, by, now()),
        topics=TOPICS,
        topic=TOPICS[key],
        by=by,
        by_labels=BY_LABELS,
        window=window,
        windows=Window,
    )


@blueprint.get("/trends.xlsx")
@needs(Right.SEE_FIGURES)
def export() -> Response:
    """The same as a spreadsheet, with every member."""
    site, _sites = dashboards.the_site()
    key, by, window = _asked()
    found = dashboards.one_view(site, window, key, by, now(), limit=None)
    return sheet(
        f"{gettext(found.topic.label)} {found.period.first} {found.period.last}", _columns(found), _rows(found)
    )


@blueprint.get("/wall")
@needs(Right.SEE_FIGURES)
def wall() -> str:
    """The screen on the wall: no names of who reported, no phone numbers."""
    at = now()
    site, _sites = dashboards.the_site()
    return render_template(
        "figures/wall.html",
        site=site,
        jobs=standing.jobs_now(site.id, at),
        today=standing.jobs_today(site, at),
        finished=standing.finished_today(site, at).total(),
        rounds=standing.rounds_today(site, at),
        shifts=standing.on_duty(site.id, at),
        outages=announcement_queries.outages([site.id], at),
        **dashboards.wall(site, at),
        at=at,
    )


def _frame(site: Site, sites: list[Site]) -> dict[str, Any]:
    return {"site": site, "sites": sites, "Now": Now, "list_of": address}


def _asked() -> tuple[str, By, Window]:
    """Topic, dimension and time of the address; the first that goes with the topic where that makes no sense."""
    key = request.args.get("topic", "")
    topic = TOPICS.get(key, TOPICS["reported"])
    by = request.args.get("by", "")
    return topic.key, By(by) if by in topic.by else topic.by[0], dashboards.window_asked()


def _columns(found: View) -> list[Column]:
    shown = Format.MONEY if found.topic.form is Form.YUAN else Format.QUANTITY
    unit = {Form.RATE: " (%)", Form.HOURS: f" ({gettext('hours')})"}.get(found.topic.form, "")
    names = [gettext(found.topic.label) + unit, *filter(None, [found.names[1]])]
    return [Column(gettext(BY_LABELS[found.by]), 40), *(Column(name, 18, shown) for name in names)]


def _rows(found: View) -> list[list[Value]]:
    second = bool(found.names[1])
    return [[one.long, _exact(one.amount), *([_exact(one.before)] if second else [])] for one in found.points]


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(round(number, 2)))


def _installation(site: Site) -> dict[str, Any]:
    """What an administrator looks after."""
    beat = heartbeat.last_beat()
    return {
        "beat": beat,
        "silent": beat is not None and heartbeat.silent(beat, now()),
        "expected": current_app.config["SETTINGS"].scheduler,
        "photos": store().waits(),
        "dead": len(deliveries.dead([site.id])),
        "counted": counted_at(site.id),
    }
