"""The chain of escalation of a site: who is told when a job waits too long."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, render_template, request, url_for

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.desk import steps
from crew_app.desk.chain import BY_SHARE, CLOCK_LABELS, DEFAULTS, Clock, Step, Told, ordered, read_key
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.tickets.target_forms import parse_length
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.people import person

blueprint = Blueprint("escalation_steps", __name__, url_prefix="/desk/escalation")


@blueprint.get("")
@needs(Right.SET_TARGETS)
def index() -> str:
    """The steps by what has been waited for."""
    site = _site(request.args)
    chain = steps.chain_of(site.id)
    return render_template(
        "targets/escalation.html",
        site=site,
        sites=sites.sites(person(), Right.SET_TARGETS),
        chain={clock: [step for step in chain if step.clock is clock] for clock in CLOCK_LABELS},
        usual=chain == ordered(DEFAULTS),
        clocks=[(clock.value, label(clock)) for clock in Clock],
        told=[(told.value, label(told)) for told in Told],
    )


@blueprint.post("/steps")
@needs(Right.SET_TARGETS)
@command
def put() -> Done:
    """Add a step."""
    site = _site(request.form)
    steps.put(site.id, parse_step(request.form), by=person(), at=this_moment())
    return _done(site)


@blueprint.post("/steps/removal")
@needs(Right.SET_TARGETS)
@command
def take_out() -> Done:
    """Take a step out."""
    site, step = _site(request.form), read_key(request.form.get("step", ""))
    if step is None:
        raise Refused("step", N_("This step is not known."))
    steps.take_out(site.id, step, by=person(), at=this_moment())
    return _done(site)


@blueprint.post("/restart")
@needs(Right.SET_TARGETS)
@command
def begin_anew() -> Done:
    """Go back to the usual chain."""
    site = _site(request.form)
    steps.begin_anew(site.id, by=person())
    return _done(site)


def parse_step(form: Mapping[str, str]) -> Step:
    """Read a step: a share ("150%") of the time allowed, or a time after the deadline or the event ("30 min")."""
    clock, told, after = form.get("clock", ""), form.get("told", ""), form.get("after", "").replace("％", "%").strip()
    if clock not in set(Clock) or told not in set(Told):
        raise Refused("choice-missing", N_("Please choose what is waited for, and who is told."))
    if after.endswith("%"):
        share = after[:-1].strip()
        percent = int(share) if share.isascii() and share.isdecimal() and len(share) <= 4 else 0  # noqa: PLR2004
        return Step(Clock(clock), Told(told), percent=percent)
    minutes = parse_length(after) // timedelta(minutes=1)
    if not minutes and Clock(clock) in BY_SHARE:
        return Step(Clock(clock), Told(told), percent=100)
    return Step(Clock(clock), Told(told), minutes=minutes)


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.SET_TARGETS, fields)


def _done(site: Site) -> Done:
    return Done(url_for("escalation_steps.index", site_id=site.id), site.id)
