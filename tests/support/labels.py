"""Labels for tests, always the same for their numbers."""

import random

from crew_app.core.codes import ALPHABET, RANDOM, check_character
from crew_app.labels import colours
from crew_app.labels.layout import Label

BASE = "https://crew.hospital.example.cn/t/"
NAMES = [
    ("消毒供应中心灭菌区三号蒸汽灭菌器（进口）附属纯化水处理设备间", "Sterile supply, purified water plant room 3"),
    ("701室", "Room 701"),
    ("增压泵", "Booster pump"),
]


def label(number: int = 0, name: str = "", name_en: str = "") -> Label:
    """One label: with a name of its own, or one of those above."""
    body = "".join(random.Random(number).choices(ALPHABET, k=RANDOM))
    code = body + check_character(body)
    zh, en = (name, name_en) if name else NAMES[number % len(NAMES)]
    return Label(BASE + code, code, zh, en, "南院 / 住院楼 / 七楼", "水泵", "Pump", colours.of_asset("pump"))
