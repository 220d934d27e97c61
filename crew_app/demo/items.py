"""What the hardware storeroom (五金库房) of the demo hospital keeps."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from crew_app.demo.tables import rows

CATEGORIES = {
    "lighting": "灯具光源",
    "electrical": "开关插座与电器",
    "cable": "线缆辅料",
    "plumbing": "水暖管件",
    "sanitary": "卫浴洁具",
    "hardware": "锁具五金",
    "consumable": "紧固与修缮耗材",
    "hvac": "空调配件",
    "oxygen": "氧气终端配件",
    "lift": "电梯配件",
    "low_voltage": "弱电配件",
    "fire": "消防器材",
    "appliance": "小家电配件",
    "cleaning": "保洁防护",
    "tool": "工具",
    "ward": "低值易耗品",
}


@dataclass(frozen=True, slots=True)
class DemoItem:
    """A stock item; `price` in yuan per `unit`, `minimum` is where the storekeeper orders again."""

    code: str
    name: str
    name_en: str
    spec: str
    unit: str
    price: Decimal
    category: str
    minimum: Decimal
    flags: frozenset[str]
    """`old`: an old part is due for it; `tool`: it is lent; `ward`: wards ask for it themselves."""
    pack_unit: str
    pack_size: Decimal


@cache
def items() -> dict[str, DemoItem]:
    """All items by code, in the order of the catalogue."""
    return {row["code"]: _item(row) for row in rows("items")}


def _item(row: dict[str, str]) -> DemoItem:
    pack_unit, _, pack_size = row["pack"].partition(":")
    return DemoItem(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        spec=row["spec"],
        unit=row["unit"],
        price=Decimal(row["price"]),
        category=row["category"],
        minimum=Decimal(row["minimum"]),
        flags=frozenset(row["flags"].split()),
        pack_unit=pack_unit,
        pack_size=Decimal(pack_size or 1),
    )
