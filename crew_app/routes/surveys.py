"""Satisfaction (满意度): results of surveys and ratings, the questions, and the sheets with QR codes."""

from datetime import date, datetime, time
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.surveys import actions, forms, queries
from crew_app.surveys.models import SurveyAddress
from crew_app.surveys.rules import month_of, months_back
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command
from crew_app.web.people import person
from crew_app.web.qr import drawing, public_address

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")
A_YEAR = 12


@blueprint.get("")
@needs(Right.SEE_SATISFACTION)
def index() -> str:
    """How satisfied the wards are: the last twelve months, one month by ward and question, and ratings of jobs."""
    site = _site(Right.SEE_SATISFACTION)
    months = months_back(month_of(now().astimezone(site.zone).date()), A_YEAR)
    month = _month(months)
    wards = queries.wards(site.id, month)
    shown = {ward.department.id for ward in wards if ward.shown}
    return render_template(
        "surveys/index.html",
        site=site,
        sites=queries.sites(person(), Right.SEE_SATISFACTION),
        months=months,
        month=month,
        trend=queries.trend(site.id, months),
        questions=[one for one in queries.all_questions(site.id) if one.asked or any(one.id in w.marks for w in wards)],
        wards=wards,
        remarks=queries.words(site.id, month, shown),
        rated=queries.rated(site.id, *_bounds(site, month)),
    )


@blueprint.get("/sheets")
@needs(Right.KEEP_SURVEYS)
def sheets() -> str:
    """A sheet with a QR code for every ward, to print."""
    site = _site(Right.KEEP_SURVEYS)
    return render_template("surveys/sheets.html", site=site, addresses=queries.addresses(site.id))


@blueprint.get("/sheets/<uuid:department_id>/qr.svg")
@needs(Right.KEEP_SURVEYS)
def picture(department_id: UUID) -> Response:
    """The QR code of a ward's survey."""
    return drawing(survey_address(queries.address_of(person(), department_id)))


@blueprint.get("/questions")
@needs(Right.KEEP_SURVEYS)
def questions() -> str:
    """What the surveys ask."""
    site = _site(Right.KEEP_SURVEYS)
    return render_template(
        "surveys/questions.html", site=site, questions=queries.asked(site.id), spare=2, first=actions.FIRST
    )


@blueprint.post("/questions")
@needs(Right.KEEP_SURVEYS)
@command
def set_questions() -> Done:
    """Ask these from now on; wards that have no address get one."""
    site = _site(Right.KEEP_SURVEYS)
    actions.set_questions(site.id, forms.parse_questions(request.form))
    actions.prepare(site.id)
    return Done(url_for("surveys.sheets", site=site.code), site.id)


@blueprint.post("/sheets/<uuid:department_id>/renewal")
@needs(Right.KEEP_SURVEYS)
@command
def renew(department_id: UUID) -> Done:
    """Give a ward another address, when the old one got into wrong hands."""
    address = queries.address_of(person(), department_id)
    actions.renew(address)
    return Done(url_for("surveys.sheets", site=queries.site(address.site_id).code), address.site_id)


def survey_address(address: SurveyAddress) -> str:
    """What the QR code of a ward's survey says."""
    return public_address(url_for("survey_answers.show", code=address.code))


def _site(right: Right) -> Site:
    """The site that was asked for, or the person's first."""
    found, code = queries.sites(person(), right), request.values.get("site", "")
    chosen = [site for site in found if site.code == code] if code else found
    if not chosen:
        raise Unseen("unknown-site", N_("This site is not known here."))
    home = person().memberships[0].site_id
    return next((site for site in chosen if site.id == home), chosen[0])


def _month(months: list[date]) -> date:
    asked = request.args.get("month", "")
    return next((month for month in months if f"{month:%Y-%m}" == asked), months[-1])


def _bounds(site: Site, month: date) -> tuple[datetime, datetime]:
    after = months_back(month, 1)[0].replace(day=28)
    following = date(after.year + after.month // 12, after.month % 12 + 1, 1)
    return datetime.combine(month, time.min, site.zone), datetime.combine(following, time.min, site.zone)
