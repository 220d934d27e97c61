"""Places (位置), assets (设备), departments (科室), job kinds (报修类别)."""

from uuid import UUID

from crew_app.api.common import DEPARTMENT_REF, PLACE_REF, SHORT, both, href, maybe, maybe_time, where
from crew_app.api.declared import Asked, Page, lists, shows, sliced
from crew_app.api.kinds import Choice, Field, Flag, Id, Shape, Text, Whole
from crew_app.connections import lists as rows
from crew_app.connections.scopes import Scope
from crew_app.people.rules import Right, Trade
from crew_app.places.models import Asset, Department, Place, PlaceKind
from crew_app.web.tokens import TokenRule

READ = TokenRule(Scope.PLACES_READ, Right.SEE_SITE)
CODE = Field("code", Text(40, 1), "Only the one with this code", needed=False)
RETIRED = maybe_time("retired_at", "Since when it is not used any more")
PLACE = Shape(
    "Place",
    (
        Field("id", Id()),
        Field("code", SHORT),
        Field("kind", Choice(PlaceKind)),
        *both(),
        *both("path", "The way to it in words"),
        maybe("parent_id", Id()),
        maybe("department", DEPARTMENT_REF, "Who uses it"),
        RETIRED,
        href("places"),
    ),
)
ASSET_KIND = Shape("AssetKind", (Field("code", SHORT), *both()))
ASSET = Shape(
    "Asset",
    (
        Field("id", Id()),
        Field("code", SHORT),
        *both(),
        Field("kind", ASSET_KIND),
        Field("place", PLACE_REF),
        Field("model", SHORT),
        Field("serial", SHORT),
        RETIRED,
        href("assets"),
    ),
)
DEPARTMENT = Shape("Department", (*DEPARTMENT_REF.fields, RETIRED, href("departments")))
JOB_KIND_REF = Shape("JobKindRef", (Field("code", SHORT), *both()))
JOB_KIND = Shape(
    "JobKind",
    (
        Field("id", Id()),
        *JOB_KIND_REF.fields,
        Field("trade", Choice(Trade)),
        Field("priority", Whole(1, 4), "1 emergency, 2 urgent, 3 normal, 4 low"),
        Field("offered", Flag(), "Whether it may be chosen for a report"),
    ),
)


@lists(
    "/places",
    PLACE,
    READ,
    about="Places by code",
    query=(
        Field("parent_id", Id(), "Only what lies directly within", needed=False),
        Field("kind", Choice(PlaceKind), needed=False),
        CODE,
    ),
)
def list_places(asked: Asked) -> Page:
    """Buildings, floors, rooms, areas."""
    chosen = asked.query
    found = rows.places(where(asked), chosen.get("parent_id"), chosen.get("kind"), chosen.get("code"))
    return sliced(found, asked.limit)


@shows("/places/<uuid:place_id>", PLACE, READ, about="One place")
def show_place(asked: Asked, place_id: UUID) -> Place:
    """A place."""
    return rows.of_site(Place, asked.site_id, place_id)


@lists(
    "/assets",
    ASSET,
    READ,
    about="Assets by code",
    query=(
        Field("place_id", Id(), "Only what stands there", needed=False),
        Field("kind", Text(30, 1), "Code of a kind of asset", needed=False),
        CODE,
    ),
)
def list_assets(asked: Asked) -> Page:
    """What is looked after."""
    chosen = asked.query
    found = rows.assets(where(asked), chosen.get("place_id"), chosen.get("kind"), chosen.get("code"))
    return sliced(found, asked.limit)


@shows("/assets/<uuid:asset_id>", ASSET, READ, about="One asset")
def show_asset(asked: Asked, asset_id: UUID) -> Asset:
    """An asset."""
    return rows.of_site(Asset, asked.site_id, asset_id)


@lists("/departments", DEPARTMENT, READ, about="Departments by code")
def list_departments(asked: Asked) -> Page:
    """Wards and offices."""
    return sliced(rows.departments(where(asked)), asked.limit)


@shows("/departments/<uuid:department_id>", DEPARTMENT, READ, about="One department")
def show_department(asked: Asked, department_id: UUID) -> Department:
    """A department."""
    return rows.of_site(Department, asked.site_id, department_id)


@lists("/job-kinds", JOB_KIND, TokenRule(Scope.PLACES_READ, None), about="What a report may be about, by code")
def list_job_kinds(asked: Asked) -> Page:
    """Job kinds: one list for all sites."""
    return sliced(rows.job_kinds(where(asked)), asked.limit)
