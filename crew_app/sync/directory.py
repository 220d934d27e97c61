"""The directory: every tag of a person's sites with its name and place, items, job kinds, the person's bag."""

from typing import Any

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place, Tag
from crew_app.stock import queries as stock
from crew_app.stock.models import Item
from crew_app.tickets import queries as tickets

Row = list[str]


def directory(person: Person, *, chinese: bool) -> dict[str, Any]:
    """Everything to look up offline, in the person's language."""
    return {
        "person": str(person.id),
        "job_kinds": [[k.code, _name(k.name, k.name_en, chinese), k.trade.value] for k in tickets.job_kinds()],
        "tags": _tags(person, chinese=chinese),
        "items": _items(chinese=chinese) if person.can(Right.SEE_STOCK) else [],
        "bag": [[str(h.item.id), f"{h.quantity.normalize():f}"] for b in stock.bags(person) for h in stock.held(b.id)],
    }


def _tags(person: Person, *, chinese: bool) -> list[Row]:
    sites = person.sites_with(Right.SEE_SITE)
    places = (
        select(Tag.code, Place.id, Place.id, Place.name, Place.name_en, Place.path, Place.path_en)
        .join(Place, Place.id == Tag.place_id)
        .where(Tag.site_id.in_(sites), Tag.retired_at.is_(None))
    )
    assets = (
        select(Tag.code, Asset.id, Place.id, Asset.name, Asset.name_en, Place.path, Place.path_en)
        .join(Asset, Asset.id == Tag.asset_id)
        .join(Place, Place.id == Asset.place_id)
        .where(Tag.site_id.in_(sites), Tag.retired_at.is_(None))
    )
    found = [("place", row) for row in session.execute(places)] + [("asset", row) for row in session.execute(assets)]
    return [
        [code, kind, str(subject), str(place), _name(name, name_en, chinese), _name(path, path_en, chinese)]
        for kind, (code, subject, place, name, name_en, path, path_en) in found
    ]


def _items(*, chinese: bool) -> list[Row]:
    rows = session.execute(
        select(Item.id, Item.code, Item.name, Item.name_en, Item.spec, Item.unit, Item.pinyin).order_by(Item.code)
    )
    return [
        [str(id_), code, _name(name, name_en, chinese), spec, unit, pinyin]
        for id_, code, name, name_en, spec, unit, pinyin in rows
    ]


def _name(name: str, name_en: str, chinese: bool) -> str:  # noqa: FBT001 - called a thousand times, positionally
    return name if chinese else name_en or name
