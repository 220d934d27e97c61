"""The register of places: a tree to walk, make, change, move, retire; many at once after a look at what will change."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.places import bulk, paths, place_registry, registry_queries
from crew_app.places import queries as places
from crew_app.places.bulk import Steps, Wish
from crew_app.places.holding import holds
from crew_app.places.models import PLACE_LABELS, Place
from crew_app.registers import sites
from crew_app.tickets import holding as _jobs_hold  # noqa: F401 - open jobs keep places from being retired
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment, without_receipt
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.registers import look_page

blueprint = Blueprint("place_registry", __name__, url_prefix="/admin/places")


@blueprint.get("")
@needs(Right.MANAGE_PLACES)
def index() -> str:
    """The tree, open down to one place; or what was searched for; or what is retired."""
    site, words = _site(request.args), request.args.get("q", "").strip()[:60]
    after, retired = request.args.get("after", "")[:40], "retired" in request.args
    at = _at(request.args, site)
    flat = bool(words or retired)
    levels = [] if flat else _levels(site, at, after)
    shown = registry_queries.found(site.id, words, after, retired=retired) if flat else levels[-1]
    return render_template(
        "place_registry/places.html",
        site=site,
        sites=sites.sites(person(), Right.MANAGE_PLACES),
        at=at,
        way=list(reversed(paths.above(at))),
        levels=levels,
        found=shown,
        flat=flat,
        inside=registry_queries.numbers_inside([one.id for level in (levels or [shown]) for one in level]),
        text=words,
        retired=retired,
        more=shown[-1].code if len(shown) == registry_queries.PAGE else None,
        **_choices(site),
    )


def _levels(site: Site, at: Place | None, after: str) -> list[Sequence[Place]]:
    """Each level of the tree along the way to the open place; the last one a page at a time."""
    way = list(reversed(paths.above(at)))
    most = registry_queries.SIBLINGS
    above = [registry_queries.inside(site.id, one.parent_id, limit=most) for one in way]
    return [*above, registry_queries.inside(site.id, at.id if at else None, after)]


@blueprint.get("/new")
@needs(Right.MANAGE_PLACES)
def new() -> str:
    """A form for another place."""
    site = _site(request.args)
    return render_template(
        "place_registry/place.html", site=site, place=None, at=_at(request.args, site), holds=[], **_choices(site)
    )


@blueprint.get("/<uuid:place_id>")
@needs(Right.MANAGE_PLACES)
def show(place_id: UUID) -> str:
    """One place: change, move, retire."""
    place = registry_queries.place(person(), place_id)
    return render_template(
        "place_registry/place.html",
        site=place.site,
        place=place,
        at=place.parent,
        holds=holds(place),
        **_choices(place.site),
    )


@blueprint.post("")
@needs(Right.MANAGE_PLACES)
@command
def create() -> Done:
    """Make a place."""
    site = _site(request.form)
    place = place_registry.add(site.id, place_registry.read(request.form, site.id), by=person(), at=this_moment())
    return Done(url_for("place_registry.index", site_id=site.id, at=place.parent_id), site.id, 201)


@blueprint.post("/<uuid:place_id>")
@needs(Right.MANAGE_PLACES)
@command
def change(place_id: UUID) -> Done:
    """Change or move a place."""
    place = registry_queries.place(person(), place_id)
    place_registry.change(place, place_registry.read(request.form, place.site_id), by=person(), at=this_moment())
    return _done(place)


@blueprint.post("/<uuid:place_id>/retirement")
@needs(Right.MANAGE_PLACES)
@command
def retire(place_id: UUID) -> Done:
    """Take a place out of use."""
    place = registry_queries.place(person(), place_id)
    place_registry.retire_place(place, by=person(), at=this_moment())
    return _done(place)


@blueprint.post("/<uuid:place_id>/restoration")
@needs(Right.MANAGE_PLACES)
@command
def restore(place_id: UUID) -> Done:
    """Bring a retired place back."""
    place = registry_queries.place(person(), place_id)
    place_registry.restore_place(place, by=person(), at=this_moment())
    return _done(place)


@blueprint.post("/preview")
@needs(Right.MANAGE_PLACES)
@online_only("a look at what the server would change now")
@without_receipt("nothing is changed: it is tried and rolled back")
def preview() -> str:
    """What would change."""
    site = _site(request.form)
    return look_page(site, lambda at: _work(site.id, request.form, request.form.getlist("pick"), at), "places")


@blueprint.post("/bulk")
@needs(Right.MANAGE_PLACES)
@online_only("the server compares it with what was looked at")
@command
def carry_out() -> Done:
    """Change all of it, if it is what was looked at."""
    site = _site(request.form)
    steps = _work(site.id, request.form, request.form.getlist("pick"), this_moment())
    bulk.carried_out(steps, request.form.get("seal", ""))
    return Done(url_for("place_registry.index", site_id=site.id, at=request.form.get("at") or None), site.id)


def _work(site_id: UUID, fields: Mapping[str, str], picks: list[str], at: Any) -> Steps:
    if fields.get("lines", "").strip():
        return bulk.put_lines(site_id, bulk.parse_lines(fields["lines"]), by=person(), at=at)
    ids = [uuid({"pick": pick}, "pick") for pick in picks[: bulk.MOST]]
    wish = _wish(fields, site_id)
    if not ids or not (wish.values or wish.retire):
        raise Refused("nothing-chosen", N_("Please tick something in the list, and say what is to become of it."))
    return bulk.set_places(registry_queries.chosen(Place, site_id, ids), wish, by=person(), at=at)


def _wish(fields: Mapping[str, str], site_id: UUID) -> Wish:
    values: dict[str, Any] = {}
    if department := fields.get("department"):
        values["department_id"] = None if department == "-" else place_registry.department_of(department, site_id)
    if kind := fields.get("kind"):
        values["kind"] = place_registry.kind_of(kind)
    if parent := fields.get("parent"):
        values["parent_id"] = None if parent == "-" else place_registry.parent_of(parent, site_id)
    return Wish(values, retire="retire" in fields)


def _choices(site: Site) -> dict[str, Any]:
    return {
        "kinds": [(kind.value, gettext(words)) for kind, words in PLACE_LABELS.items()],
        "departments": [(one.code, f"{one.code} {named(one)}") for one in places.departments(site.id)],
        "parents": [(one.code, named(one, "path")) for one in places.large_places(site.id)],
    }


def _at(fields: Mapping[str, str], site: Site) -> Place | None:
    place_id = optional_uuid(fields, "at")
    found = registry_queries.place(person(), place_id) if place_id else None
    return found if found and found.site_id == site.id else None


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.MANAGE_PLACES, fields)


def _done(place: Place) -> Done:
    return Done(url_for("place_registry.show", place_id=place.id), place.site_id)
