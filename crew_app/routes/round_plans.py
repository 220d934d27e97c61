"""Plans of rounds and the days off of a site."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import CrewError, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import RIGHTS, Right, Role, Trade
from crew_app.roster.days import days_off as exceptions_of
from crew_app.rounds import plan_forms, plan_queries, plans, queries, templates
from crew_app.rounds.calendar import Days, Shift, Timetable, check_rule, parse_times
from crew_app.rounds.models import RoundPlan, RoundTemplate
from crew_app.rounds.plan_forms import Shape, parse_day, parse_plan, shape_of, shape_of_rule
from crew_app.rounds.plans import Draft
from crew_app.rounds.published import YEARS, published
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.languages import in_chinese, named, translate
from crew_app.web.people import person

blueprint = Blueprint("round_plans", __name__, url_prefix="/rounds")
SHOWN = 10


@blueprint.get("/plans")
@needs(Right.PLAN_ROUNDS)
def index() -> str:
    """All plans with their next dates."""
    at, found = now(), plan_queries.plans(person(), optional_uuid(request.args, "before"))
    off = {site_id: exceptions_of(site_id) for site_id in {plan.site_id for plan in found}}
    return render_template(
        "rounds/plans/index.html",
        plans=[
            (plan, shape_of(plan), next(iter(plan_queries.coming(plan, at, 1, off[plan.site_id])), None))
            for plan in found
        ],
        more=found[-1].id if len(found) == plan_queries.PAGE else None,
        ended=lambda plan: plans.ended(plan, at),
    )


@blueprint.get("/plans/new")
@needs(Right.PLAN_ROUNDS)
def new() -> str:
    """Choose a template, then say when and who."""
    template_id = optional_uuid(request.args, "template")
    if template_id is None:
        return render_template("rounds/plans/choose.html", templates=queries.templates(person(), Right.PLAN_ROUNDS))
    template = queries.template(person(), template_id, Right.PLAN_ROUNDS)
    first = next(iter(templates.current(template).content.suggested), None)
    shape = shape_of_rule(first.rule) if first else Shape()
    return _form(template, None, shape, plan_forms.suggested(first))


@blueprint.post("/plans")
@needs(Right.PLAN_ROUNDS)
@command
def create() -> Done:
    """Make a plan."""
    me = person()
    template = queries.template(me, uuid(request.form, "template_id"), Right.PLAN_ROUNDS)
    draft = _draft(template.site)
    return _done(plans.create(uuid(request.form, "plan_id"), template, draft, by=me, at=this_moment()), 201)


@blueprint.get("/plans/preview")
@needs(Right.PLAN_ROUNDS)
def preview() -> str:
    """The next dates of a form that is being filled in."""
    dates, trouble = [], ""
    try:
        template = queries.template(person(), uuid(request.args, "template_id"), Right.PLAN_ROUNDS)
        dates = _dates(parse_plan(request.args, request.args, _today(template.site)), template.site)
    except CrewError as error:
        trouble = translate(error.message, **error.params)
    return render_template("rounds/plans/preview.html", dates=dates, trouble=trouble)


@blueprint.get("/plans/<uuid:plan_id>")
@needs(Right.PLAN_ROUNDS)
def show(plan_id: UUID) -> str:
    """One plan: what it says, the next dates, the last runs."""
    plan, at = plan_queries.plan(person(), plan_id), now()
    return render_template(
        "rounds/plans/show.html",
        plan=plan,
        shape=shape_of(plan),
        dates=[moment.astimezone(plan.site.zone) for moment in plan_queries.coming(plan, at, SHOWN)],
        runs=plan_queries.made(plan),
        ended=plans.ended(plan, at),
        at=at,
    )


@blueprint.get("/plans/<uuid:plan_id>/edit")
@needs(Right.PLAN_ROUNDS)
def edit(plan_id: UUID) -> str:
    """Change a plan."""
    plan = plan_queries.plan(person(), plan_id)
    values = {"times": plan.times.replace(",", ", "), "minutes": plan.minutes, "grace": plan.grace_minutes}
    return _form(plan.template, plan, shape_of(plan), values)


@blueprint.post("/plans/<uuid:plan_id>")
@needs(Right.PLAN_ROUNDS)
@command
def change(plan_id: UUID) -> Done:
    """Change a plan; later runs that do not fit it any more are called off and made anew."""
    plan = plan_queries.plan(person(), plan_id, lock=True)
    plans.change(plan, _draft(plan.site), by=person(), at=this_moment())
    return _done(plan)


@blueprint.post("/plans/<uuid:plan_id>/pause")
@needs(Right.PLAN_ROUNDS)
@command
def pause(plan_id: UUID) -> Done:
    """No more runs for the time being."""
    plan = plan_queries.plan(person(), plan_id, lock=True)
    plans.pause(plan, by=person(), at=this_moment())
    return _done(plan)


@blueprint.post("/plans/<uuid:plan_id>/resumption")
@needs(Right.PLAN_ROUNDS)
@command
def resume(plan_id: UUID) -> Done:
    """Runs again from now on."""
    plan = plan_queries.plan(person(), plan_id, lock=True)
    plans.resume(plan, by=person(), at=this_moment())
    return _done(plan)


@blueprint.post("/plans/<uuid:plan_id>/end")
@needs(Right.PLAN_ROUNDS)
@command
def end(plan_id: UUID) -> Done:
    """The plan is over."""
    plan = plan_queries.plan(person(), plan_id, lock=True)
    plans.end(plan, by=person(), at=this_moment())
    return _done(plan)


@blueprint.get("/days-off")
@needs(Right.PLAN_ROUNDS)
def days_off() -> str:
    """The holidays and worked weekends of a year."""
    site = _site(request.args)
    year = _year(request.args.get("year", ""), _today(site).year)
    days = plan_queries.days_of(site.id, year)
    missing = set(published(year)) - {one.day for one in days}
    return render_template("rounds/plans/days_off.html", site=site, year=year, days=days, published=bool(missing))


@blueprint.post("/days-off")
@needs(Right.PLAN_ROUNDS)
@command
def set_day() -> Done:
    """Say that a day is off, worked, or what its weekday says."""
    site, day, kind = _site(request.form), parse_day(request.form), request.form.get("kind", "off")
    if kind == "usual":
        plans.clear_day(site.id, day, by=person(), at=this_moment())
    else:
        name = text(request.form, "name")
        plans.set_day(site.id, day, name, working=kind == "worked", by=person(), at=this_moment())
    return _days_done(site, day.year)


@blueprint.post("/days-off/published")
@needs(Right.PLAN_ROUNDS)
@command
def load_days() -> Done:
    """Take over the published days of a year."""
    site, year = _site(request.form), _year(request.form.get("year", ""), YEARS[0])
    plans.load_days(site.id, published(year), by=person(), at=this_moment())
    return _days_done(site, year)


def _form(template: RoundTemplate, plan: RoundPlan | None, shape: Shape, values: dict[str, Any]) -> str:
    return render_template(
        "rounds/plans/form.html",
        template=template,
        plan=plan,
        shape=shape,
        values=values,
        areas_words=[(place.id, named(place, "path")) for place in plan_queries.areas(template.site_id)],
        people_words=[(one.id, named(one)) for one in plan_queries.people(template.site_id)],
        meters_words=[(_meter_value(one), _meter_words(one)) for one in plan_queries.meters(template.site_id)],
        chosen_meter=f"{plan.meter_asset_id}|{plan.meter_check}" if plan and plan.meter_asset_id else " ",
        roles_words=[(role.value, label(role)) for role in Role if Right.WALK in RIGHTS[role]],
        trades_words=[(trade.value, label(trade)) for trade in Trade],
        today=_today(template.site),
        weekdays=plan_forms.WEEKDAYS,
    )


def _meter_value(meter: plan_queries.Meter) -> str:
    return f"{meter.asset.id}|{meter.check_key}"


def _meter_words(meter: plan_queries.Meter) -> str:
    check = meter.label.zh if in_chinese() else meter.label.en or meter.label.zh
    return f"{named(meter.asset)} {meter.asset.code} · {check}"


def _draft(site: Site) -> Draft:
    draft = parse_plan(request.form, request.form, _today(site))
    plan_queries.check_draft(draft, site.id)
    return draft


def _dates(draft: Draft, site: Site) -> list[Any]:
    if draft.rule:
        check_rule(draft.rule, draft.starts_on)
    times = parse_times(draft.times)
    if draft.floating or not draft.rule:
        return []
    days, shift = Days(draft.days), Shift(draft.shift_to)
    table = Timetable(draft.rule, times, draft.starts_on, site.zone, draft.ends_on, days, shift, exceptions_of(site.id))
    return [moment.astimezone(site.zone) for moment in table.coming(now(), SHOWN)]


def _site(fields: Any) -> Site:
    site_id, mine = optional_uuid(fields, "site_id"), person().sites_with(Right.PLAN_ROUNDS)
    if site_id is not None and site_id not in mine:
        raise Unseen("unknown-site", N_("This site is not known."))
    return session.get_one(Site, site_id or min(mine))


def _today(site: Site) -> date:
    return now().astimezone(site.zone).date()


def _year(typed: str, default: int) -> int:
    plausible = typed.isascii() and typed.isdecimal() and len(typed) == 4 and "2000" <= typed < "2100"  # noqa: PLR2004
    return int(typed) if plausible else default


def _days_done(site: Site, year: int) -> Done:
    return Done(url_for("round_plans.days_off", year=year), site.id)


def _done(plan: RoundPlan, status: int = 200) -> Done:
    return Done(url_for("round_plans.show", plan_id=plan.id), plan.site_id, status)
