"""The roster: the week of a site, shifts by hand, what holds there; one's own shifts."""

from datetime import date, time, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.people import queries as people
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right, Trade
from crew_app.registers import sites
from crew_app.roster import actions, areas, forms, queries
from crew_app.roster.models import DutyShift
from crew_app.roster.rules import A_DAY, AHEAD, monday_of, span_on
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person
from crew_app.web.roster import week

blueprint = Blueprint("roster", __name__, url_prefix="/roster")
REMEMBERED = timedelta(weeks=4)


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """Who works when in a week."""
    site, at = chosen_site(person(), Right.SEE_SITE), now()
    today = at.astimezone(site.zone).date()
    monday = forms.parse_week(request.args.get("week", ""), today)
    start = span_on(monday, time(0), time(0), site.zone)[0]
    return render_template(
        "roster/index.html",
        week=week(site, monday, today),
        monday=monday,
        this_week=forms.week_of(monday),
        before=forms.week_of(monday - 7 * A_DAY),
        after=forms.week_of(monday + 7 * A_DAY),
        site=site,
        sites=people.sites_where(person(), Right.SEE_SITE),
        changes=queries.changes(site.id, start, start + 7 * A_DAY),
        patterns=[one for one in queries.patterns(site.id) if one.active],
        crew=sites.members([site.id], Right.SEE_SITE),
        rules=queries.rules_of(site.id),
        trades=list(Trade),
        today=today,
        at=at,
    )


@blueprint.get("/mine")
@needs(Right.SEE_SITE)
def mine() -> str:
    """My shifts of the next weeks, and the swaps I have a part in."""
    me, at = person(), now()
    shifts = queries.shifts_of(me.id, at, at + AHEAD)
    here = [site.id for site in people.sites_where(me, Right.SEE_SITE)]
    chosen = optional_uuid(request.args, "shift")
    return render_template(
        "roster/mine.html",
        shifts=shifts,
        offered=next((one for one in shifts if one.id == chosen and one.starts_at > at), None),
        others=_theirs(me, here[0]) if chosen else [],
        colleagues=[one for one in sites.members(here, Right.SEE_SITE) if one.id != me.id],
        swaps=queries.own_swaps(me, at - REMEMBERED),
        to_answer=queries.swaps_to_answer(me),
        areas=areas.areas_of(me),
        at=at,
    )


@blueprint.post("/shifts")
@needs(Right.DISPATCH)
@command
def add() -> Done:
    """Put somebody on the roster by hand."""
    me, form = person(), forms.parse_shift(request.form)
    site = sites.site(me, Right.DISPATCH, optional_uuid(request.form, "site_id"))
    whose = sites.member(site.id, optional_uuid(request.form, "person_id"), Right.SEE_SITE)
    shift = _shift(me, site, whose, form)
    actions.add_shift(shift, by=me, at=this_moment())
    return _done(site, form.day, 201)


@blueprint.post("/shifts/<uuid:shift_id>/removal")
@needs(Right.DISPATCH)
@command
def remove(shift_id: UUID) -> Done:
    """Take a shift off the roster."""
    shift = queries.shift(person(), shift_id, Right.DISPATCH, lock=True)
    site, day = shift.site, shift.starts_at.astimezone(shift.site.zone).date()
    actions.remove_shift(shift, by=person(), at=this_moment())
    return _done(site, day)


@blueprint.post("/weeks")
@needs(Right.DISPATCH)
@command
def copy_week() -> Done:
    """Take over last week's shifts into this one."""
    site = sites.site(person(), Right.DISPATCH, optional_uuid(request.form, "site_id"))
    monday = forms.parse_week(request.form.get("week", ""), now().astimezone(site.zone).date())
    actions.copy_week(site, monday, by=person(), at=this_moment())
    return _done(site, monday)


@blueprint.post("/rules")
@needs(Right.DISPATCH)
@command
def set_rules() -> Done:
    """Say what holds at the site: swaps, rest, dispatching by itself."""
    site = sites.site(person(), Right.DISPATCH, optional_uuid(request.form, "site_id"))
    actions.set_rules(site.id, forms.parse_rules(request.form))
    return _done(site, now().astimezone(site.zone).date())


def _shift(me: Person, site: Site, whose: Person, form: forms.ShiftForm) -> DutyShift:
    starts, ends, duty, trade, name = form.starts, form.ends, form.duty, form.trade, form.name
    if form.pattern:
        found = queries.pattern(me, uuid(request.form, "pattern_id"))
        starts, ends, duty, trade, name = found.starts, found.ends, found.duty, found.trade, found.name
    starts_at, ends_at = span_on(form.day, starts, ends, site.zone)
    return DutyShift(
        id=uuid(request.form, "shift_id"),
        site_id=site.id,
        person_id=whose.id,
        starts_at=starts_at,
        ends_at=ends_at,
        duty=duty,
        trade=trade,
        name=name,
    )


def _theirs(me: Person, site_id: UUID) -> list[DutyShift]:
    """Shifts of colleagues that one may ask for."""
    found = queries.shifts_between(site_id, now(), now() + AHEAD)
    trades = me.trade_set
    return [
        one
        for one in found
        if one.person_id != me.id and one.starts_at > now() and (not trades or trades & one.person.trade_set)
    ]


def chosen_site(me: Person, right: Right) -> Site:
    """The site that the address names, or the person's own."""
    chosen = optional_uuid(request.args, "site")
    return people.site_where(me, right, chosen) if chosen else people.sites_where(me, right)[0]


def _done(site: Site, day: date, status: int = 200) -> Done:
    shown = forms.week_of(monday_of(day))
    return Done(url_for("roster.index", week=shown, site=site.id), site.id, status)
