"""Departments as customers of the storeroom: who asks for them, and how much a month."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.storeroom import departments, issues
from crew_app.storeroom.forms import price
from crew_app.tickets.forms import uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command
from crew_app.web.people import person

blueprint = Blueprint("departments", __name__, url_prefix="/stock/departments")


@blueprint.get("")
@needs(Right.MANAGE_DEPARTMENTS)
def index() -> str:
    """All departments with their people and limits."""
    found = departments.managed(person(), request.args.get("after", ""))
    return render_template(
        "departments/index.html",
        departments=found,
        askers=departments.askers(found),
        limits=departments.limits(found),
        more=found[-1].code if len(found) == departments.PAGE else None,
    )


@blueprint.get("/<uuid:department_id>")
@needs(Right.MANAGE_DEPARTMENTS)
def show(department_id: UUID) -> str:
    """One department, with the forms to set both."""
    found = departments.department(person(), department_id)
    return render_template(
        "departments/show.html",
        department=found,
        askers=departments.askers([found])[found.id],
        budget=departments.budget(found),
        people=[one for one in issues.receivers(found.site_id) if one.can(Right.ASK_FOR_STOCK, found.site_id)],
    )


@blueprint.post("/<uuid:department_id>/people")
@needs(Right.MANAGE_DEPARTMENTS)
@command
def set_people(department_id: UUID) -> Done:
    """Let exactly these people ask for it."""
    found = departments.department(person(), department_id)
    chosen = {uuid({"id": value}, "id") for value in request.form.getlist("people")}
    known = {one.id: one for one in issues.receivers(found.site_id)}
    if chosen - known.keys():
        raise Refused("may-not-ask", N_("One of these people may not ask for materials here. Give them a role first."))
    departments.set_askers(found, [known[id_] for id_ in chosen])
    return _done(found)


@blueprint.post("/<uuid:department_id>/limit")
@needs(Right.MANAGE_DEPARTMENTS)
@command
def set_limit(department_id: UUID) -> Done:
    """Set or take away the monthly limit."""
    found = departments.department(person(), department_id)
    monthly = price(request.form, "monthly") if request.form.get("monthly", "").strip() else None
    departments.set_limit(found, monthly)
    return _done(found)


def _done(found: Department) -> Done:
    return Done(url_for("departments.show", department_id=found.id), found.site_id)
