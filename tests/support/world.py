"""A small hospital for tests: two sites, one person per role, places, tags, materials, job kinds.

It is built once per run and copied for each test, so a test knows it by names and ids, not by live objects.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.people import actions as people
from crew_app.people.models import Person, Site
from crew_app.people.rules import Role, Trade
from crew_app.phones import actions as phones
from crew_app.places import actions as places
from crew_app.places.models import Asset, AssetKind, Department, Place, PlaceKind
from crew_app.stock import actions as stock
from crew_app.stock.accounts import own_bag, personal
from crew_app.stock.models import Account, AccountKind, Item
from crew_app.storeroom import requests, slips
from crew_app.storeroom.models import SlipKind
from crew_app.storeroom.slips import Asked
from crew_app.storeroom.ward_models import DepartmentPerson
from crew_app.tickets.models import JobKind
from crew_app.tickets.rules import Priority
from tests.support.people import PASSWORD

BUILT_AT = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
TRADES = {"technician": [Trade.ELECTRICAL], "second": [Trade.PLUMBING, Trade.ELECTRICAL]}


@dataclass
class World:
    """Ids and codes by name. `people` by log-in name: every role by its own name, and a few more."""

    sites: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    places: dict[str, UUID] = field(default_factory=dict)
    assets: dict[str, UUID] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    devices: dict[str, UUID] = field(default_factory=dict)
    departments: dict[str, UUID] = field(default_factory=dict)
    requests: dict[str, UUID] = field(default_factory=dict)
    slips: dict[str, UUID] = field(default_factory=dict)

    def person(self, login: str) -> Person:
        """A live person; needs an application context."""
        return session.get_one(Person, self.people[login])

    def place(self, name: str) -> Place:
        """A live place; needs an application context."""
        return session.get_one(Place, self.places[name])

    def asset(self, name: str) -> Asset:
        """A live asset; needs an application context."""
        return session.get_one(Asset, self.assets[name])

    def item(self, name: str) -> Item:
        """A live item; needs an application context."""
        return session.get_one(Item, self.items[name])

    def account(self, name: str) -> Account:
        """A live account; needs an application context."""
        return session.get_one(Account, self.accounts[name])


def build() -> World:
    """Build the hospital in the present transaction."""
    world = World()
    north = people.add_site("north", "北院", "North campus")
    south = people.add_site("south", "南院", "South campus")
    world.sites = {"north": north.id, "south": south.id}
    _people(world, north, south)
    _places(world, north, "north", "room", "store-room")
    _places(world, south, "south", "south-room")
    _assets(world)
    _tags(world)
    _job_kinds()
    _stock(world, north, south)
    _ward(world)
    _devices(world)
    _slips(world)
    return world


def _people(world: World, north: Site, south: Site) -> None:
    roles: dict[str, list[Role]] = {role.value: [role] for role in Role}
    roles |= {"second": [Role.TECHNICIAN], "foreman": [Role.TECHNICIAN, Role.SUPERVISOR]}
    for login, held in roles.items():
        _person(world, login, north, held)
    _person(world, "outsider", south, list(Role))
    _person(world, "southerner", south, [Role.TECHNICIAN])


def _person(world: World, login: str, site: Site, roles: list[Role]) -> None:
    person = people.add_person(login, f"员工{login}", PASSWORD, site, roles, TRADES.get(login, []), at=BUILT_AT)
    person.name_en = login.capitalize()
    world.people[login] = person.id


def _places(world: World, site: Site, prefix: str, *rooms: str) -> None:
    ward = Department(site_id=site.id, code="W7", name="七病区", name_en="Ward 7")
    building = _place(site, None, PlaceKind.BUILDING, f"{prefix}-B1", "住院楼", "Ward block")
    floor = _place(site, building, PlaceKind.FLOOR, f"{prefix}-B1-7", "七楼", "Floor 7")
    session.add_all([ward, building, floor])
    session.flush()
    world.places |= {f"{prefix}-building": building.id, f"{prefix}-floor": floor.id}
    for number, name in enumerate(rooms, 1):
        room = _place(site, floor, PlaceKind.ROOM, f"{prefix}-B1-70{number}", f"70{number}室", f"Room 70{number}")
        room.department = ward
        session.add(room)
        session.flush()
        world.places[name] = room.id


def _place(site: Site, parent: Place | None, kind: PlaceKind, code: str, name: str, name_en: str) -> Place:
    before, before_en = (f"{parent.path} / ", f"{parent.path_en} / ") if parent else ("", "")
    return Place(
        site_id=site.id,
        parent=parent,
        kind=kind,
        code=code,
        name=name,
        name_en=name_en,
        path=before + name,
        path_en=before_en + name_en,
    )


def _assets(world: World) -> None:
    kind = AssetKind(code="pump", name="水泵", name_en="Pump", icon="gauge")
    session.add(kind)
    session.flush()
    for name, room in (("pump", "room"), ("south-pump", "south-room")):
        place = world.place(room)
        asset = Asset(
            site_id=place.site_id, place_id=place.id, kind_id=kind.id, code=name, name="增压泵", name_en="Booster pump"
        )
        session.add(asset)
        session.flush()
        world.assets[name] = asset.id


def _tags(world: World) -> None:
    at = server_moment(BUILT_AT)
    for name in ("room", "store-room", "south-room"):
        world.tags[name] = places.make_tag(world.place(name), by=None, at=at).code
    for name in ("pump", "south-pump"):
        world.tags[name] = places.make_tag(world.asset(name), by=None, at=at).code


def _job_kinds() -> None:
    kinds = (
        ("lamp", "灯具", "Lamp", Trade.ELECTRICAL, Priority.NORMAL),
        ("drain", "下水道", "Drain", Trade.PLUMBING, Priority.URGENT),
        ("oxygen", "氧气", "Oxygen", Trade.OXYGEN, Priority.EMERGENCY),
        ("paint", "粉刷", "Paint", Trade.CARPENTRY, Priority.LOW),
    )
    for position, (code, name, name_en, trade, priority) in enumerate(kinds):
        session.add(JobKind(code=code, name=name, name_en=name_en, trade=trade, priority=priority, position=position))


def _stock(world: World, north: Site, south: Site) -> None:
    items = (
        ("tube", "LED灯管", "LED tube", "T8 1.2m 16W", "支", "12.5"),
        ("cable", "电缆", "Cable", "BV 2.5mm²", "m", "3.2"),
        ("valve", "角阀", "Angle valve", "DN15", "个", "18"),
    )
    for code, name, name_en, spec, unit, price in items:
        item = Item(
            code=code,
            name=name,
            name_en=name_en,
            spec=spec,
            unit=unit,
            price=Decimal(price),
            category="电工",
            pinyin="",
        )
        session.add(item)
        session.flush()
        world.items[code] = item.id
    for site, prefix, holder in ((north, "", "technician"), (south, "south-", "southerner")):
        _accounts(world, site, prefix, holder)


def _accounts(world: World, site: Site, prefix: str, holder: str) -> None:
    at, keeper = server_moment(BUILT_AT), world.person("storekeeper")
    for kind in (AccountKind.SUPPLIER, AccountKind.STORE, AccountKind.SCRAP, AccountKind.DIFFERENCE):
        account = Account(site_id=site.id, kind=kind, name=f"{site.name}{kind.value}")
        session.add(account)
        session.flush()
        world.accounts[prefix + kind.value] = account.id
    supplier, store = world.account(f"{prefix}supplier"), world.account(f"{prefix}store")
    bag = own_bag(world.person(holder), site.id)
    world.accounts[f"{prefix}bag"] = bag.id
    for name, received, issued in (("tube", 200, 10), ("cable", 500, 25), ("valve", 30, 0)):
        stock.receive(world.item(name), Decimal(received), supplier, store, by=keeper, at=at)
        if issued:
            stock.issue(world.item(name), Decimal(issued), store, bag, by=keeper, at=at)


def _ward(world: World) -> None:
    """Ward 7 of the north: the requester asks for it, and has asked for two tubes; the technician owes and holds."""
    asker, north = world.person("requester"), world.sites["north"]
    ward = session.query(Department).filter_by(site_id=north, code="W7").one()
    world.departments["ward"] = ward.id
    session.add(DepartmentPerson(department_id=ward.id, person_id=asker.id, site_id=north))
    for name in ("tube", "cable"):
        world.item(name).requestable = True
    wish = requests.Wish(new_id(), north, [Asked(world.item("tube"), Decimal(2))], department=ward)
    world.requests["ward"] = requests.ask(wish, by=asker, at=server_moment(BUILT_AT)).id
    for kind in (AccountKind.LOAN, AccountKind.OWED):
        world.accounts[kind.value] = personal(world.person("technician"), north, kind).id


def _devices(world: World) -> None:
    """Two phones that were not heard from since, and hold something still."""
    for login in ("guard", "southerner"):
        device, _token = phones.add_device(at=BUILT_AT)
        phones.hear(device, world.person(login), phones.Report(unsent=1), at=BUILT_AT)
        world.devices[login] = device.id


def _slips(world: World) -> None:
    """What waits in the north: a write-off proposed, a purchase list approved."""
    at, keeper, store = server_moment(BUILT_AT), world.person("storekeeper"), world.account("store")
    for kind, quantity in ((SlipKind.SCRAP, 2), (SlipKind.PURCHASE, 40)):
        lines = [slips.Asked(world.item("tube"), Decimal(quantity), reason="破损")]
        slip = slips.make(slips.Draft(new_id(), kind, store.site_id, lines, store=store), by=keeper, at=at)
        world.slips[kind.value] = slip.id
    slips.approve(slip, by=world.person("supervisor"), at=at)
