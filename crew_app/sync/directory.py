"""The directory: every tag of a person's sites with its name and place, items, job kinds, the person's bag."""

from typing import Any

from sqlalchemy import false, select

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.doors import Door, doors
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
        "items": _items(person, chinese=chinese),
        "bag": [[str(h.item.id), f"{h.quantity.normalize():f}"] for b in stock.bags(person) for h in stock.held(b.id)],
    }


def _tags(person: Person, *, chinese: bool) -> list[Row]:
    sites = person.sites_with(Right.SEE_SITE)
    places = (
        select(Tag.code, Place.id, Place.id, Place.name, Place.name_en, Place.path, Place.path_en, Tag.site_id)
        .join(Place, Place.id == Tag.place_id)
        .where(Tag.site_id.in_(sites), Tag.retired_at.is_(None), Place.retired_at.is_(None))
    )
    assets = (
        select(Tag.code, Asset.id, Place.id, Asset.name, Asset.name_en, Place.path, Place.path_en, Tag.site_id)
        .join(Asset, Asset.id == Tag.asset_id)
        .join(Place, Place.id == Asset.place_id)
        .where(Tag.site_id.in_(sites), Tag.retired_at.is_(None), Asset.retired_at.is_(None))
    )
    before = {site_id: doors(site_id) for site_id in sites}
    found = [("place", row) for row in session.execute(places)] + [("asset", row) for row in session.execute(assets)]
    return [
        [
            *(code, kind, str(subject), str(place), _name(name, name_en, chinese), _name(path, path_en, chinese)),
            *_door(before[site_id].of(place, path)),
        ]
        for kind, (code, subject, place, name, name_en, path, path_en, site_id) in found
    ]


def _door(door: Door) -> Row:
    """What to know before the door, where there is anything: precautions, quiet hours, access, whom to call, number."""
    return [door.isolation, door.quiet, door.access, door.contact, door.contact_phone] if door else []


def _items(person: Person, *, chinese: bool) -> list[Row]:
    """Everything for those who handle materials; what wards may ask for, for those who ask.

    What comes in packs says so at the end: the pack's unit, and how many it holds.
    """
    query = select(Item).order_by(Item.code)
    if not person.can(Right.SEE_STOCK):
        query = query.where(Item.requestable) if person.can(Right.ASK_FOR_STOCK) else query.where(false())
    return [_item(item, chinese=chinese) for item in session.scalars(query)]


def _item(item: Item, *, chinese: bool) -> Row:
    name = _name(item.name, item.name_en, chinese)
    row = [str(item.id), item.code, name, item.spec, item.unit, item.pinyin]
    return [*row, item.pack_unit, f"{item.pack_size.normalize():f}"] if item.pack_unit else row


def _name(name: str, name_en: str, chinese: bool) -> str:  # noqa: FBT001 - called a thousand times, positionally
    return name if chinese else name_en or name
