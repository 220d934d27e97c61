"""Fixed assets in the small hospital: cards, a count, a transfer, a proposal to scrap, a spot check."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.fixed_assets import checks, counts, scrapping, transfers
from crew_app.fixed_assets.cards import CardForm, keep_card
from crew_app.fixed_assets.models import AssetCard, AssetCount
from crew_app.places import actions as places
from crew_app.places.models import Asset, Department
from tests.support.world import World


def make_card(app: Flask, world: World, name: str = "pump", *, place: str = "room", **form: Any) -> UUID:
    """A card for an asset of the north, which is made with a tag when there is none of this name."""
    with app.app_context(), write_transaction():
        at = server_moment(datetime.now(UTC) - timedelta(hours=1))
        known = world.assets.get(name)  # the same world serves many tests, each with a database of its own
        if known is None or session.get(Asset, known) is None:
            where, kind = world.place(place), world.asset("pump").kind
            asset = Asset(
                site_id=where.site_id, place_id=where.id, kind_id=kind.id, code=name, name=f"设备{name}", name_en=name
            )
            session.add(asset)
            session.flush()
            world.assets[name] = asset.id
            world.tags[name] = places.make_tag(asset, by=None, at=at).code
        fields: dict[str, Any] = {"number": f"GD-{name}", "value": Decimal(300), "bought_on": date(2024, 3, 1)} | form
        keep_card(world.asset(name), CardForm(**fields), by=world.person("storekeeper"), at=at)
        return world.assets[name]


def department(world: World, site: str = "north") -> UUID:
    """The ward of a site; needs an application context."""
    found = session.scalars(select(Department).filter_by(site_id=world.sites[site], code="W7")).one()
    return found.id


def second_department(app: Flask, world: World) -> UUID:
    """Another ward of the north."""
    with app.app_context(), write_transaction():
        ward = Department(site_id=world.sites["north"], code="W8", name="八病区", name_en="Ward 8")
        session.add(ward)
        session.flush()
        return ward.id


def open_count(app: Flask, world: World) -> UUID:
    """A count of the whole floor."""
    with app.app_context(), write_transaction():
        place = world.place("north-floor")
        return counts.start(new_id(), place, by=world.person("storekeeper"), at=server_moment()).id


def card_of(app: Flask, asset_id: UUID) -> AssetCard:
    """The card as it is now, cut off from the database."""
    with app.app_context():
        card = session.get_one(AssetCard, asset_id)
        session.expunge(card)
        return card


def stage(app: Flask, world: World) -> list[tuple[str, str]]:
    """One of everything; who has the most forms on which page."""
    for name in ("pump", "bed", "desk", "old"):
        make_card(app, world, name)
    ward = second_department(app, world)
    count = open_count(app, world)
    with app.app_context(), write_transaction():
        keeper, at = world.person("storekeeper"), server_moment()
        going = session.get_one(AssetCard, world.assets["bed"])
        form = transfers.TransferForm(new_id(), session.get_one(Department, ward))
        transfer = transfers.propose(going, form, by=keeper, at=at)
        scraps = [
            scrapping.propose(session.get_one(AssetCard, world.assets[name]), new_id(), "坏了", by=by, at=at).id
            for name, by in (("old", keeper), ("desk", world.person("foreman")))
        ]
        seen = session.get_one(AssetCount, count)
        counts.see(seen, counts.Seen(new_id(), code="FOREIGN-1"), by=keeper, at=at)
        elsewhere = counts.Seen(new_id(), asset_id=world.assets["pump"], place_id=world.places["store-room"])
        counts.see(seen, elsewhere, by=keeper, at=at)
        ward_7 = session.get_one(Department, department(world))
        check = checks.start(new_id(), ward_7, 2, by=keeper, at=at)
        pages = [f"/assets/scrap-proposals/{scrap}" for scrap in scraps]
        pages += [f"/assets/transfers/{transfer.id}", f"/assets/counts/{count}", "/assets/counts"]
        mine = [f"/assets/{world.assets['pump']}/card", "/assets/checks", f"/assets/checks/{check.id}"]
    return [("foreman", page) for page in pages] + [("storekeeper", page) for page in [*mine, *pages]]
