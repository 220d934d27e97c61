"""Training and drills: what is planned, what was held, and what a year came to."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers import sites, trainings
from crew_app.registers import training_forms as forms
from crew_app.registers.training_models import Training, TrainingKind
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.filters import label
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("trainings", __name__, url_prefix="/trainings")


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """What comes next, then the year with its totals."""
    me, today = person(), _today()
    here, year = me.sites_with(Right.SEE_SITE), forms.parse_year(request.args.get("year", ""), today.year)
    found = trainings.of_year(here, year)
    upcoming = trainings.upcoming(here, today)
    return render_template(
        "trainings/index.html",
        upcoming=upcoming,
        trainings=[one for one in found if one not in upcoming],
        totals=trainings.totals(found),
        year=year,
        this_year=today.year,
        kinds=list(TrainingKind),
        sites=sites.sites(me, Right.KEEP_REGISTERS),
        today=today,
    )


@blueprint.post("")
@needs(Right.KEEP_REGISTERS)
@command
def create() -> Done:
    """Plan a training, or write down one that was held."""
    me = person()
    site = sites.site(me, Right.KEEP_REGISTERS, optional_uuid(request.form, "site_id"))
    return _done(trainings.plan(forms.parse_plan(request.form), site, by=me, at=this_moment()), 201)


@blueprint.get("/all.xlsx")
@needs(Right.SEE_SITE)
def export() -> Response:
    """A year as a spreadsheet."""
    year = forms.parse_year(request.args.get("year", ""), _today().year)
    columns = [
        Column(gettext("Day"), 12, Format.DAY),
        Column(gettext("Kind"), 12),
        Column(gettext("Topic"), 30),
        Column(gettext("Place"), 18),
        Column(gettext("Trainer"), 14),
        Column(gettext("Took part"), 10, Format.QUANTITY),
        Column(gettext("Hours"), 10, Format.QUANTITY),
        Column(gettext("Average score"), 12, Format.QUANTITY),
        Column(gettext("Passed the test"), 10, Format.QUANTITY),
        Column(gettext("Note"), 30),
    ]
    found = trainings.of_year(person().sites_with(Right.SEE_SITE), year)
    return sheet(f"{gettext('Training and drills')} {year}", columns, _rows(found))


@blueprint.get("/<uuid:training_id>")
@needs(Right.SEE_SITE)
def show(training_id: UUID) -> str:
    """One training: how it went, and the form for that."""
    me = person()
    training = trainings.training(me, training_id)
    keeper = me.can(Right.KEEP_REGISTERS, training.site_id)
    people = sites.members([training.site_id]) if keeper else []
    return render_template("trainings/show.html", training=training, keeper=keeper, people=people, today=_today())


@blueprint.post("/<uuid:training_id>/records")
@needs(Right.KEEP_REGISTERS)
@prepared_command(arrive_with_form)
def record(training_id: UUID) -> Done:
    """Write down how it went."""
    me = person()
    training = trainings.training(me, training_id, Right.KEEP_REGISTERS)
    result = forms.parse_result(request.form, _people(training.site_id))
    trainings.record(training, result, arrived_photos(prepared()), by=me, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return _done(training)


def _people(site_id: UUID) -> list[Person]:
    chosen = dict.fromkeys(request.form.getlist("people"))
    return [sites.member(site_id, uuid({"people": one}, "people")) for one in chosen if one]


def _today() -> date:
    memberships = person().memberships
    return sites.day_at(memberships[0].site, now()) if memberships else now().date()


def _rows(found: Iterable[Training]) -> Iterator[list[Value]]:
    for one in found:
        about: list[Value] = [one.held_on, label(one.kind), one.topic, one.place, one.trainer]
        went = one.record
        yield [*about, *((went.headcount, went.hours, went.score, went.passed, went.note) if went else [None] * 5)]


def _done(training: Training, status: int = 200) -> Done:
    return Done(url_for("trainings.show", training_id=training.id), training.site_id, status)
