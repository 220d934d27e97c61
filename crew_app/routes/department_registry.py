"""The register of departments: make, change, retire."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.places import department_registry
from crew_app.places.models import Department
from crew_app.registers import sites
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("department_registry", __name__, url_prefix="/admin/departments")


@blueprint.get("")
@needs(Right.MANAGE_PLACES)
def index() -> str:
    """The departments of a site, and a form for another one."""
    site, words = _site(request.args), request.args.get("q", "").strip()[:60]
    retired, after = "retired" in request.args, request.args.get("after", "")[:20]
    found = department_registry.departments(site.id, words, after, retired=retired)
    return render_template(
        "place_registry/departments.html",
        site=site,
        sites=sites.sites(person(), Right.MANAGE_PLACES),
        found=found,
        places=department_registry.places_of([one.id for one in found]),
        text=words,
        retired=retired,
        more=found[-1].code if len(found) == department_registry.PAGE else None,
    )


@blueprint.get("/<uuid:department_id>")
@needs(Right.MANAGE_PLACES)
def show(department_id: UUID) -> str:
    """One department: change, retire."""
    found = department_registry.department(person(), department_id)
    places = department_registry.places_of([found.id]).get(found.id, 0)
    return render_template("place_registry/department.html", department=found, places=places)


@blueprint.post("")
@needs(Right.MANAGE_PLACES)
@command
def create() -> Done:
    """Make a department."""
    site = _site(request.form)
    department_registry.add(site.id, department_registry.read(request.form), by=person(), at=this_moment())
    return Done(url_for("department_registry.index", site_id=site.id), site.id, 201)


@blueprint.post("/<uuid:department_id>")
@needs(Right.MANAGE_PLACES)
@command
def change(department_id: UUID) -> Done:
    """Change a department."""
    found = department_registry.department(person(), department_id)
    department_registry.change(found, department_registry.read(request.form), by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:department_id>/retirement")
@needs(Right.MANAGE_PLACES)
@command
def retire(department_id: UUID) -> Done:
    """Take a department out of use."""
    found = department_registry.department(person(), department_id)
    department_registry.retire_department(found, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:department_id>/restoration")
@needs(Right.MANAGE_PLACES)
@command
def restore(department_id: UUID) -> Done:
    """Bring a retired department back."""
    found = department_registry.department(person(), department_id)
    department_registry.restore_department(found, by=person(), at=this_moment())
    return _done(found)


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.MANAGE_PLACES, fields)


def _done(found: Department) -> Done:
    return Done(url_for("department_registry.show", department_id=found.id), found.site_id)
