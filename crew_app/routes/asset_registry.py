"""The register of assets and their kinds: make, change, move, retire; many at once after a look."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.places import asset_registry, bulk, registry_queries
from crew_app.places import queries as places
from crew_app.places.bulk import Steps, Wish
from crew_app.places.holding import holds
from crew_app.places.models import Asset, Place
from crew_app.registers import sites
from crew_app.tickets import holding as _jobs_hold  # noqa: F401 - open jobs keep assets from being retired
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment, without_receipt
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.registers import look_page

blueprint = Blueprint("asset_registry", __name__, url_prefix="/admin/assets")
ICONS = (
    *(
        "air-vent",
        "alarm-smoke",
        "battery-charging",
        "bed",
        "bell",
        "box",
        "cable",
        "container",
        "cylinder",
        "door-open",
    ),
    *("droplets", "engine", "fan", "fire-extinguisher", "flame", "gauge", "heater", "lamp", "lightbulb", "lock"),
    *("microwave", "monitor", "panel-top", "plug", "shower-head", "snowflake", "thermometer", "toilet", "truck", "tv"),
    *("volume-x", "waves", "wind", "wrench", "zap"),
)
"""Pictures that a kind may have."""


@blueprint.get("")
@needs(Right.MANAGE_PLACES)
def index() -> str:
    """Assets by code, narrowed by words, kind and place; or the retired ones."""
    site, words = _site(request.args), request.args.get("q", "").strip()[:60]
    kind, at, retired = request.args.get("kind", "")[:30], _at(request.args, site), "retired" in request.args
    after = request.args.get("after", "")[:40]
    found = registry_queries.assets(site.id, words, kind, at.id if at else None, after, retired=retired)
    return render_template(
        "place_registry/assets.html",
        site=site,
        sites=sites.sites(person(), Right.MANAGE_PLACES),
        found=found,
        at=at,
        kind=kind,
        text=words,
        retired=retired,
        more=found[-1].code if len(found) == registry_queries.PAGE else None,
        **_choices(site),
    )


@blueprint.get("/new")
@needs(Right.MANAGE_PLACES)
def new() -> str:
    """A form for another asset."""
    site = _site(request.args)
    at = _at(request.args, site)
    return render_template("place_registry/asset.html", site=site, asset=None, at=at, holds=[], **_choices(site))


@blueprint.get("/<uuid:asset_id>")
@needs(Right.MANAGE_PLACES)
def show(asset_id: UUID) -> str:
    """One asset: change, move, retire."""
    asset = registry_queries.asset(person(), asset_id)
    site = asset.place.site
    return render_template(
        "place_registry/asset.html", site=site, asset=asset, at=asset.place, holds=holds(asset), **_choices(site)
    )


@blueprint.post("")
@needs(Right.MANAGE_PLACES)
@command
def create() -> Done:
    """Make an asset."""
    site = _site(request.form)
    asset = asset_registry.add(site.id, asset_registry.read(request.form, site.id), by=person(), at=this_moment())
    return _done(asset, 201)


@blueprint.post("/<uuid:asset_id>")
@needs(Right.MANAGE_PLACES)
@command
def change(asset_id: UUID) -> Done:
    """Change or move an asset."""
    asset = registry_queries.asset(person(), asset_id)
    asset_registry.change(asset, asset_registry.read(request.form, asset.site_id), by=person(), at=this_moment())
    return _done(asset)


@blueprint.post("/<uuid:asset_id>/retirement")
@needs(Right.MANAGE_PLACES)
@command
def retire(asset_id: UUID) -> Done:
    """Take an asset out of use."""
    asset = registry_queries.asset(person(), asset_id)
    asset_registry.retire_asset(asset, by=person(), at=this_moment())
    return _done(asset)


@blueprint.post("/<uuid:asset_id>/restoration")
@needs(Right.MANAGE_PLACES)
@command
def restore(asset_id: UUID) -> Done:
    """Bring a retired asset back."""
    asset = registry_queries.asset(person(), asset_id)
    asset_registry.restore_asset(asset, by=person(), at=this_moment())
    return _done(asset)


@blueprint.post("/preview")
@needs(Right.MANAGE_PLACES)
@online_only("a look at what the server would change now")
@without_receipt("nothing is changed: it is tried and rolled back")
def preview() -> str:
    """What would change."""
    site = _site(request.form)
    return look_page(site, lambda at: _work(site.id, request.form, request.form.getlist("pick"), at), "assets")


@blueprint.post("/bulk")
@needs(Right.MANAGE_PLACES)
@online_only("the server compares it with what was looked at")
@command
def carry_out() -> Done:
    """Change all of it, if it is what was looked at."""
    site = _site(request.form)
    steps = _work(site.id, request.form, request.form.getlist("pick"), this_moment())
    bulk.carried_out(steps, request.form.get("seal", ""))
    return Done(url_for("asset_registry.index", site_id=site.id), site.id)


@blueprint.get("/kinds")
@needs(Right.MANAGE_PLACES)
def kinds() -> str:
    """The kinds of assets, one list for all sites."""
    chosen = request.args.get("kind", "")[:30]
    all_kinds = places.asset_kinds()
    return render_template(
        "place_registry/kinds.html",
        kinds=all_kinds,
        kind=next((one for one in all_kinds if one.code == chosen), None),
        numbers=registry_queries.assets_by_kind(),
        icons=ICONS,
    )


@blueprint.post("/kinds")
@needs(Right.MANAGE_PLACES)
@command
def put_kind() -> Done:
    """Make or change a kind."""
    kind_id = optional_uuid(request.form, "kind_id")
    kind = next((one for one in places.asset_kinds() if one.id == kind_id), None)
    if kind_id and kind is None:
        raise Unseen("unknown-kind", N_("This kind of asset is not known."))
    asset_registry.put_kind(kind, request.form, set(ICONS), by=person(), at=this_moment())
    return Done(url_for("asset_registry.kinds"))


def _work(site_id: UUID, fields: Mapping[str, str], picks: list[str], at: Any) -> Steps:
    ids = [uuid({"pick": pick}, "pick") for pick in picks[: bulk.MOST]]
    wish = _wish(fields, site_id)
    if not ids or not (wish.values or wish.retire):
        raise Refused("nothing-chosen", N_("Please tick something in the list, and say what is to become of it."))
    return bulk.set_assets(registry_queries.chosen(Asset, site_id, ids), wish, by=person(), at=at)


def _wish(fields: Mapping[str, str], site_id: UUID) -> Wish:
    values: dict[str, Any] = {}
    if place := fields.get("place", "").strip():
        values["place_id"] = asset_registry.place_of(place, site_id)
    if kind := fields.get("kind"):
        values["kind_id"] = asset_registry.kind_of(kind)
    return Wish(values, retire="retire" in fields)


def _choices(site: Site) -> dict[str, Any]:
    return {
        "kinds": [(one.code, named(one)) for one in places.asset_kinds()],
        "large": [(one.id, named(one, "path")) for one in places.large_places(site.id)],
    }


def _at(fields: Mapping[str, str], site: Site) -> Place | None:
    place_id = optional_uuid(fields, "at")
    found = registry_queries.place(person(), place_id) if place_id else None
    return found if found and found.site_id == site.id else None


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.MANAGE_PLACES, fields)


def _done(asset: Asset, status: int = 200) -> Done:
    return Done(url_for("asset_registry.show", asset_id=asset.id), asset.site_id, status)
