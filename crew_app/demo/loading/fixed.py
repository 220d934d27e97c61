"""Rows of fixed assets: the cards of what costs money, some of their story, one count that goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from crew_app.core.codes import grouped
from crew_app.demo.assets import DemoAsset, assets
from crew_app.demo.hospital import departments, places
from crew_app.demo.loading.ids import Row, known, tag_code, timed
from crew_app.demo.people import people
from crew_app.demo.records import ZONE
from crew_app.fixed_assets.rules import AssetState, AssetVerb, ScrapState, TransferState

SEED = 619
COUNTED = "XN1"
COUNTER, SUPERVISOR = "wang", "li"
KEEPERS = {"main": "zhao", "east": "ku2"}
WORTH = {
    "lift": (260_000, 480_000, 15),
    "nurse_panel": (4_800, 9_600, 8),
    "call_unit": (320, 560, 8),
    "water_heater": (1_900, 3_600, 6),
    "split_ac": (2_400, 6_800, 8),
    "pump": (6_500, 38_000, 10),
    "ups": (48_000, 160_000, 8),
    "television": (380, 1_900, 5),
    "pressure_vessel": (18_000, 46_000, 12),
    "chiller": (620_000, 880_000, 15),
    "cooling_tower": (110_000, 160_000, 12),
    "boiler": (380_000, 520_000, 12),
    "transformer": (120_000, 210_000, 20),
    "generator": (310_000, 420_000, 15),
    "steriliser": (190_000, 260_000, 10),
    "oxygen_plant": (540_000, 760_000, 12),
}
"""Kinds that are fixed assets: lowest and highest price in yuan, and the years over which it is written down."""
SUPPLIERS = ("栖川恒泰医疗设备", "江北机电设备公司", "海润家电批发", "正阳制冷工程", "天和医用气体设备")
FUNDS = ("自筹资金", "财政专项", "设备更新贴息")
GONE, LOST = 40, 97
"""Every so-manieth card is scrapped or missing."""


@dataclass(frozen=True, slots=True)
class DemoCard:
    """The card of an asset as it stands now."""

    asset: DemoAsset
    number: str
    department: str | None
    value: Decimal
    bought_on: date
    years: int
    supplier: str
    funded_by: str
    state: AssetState

    @property
    def ids(self) -> Row:
        """What all rows about it begin with."""
        return {"site_id": known("site", self.asset.site), "asset_id": known("asset", self.asset.code)}

    @property
    def keeper(self) -> str:
        """Who keeps the assets of its site."""
        return KEEPERS[self.asset.site]


@cache
def cards() -> tuple[DemoCard, ...]:
    """All cards, by number."""
    dice = Random(SEED)  # noqa: S311 - the same every time
    dear = [asset for asset in assets().values() if asset.kind in WORTH]
    return tuple(_card(asset, serial, dice) for serial, asset in enumerate(dear, 1))


def _card(asset: DemoAsset, serial: int, dice: Random) -> DemoCard:
    low, high, years = WORTH[asset.kind]
    year = int(asset.serial[:4])
    department = places()[asset.place].department
    free = department != COUNTED
    state = AssetState.SCRAPPED if free and serial % GONE == 0 else AssetState.IN_USE
    return DemoCard(
        asset=asset,
        number=f"GD-{year}-{serial:04d}",
        department=department,
        value=Decimal(dice.randrange(low, high, 10)),
        bought_on=date(year, dice.randint(1, 12), dice.randint(1, 28)),
        years=years,
        supplier=dice.choice(SUPPLIERS),
        funded_by=dice.choice(FUNDS),
        state=AssetState.MISSING if free and serial % LOST == 0 else state,
    )


def card_rows() -> Iterator[Row]:
    """The cards."""
    keepers = {person.department: person.login for person in people().values() if person.department}
    moving = _moving().number
    for card in cards():
        keeper = keepers.get(card.department or "")
        yield card.ids | {
            "number": card.number,
            "department_id": known("department", card.department) if card.department else None,
            "keeper_id": known("person", keeper) if keeper else None,
            "value": card.value,
            "bought_on": card.bought_on,
            "years": card.years,
            "supplier": card.supplier,
            "funded_by": card.funded_by,
            "state": AssetState.TRANSFERRING if card.number == moving else card.state,
            "created_at": _bought(card),
        }


def event_rows(now: datetime) -> Iterator[Row]:
    """Each card was opened; some were scrapped or missed, one is on its way to another department."""
    dice = Random(SEED)  # noqa: S311
    for card in cards():
        words = f"{card.number} · ¥{card.value:.2f}"
        yield _event(card, AssetVerb.REGISTER, card.keeper, _bought(card), dice) | {"after": words}
        if card.state is AssetState.SCRAPPED:
            yield _event(card, AssetVerb.SCRAP, "zhou", now - timedelta(days=120), dice) | {"note": "同意报废"}
        if card.state is AssetState.MISSING:
            yield _event(card, AssetVerb.MISS, SUPERVISOR, now - timedelta(days=170), dice)
    old = _worn_out()
    yield _event(old, AssetVerb.SCRAP_PROPOSE, COUNTER, now - timedelta(days=1), dice) | {"note": _REASON}
    yield _event(_moving(), AssetVerb.PROPOSE, "zhao", now - timedelta(hours=4), dice) | _way()


def _event(card: DemoCard, verb: AssetVerb, login: str, at: datetime, dice: Random) -> Row:
    return card.ids | {
        "id": timed(at, dice),
        "verb": verb,
        "about_id": None,
        "note": "",
        "before": "",
        "after": "",
        "person_id": known("person", login),
        "at": at,
        "device_at": at,
        "received_at": at,
        "receipt_key": None,
    }


def transfer_rows(now: datetime) -> Iterator[Row]:
    """A television that goes to the ward next door; both still have to confirm."""
    card, at = _moving(), now - timedelta(hours=4)
    yield card.ids | {
        "id": known("asset-transfer", card.number),
        "state": TransferState.PROPOSED,
        "from_department_id": known("department", card.department),
        "to_department_id": known("department", COUNTED),
        "taker_id": known("person", "chen"),
        "note": "候诊区改造，电视移到心内科。",
        "person_id": known("person", "zhao"),
        "at": at,
        "received_at": at,
    }


def scrap_rows(now: datetime) -> Iterator[Row]:
    """One proposal that waits for the supervisor."""
    card, at = _worn_out(), now - timedelta(days=1)
    yield card.ids | {
        "id": known("asset-scrap", card.number),
        "state": ScrapState.PROPOSED,
        "value": card.value,
        "reason": _REASON,
        "person_id": known("person", COUNTER),
        "at": at,
        "received_at": at,
    }


def count_rows(now: datetime) -> Iterator[Row]:
    """One count goes on; some departments were counted this year, each on another day."""
    yield _count(COUNTED, now - timedelta(hours=3), None)
    counted = sorted({card.department for card in cards() if card.department and card.department != COUNTED})
    for number, code in enumerate(counted[::2]):
        opened = now - timedelta(days=40 + number * 13)
        yield _count(code, opened, opened + timedelta(hours=5))


def _count(code: str, opened: datetime, closed: datetime | None) -> Row:
    return {
        "id": known("asset-count", code),
        "site_id": known("site", departments()[code].site),
        "department_id": known("department", code),
        "place_id": None,
        "opened_by_id": known("person", KEEPERS[departments()[code].site]),
        "opened_at": opened,
        "closed_by_id": known("person", SUPERVISOR) if closed else None,
        "closed_at": closed,
        "note": "",
    }


def sighting_rows(now: datetime) -> Iterator[Row]:
    """Half of the ward was seen, one thing in the wrong room, and a sticker that nobody knows."""
    dice = Random(SEED)  # noqa: S311
    own = [card for card in cards() if card.department == COUNTED]
    rooms = [card.asset.place for card in own]
    for number, card in enumerate(own[: (len(own) + 1) // 2]):
        at = now - timedelta(minutes=90 - number)
        elsewhere = next((room for room in rooms if number == 0 and room != card.asset.place), None)
        yield _sighting(elsewhere or card.asset.place, at, dice) | {
            "asset_id": known("asset", card.asset.code),
            "code": card.number,
            "expected_id": known("place", card.asset.place),
        }
    yield _sighting(rooms[0], now - timedelta(minutes=60), dice) | {
        "asset_id": None,
        "code": grouped(tag_code(dice)),
        "expected_id": None,
    }


def _sighting(room: str, at: datetime, dice: Random) -> Row:
    return {
        "id": timed(at, dice),
        "site_id": known("site", departments()[COUNTED].site),
        "count_id": known("asset-count", COUNTED),
        "place_id": known("place", room),
        "claims_id": None,
        "person_id": known("person", COUNTER),
        "at": at,
        "device_at": at,
        "received_at": at,
        "receipt_key": None,
    }


_REASON = "屏幕碎裂，主板烧毁，维修费超过残值。"


def _worn_out() -> DemoCard:
    """The cheapest television in use on the main campus, not of the ward that is counted."""
    return min(_televisions(), key=lambda card: card.value)


def _moving() -> DemoCard:
    return next(card for card in _televisions() if card.number != _worn_out().number)


def _televisions() -> Iterator[DemoCard]:
    for card in cards():
        free = card.department not in (None, COUNTED) and card.state is AssetState.IN_USE
        if free and card.asset.kind == "television" and card.asset.site == "main":
            yield card


def _way() -> Row:
    source = departments()[_moving().department or ""]
    return {"before": source.name, "after": departments()[COUNTED].name}


def _bought(card: DemoCard) -> datetime:
    return datetime.combine(card.bought_on, time(10), tzinfo=ZONE)
