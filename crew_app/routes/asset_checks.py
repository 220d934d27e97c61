"""Spot checks of fixed assets: some cards of a department, picked by chance."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.fixed_assets import checks, forms, queries
from crew_app.fixed_assets.models import AssetCheck
from crew_app.people.rules import Right
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("asset_checks", __name__, url_prefix="/assets/checks")


@blueprint.get("")
@needs(Right.KEEP_ASSETS)
def index() -> str:
    """The spot checks, the newest first, and how to begin one."""
    me = person()
    found = queries.checks(me, optional_uuid(request.args, "before"))
    return render_template(
        "assets/checks.html",
        checks=found,
        departments=queries.departments_with_cards(me, Right.KEEP_ASSETS),
        more=found[-1].id if len(found) == queries.PAGE else None,
    )


@blueprint.get("/<uuid:asset_check_id>")
@needs(Right.KEEP_ASSETS)
def show(asset_check_id: UUID) -> str:
    """A spot check: each asset, found or not."""
    check = queries.check(person(), asset_check_id)
    photos = queries.photos_about([line.id for line in check.lines])
    return render_template("assets/check.html", check=check, photos=photos)


@blueprint.post("")
@needs(Right.KEEP_ASSETS)
@command
def create() -> Done:
    """Pick some cards of a department."""
    me, form = person(), request.form
    department = queries.department(me.sites_with(Right.KEEP_ASSETS), uuid(form, "department_id"))
    check = checks.start(uuid(form, "check_id"), department, forms.number(form, "number"), by=me, at=this_moment())
    return _done(check, 201)


@blueprint.post("/<uuid:asset_check_id>/results")
@needs(Right.KEEP_ASSETS)
@prepared_command(arrive_with_form)
def record(asset_check_id: UUID) -> Done:
    """Say whether one of them was found."""
    me = person()
    check = queries.check(me, asset_check_id, lock=True)
    line_id, result = forms.parse_result(request.form)
    photos, note = arrived_photos(prepared()), text(request.form, "note")
    checks.record(check, line_id, result, note, photos, by=me, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return _done(check)


def _done(check: AssetCheck, status: int = 200) -> Done:
    return Done(url_for("asset_checks.show", asset_check_id=check.id), check.site_id, status)
