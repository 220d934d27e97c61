"""Rows of sites, departments, places, assets and tags."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from crew_app.demo.assets import asset_kinds, assets
from crew_app.demo.hospital import SITES, departments, places
from crew_app.demo.loading.ids import Row, known, tag_code
from crew_app.places.models import PlaceKind

SEED = 65


def site_rows() -> Iterator[Row]:
    """The campuses."""
    for site in SITES.values():
        yield {
            "id": known("site", site.code),
            "code": site.code,
            "name": site.name,
            "name_en": site.name_en,
            "timezone": "Asia/Shanghai",
        }


def department_rows() -> Iterator[Row]:
    """The wards and offices."""
    for department in departments().values():
        yield {
            "id": known("department", department.code),
            "site_id": known("site", department.site),
            "code": department.code,
            "name": department.name,
            "name_en": department.name_en,
        }


def place_rows() -> Iterator[Row]:
    """Buildings, floors, rooms and areas, the outer ones first."""
    for place in places().values():
        yield {
            "id": known("place", place.code),
            "site_id": known("site", place.site),
            "parent_id": known("place", place.parent) if place.parent else None,
            "department_id": known("department", place.department) if place.department else None,
            "kind": place.kind,
            "code": place.code,
            "name": place.name,
            "name_en": place.name_en,
            "path": place.path,
            "path_en": place.path_en,
        }


def asset_kind_rows() -> Iterator[Row]:
    """Kinds of assets."""
    for kind in asset_kinds().values():
        yield {
            "id": known("asset-kind", kind.code),
            "code": kind.code,
            "name": kind.name,
            "name_en": kind.name_en,
            "icon": kind.icon,
        }


def asset_rows() -> Iterator[Row]:
    """The assets."""
    for asset in assets().values():
        yield {
            "id": known("asset", asset.code),
            "site_id": known("site", asset.site),
            "place_id": known("place", asset.place),
            "kind_id": known("asset-kind", asset.kind),
            "code": asset.code,
            "name": asset.name,
            "name_en": asset.name_en,
            "model": asset.model,
            "serial": asset.serial,
        }


def tag_rows(at: datetime) -> Iterator[Row]:
    """A tag for every place but the buildings, and for every asset."""
    dice = Random(SEED)  # noqa: S311 - printed once, so the same every time
    for place in places().values():
        if place.kind is not PlaceKind.BUILDING:
            yield _tag(place.site, at, dice) | {"place_id": known("place", place.code), "asset_id": None}
    for asset in assets().values():
        yield _tag(asset.site, at, dice) | {"place_id": None, "asset_id": known("asset", asset.code)}


def _tag(site: str, at: datetime, dice: Random) -> Row:
    return {
        "code": tag_code(dice),
        "site_id": known("site", site),
        "created_at": at,
        "created_by_id": known("person", "admin"),
        "retired_reason": "",
    }
