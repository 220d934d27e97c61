"""The register of assets and of their kinds: make, change, move, retire."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.changes import NEW, How, note
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people import queries as people
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, AssetKind, Place
from crew_app.places.registry import Values, code_of, free_code, name_of, need, put, retire, text, trace

LONGEST_KIND_CODE, LONGEST_KIND = 30, 60
_KIND_CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
Changed = list[tuple[str, Any, Any]]


def read(fields: Mapping[str, Any], site_id: UUID) -> Values:
    """Read an asset; its place and its kind by code. Without a code it gets the next one of its kind."""
    kind_id, place_id = kind_of(text(fields, "kind")), place_of(text(fields, "place"), site_id)
    return {
        "code": code_of(fields) if text(fields, "code") else next_code(kind_id, site_id),
        "name": name_of(fields),
        "name_en": text(fields, "name_en"),
        "kind_id": kind_id,
        "place_id": place_id,
        "model": text(fields, "model"),
        "serial": text(fields, "serial"),
    }


def kind_of(code: str) -> UUID:
    """The kind with this code."""
    found = session.scalar(select(AssetKind).where(AssetKind.code == code))
    if found is None:
        raise Refused("kind-missing", N_("Please choose the kind of asset."))
    return found.id


def place_of(code: str, site_id: UUID) -> UUID:
    """The place in use with this code."""
    found = session.scalar(select(Place).where(Place.site_id == site_id, Place.code == code))
    if found is None:
        raise Refused("unknown-parent", N_("There is no place with the code %(which)s."), which=code or "–")
    if found.retired_at:
        raise Refused("retired", N_("%(name)s is retired. Please choose what is in use."), name=found.name)
    return found.id


def next_code(kind_id: UUID, site_id: UUID) -> str:
    """A code that is free: the kind's and a number."""
    kind = session.get_one(AssetKind, kind_id)
    count = select(func.count()).where(Asset.site_id == site_id, Asset.kind_id == kind_id).select_from(Asset)
    number = (session.scalar(count) or 0) + 1
    while session.scalar(select(Asset.id).where(Asset.site_id == site_id, Asset.code == f"{kind.code}-{number:04}")):
        number += 1
    return f"{kind.code}-{number:04}"


def add(
    site_id: UUID,
    values: Values,
    *,
    by: Person,
    at: Moment,
    how: How = How.PAGE,
    right: Right = Right.MANAGE_PLACES,
) -> Asset:
    """Make an asset. Whoever sticks labels on may make one where the label goes: `right`."""
    need(by, site_id, right)
    free_code(Asset, site_id, values["code"])
    asset = Asset(site_id=site_id, **values)
    session.add(asset)
    session.flush()
    note(asset, NEW, None, asset.code, trace(by, at, how))
    return asset


def change(asset: Asset, values: Values, *, by: Person, at: Moment, how: How = How.PAGE) -> Changed:
    """Change or move an asset; returns what differs."""
    need(by, asset.site_id)
    if "code" in values:
        free_code(Asset, asset.site_id, values["code"], asset.id)
    found = put(asset, values, trace(by, at, how))
    session.flush()
    session.expire(asset, ["place", "kind"])
    return found


def retire_asset(asset: Asset, *, by: Person, at: Moment) -> Changed:
    """Take an asset out of use: it stands in no list any more, what happened to it stays."""
    need(by, asset.site_id)
    found = retire(asset, at.at, trace(by, at))
    session.flush()
    return found


def restore_asset(asset: Asset, *, by: Person, at: Moment) -> Changed:
    """Bring a retired asset back; `Refused` when its place is retired."""
    need(by, asset.site_id)
    if asset.place.retired_at:
        raise Refused("retired", N_("%(name)s is retired. Please choose what is in use."), name=asset.place.name)
    found = put(asset, {"retired_at": None}, trace(by, at))
    session.flush()
    return found


def put_kind(
    kind: AssetKind | None, fields: Mapping[str, Any], icons: set[str], *, by: Person, at: Moment
) -> AssetKind:
    """Make or change a kind of asset. All sites share the list; its code stays, for templates and labels go by it."""
    need(by, min(by.sites_with(Right.MANAGE_PLACES), default=UUID(int=0)))
    values = {"name": name_of(fields)[:LONGEST_KIND], "name_en": text(fields, "name_en", LONGEST_KIND)}
    values["icon"] = icon if (icon := text(fields, "icon")) in icons else "box"
    if kind is None:
        code = code_of(fields, LONGEST_KIND_CODE)
        if not _KIND_CODE.fullmatch(code):
            raise Refused("kind-code", N_("A code of small letters and digits, please: steam_boiler, lift."))
        if session.scalar(select(AssetKind.id).where(AssetKind.code == code)):
            raise Refused("code-taken", N_("The code %(which)s belongs to “%(name)s” already."), which=code, name=code)
        kind = AssetKind(code=code, **values)
        session.add(kind)
        session.flush()
        note(kind, NEW, None, code, trace(by, at))
    elif people.everywhere(by, Right.MANAGE_PLACES):
        put(kind, values, trace(by, at))
    else:
        words = N_("All sites share this list. Only somebody who administers every site may change it.")
        raise Refused("shared-list", words)
    session.flush()
    return kind
