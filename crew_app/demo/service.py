"""What the demo hospital carries, drives and has been through: playbooks, a lift, a drill, jobs for porters, trips.

Everything is done by the same actions as in life, so that it cannot be in a state that they would not leave.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.deliveries import actions as deliveries
from crew_app.deliveries.models import Delivery
from crew_app.deliveries.rules import Cargo, Need
from crew_app.emergencies import actions as emergencies
from crew_app.emergencies import playbooks
from crew_app.emergencies.models import Emergency, Playbook
from crew_app.emergencies.rules import Answer
from crew_app.people.models import Person, Site
from crew_app.places.actions import make_tag
from crew_app.places.models import Asset, AssetKind, Place
from crew_app.tickets import actions as tickets
from crew_app.tickets.rules import Priority
from crew_app.trips import actions as trips
from crew_app.trips.models import Trip, Vehicle
from crew_app.trips.rules import Check

SEED = 8
BOSS, NURSE, GUARD, MECHANIC, PORTER, SECOND_PORTER = "li", "chen", "sun", "ti1", "yun1", "yun2"
DRIVER, SECOND_DRIVER = "che1", "che2"
YARD = "W05"
VEHICLES = (
    # code, name, English name, model, plate, seats, mileage, next service at, in days
    ("CL-01", "救护车 1 号", "Ambulance 1", "福特全顺 V348", "桂A·120X1", 7, 86_240, 90_000, 60),
    ("CL-02", "公务商务车", "Minibus", "别克 GL8", "桂A·6H218", 7, 54_310, 54_600, 20),
    ("CL-03", "物资货车", "Van", "江铃顺达", "桂A·3K905", 3, 121_870, 125_000, 45),
    ("CL-04", "公务轿车", "Car", "大众朗逸", "桂A·9D771", 5, 33_150, 40_000, 150),
)
WAYS = (
    # from, to, cargo, needs, priority, note
    ("Z1-0301", "JZ-0201", Cargo.PATIENT, (Need.WHEELCHAIR,), Priority.NORMAL, "3床，做 CT"),
    ("Z1-0311", "MZ-0104", Cargo.MEDICINE, (), Priority.NORMAL, "取针剂"),
    ("JZ-0101", "Z1-0311", Cargo.PATIENT, (Need.STRETCHER, Need.OXYGEN, Need.NURSE), Priority.URGENT, "急诊收治"),
    ("Z1-0313", "JZ-0301", Cargo.SPECIMEN, (Need.COLD,), Priority.URGENT, "血标本 6 支"),
    ("Z1-0311", "WK-0101", Cargo.PAPERS, (), Priority.LOW, "病历、胶片"),
    ("HQ-0105", "Z1-0311", Cargo.GAS, (), Priority.NORMAL, "氧气瓶 2 个"),
)
GOALS = (
    # goal, passengers, goods, vehicle, kilometres, hours, litres
    ("市中心血站", 1, "血液箱", 0, 18, 1.2, 0),
    ("市疾控中心送标本", 1, "标本箱", 3, 26, 1.5, 0),
    ("东院区", 4, "", 1, 31, 2.0, 41),
    ("机场接专家", 2, "", 1, 74, 3.0, 0),
    ("医疗器械公司提货", 1, "监护仪 2 台", 2, 42, 2.5, 58),
    ("县医院转诊", 2, "", 0, 166, 5.0, 47),
    ("东院区", 3, "被服 12 包", 2, 31, 1.5, 0),
)


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction; `now` is when the hospital is found."""
    dice = Random(SEED)  # noqa: S311 - a demo, no secret
    for site in session.scalars(select(Site)):
        playbooks.bring_ready(site, by=None, at=server_moment(now - timedelta(days=200)))
    _entrapment(now - timedelta(days=9, hours=2))
    _drill(now - timedelta(days=33, hours=5))
    _carry(now, dice)
    _drive(now, dice)


def _entrapment(at: datetime) -> None:
    """A lift stuck between floors, people out after 24 minutes."""
    lifts = select(Asset).join(AssetKind).where(AssetKind.code == "lift", Asset.code.startswith("DT-Z1"))
    lift = session.scalars(lifts.order_by(Asset.code)).first()
    if lift is None:
        return
    start = emergencies.Start(
        new_id(), _playbook("lift", lift.site_id), lift.place, lift, "停在 5、6 楼之间，4 人，其中 1 名轮椅病人"
    )
    found = emergencies.start(start, by=_person(NURSE), at=server_moment(at))
    _answer(found, MECHANIC, at, 1, Answer.ON_WAY)
    _answer(found, GUARD, at, 3, Answer.THERE)
    _answer(found, MECHANIC, at, 8, Answer.THERE)
    steps: tuple[tuple[str, str, int], ...] = (
        ("talk", NURSE, 1),
        ("medical", BOSS, 4),
        ("landing", GUARD, 3),
        ("there", MECHANIC, 8),
    )
    steps += (("off", MECHANIC, 12), ("out", MECHANIC, 24), ("care", BOSS, 29), ("stop", MECHANIC, 52))
    _steps(found, at, steps)
    emergencies.say(found, new_id(), "病人情绪平稳，轿厢有照明", by=_person(GUARD), at=_moment(at, 6))
    closing = emergencies.Closing("门锁触点接触不良，更换后试运行正常。停梯挂牌晚了 7 分钟。")
    emergencies.close(found, closing, by=_person(BOSS), at=_moment(at, 70))
    tickets.verify(found.ticket, by=_person("zhou"), at=_moment(at, 300))


def _drill(at: datetime) -> None:
    """A power cut as a drill, with everybody at their posts."""
    room = session.scalars(select(Place).where(Place.code == "MZ-B101")).one()
    start = emergencies.Start(new_id(), _playbook("power", room.site_id), room, drill=True)
    found = emergencies.start(start, by=_person(BOSS), at=server_moment(at))
    _answer(found, "dian1", at, 2, Answer.THERE)
    keys = [step.key for step in found.version.steps]
    _steps(found, at, tuple((key, "dian1", 2 + 3 * number) for number, key in enumerate(keys)))
    closing = emergencies.Closing("切换 9 秒完成；ICU 联系电话需更新。", headcount=23)
    emergencies.close(found, closing, by=_person(BOSS), at=_moment(at, 45))


def _steps(found: Emergency, at: datetime, steps: tuple[tuple[str, str, int], ...]) -> None:
    for key, login, minutes in steps:
        emergencies.tick(found, new_id(), key, by=_person(login), at=_moment(at, minutes))


def _answer(found: Emergency, login: str, at: datetime, minutes: int, said: Answer) -> None:
    emergencies.answer(found, new_id(), said, by=_person(login), at=_moment(at, minutes))


def _carry(now: datetime, dice: Random) -> None:
    """Five days of carrying; two things wait, one is under way."""
    for number in range(24):
        at = now - timedelta(hours=4 + 5 * number, minutes=dice.randrange(50))
        found = _asked(WAYS[number % len(WAYS)], at)
        porter, wait, way = _person(dice.choice((PORTER, SECOND_PORTER))), dice.randrange(3, 19), dice.randrange(5, 22)
        deliveries.pick_up(found, deliveries.Seen(found.ticket.place), by=porter, at=_moment(at, wait))
        deliveries.drop(found, deliveries.Seen(found.to_place), by=porter, at=_moment(at, wait + way))
    _asked(WAYS[0], now - timedelta(minutes=8))
    _asked(WAYS[3], now - timedelta(minutes=3))
    moving = _asked(WAYS[2], now - timedelta(minutes=14))
    seen = deliveries.Seen(moving.ticket.place)
    deliveries.pick_up(moving, seen, by=_person(PORTER), at=server_moment(now - timedelta(minutes=6)))


def _asked(way: tuple[str, str, Cargo, tuple[Need, ...], Priority, str], at: datetime) -> Delivery:
    start, goal, cargo, needs, priority, note = way
    wish = deliveries.Wish(new_id(), _place(start), _place(goal), cargo, needs, priority, note)
    return deliveries.ask(wish, by=_person(NURSE), at=server_moment(at))


def _drive(now: datetime, dice: Random) -> None:
    """A week of trips with fuel; one waits for a vehicle, one is on the road."""
    fleet = _fleet(now)
    for number, (goal, passengers, goods, which, way, hours, litres) in enumerate(reversed(GOALS)):
        at = now - timedelta(days=7 - number, hours=3, minutes=dice.randrange(40))
        trip = _trip(goal, passengers, goods, at, at + timedelta(minutes=30))
        vehicle, driver = fleet[which], _person((DRIVER, SECOND_DRIVER)[number % 2])
        trips.dispatch(trip, vehicle, driver, by=_person(BOSS), at=_moment(at, dice.randrange(2, 13)))
        trips.leave(trip, trips.Reading(vehicle.km), by=driver, at=_moment(at, 31))
        fuel = trips.Fuel(new_id(), Decimal(litres), Decimal(litres * 8), vehicle.km + way) if litres else None
        back = _moment(at, 31 + round(60 * hours))
        trips.come_back(trip, trips.Reading(vehicle.km + way), fuel, by=driver, at=back)
        if number < len(GOALS) - 1:
            tickets.verify(trip.ticket, by=_person("zhou"), at=_moment(back.at, 600))
    _fuel_before(fleet, now)
    gone = _trip("市中心血站", 1, "血液箱", now - timedelta(minutes=50), now - timedelta(minutes=35))
    trips.dispatch(gone, fleet[0], _person(DRIVER), by=_person(BOSS), at=server_moment(now - timedelta(minutes=46)))
    on_road = trips.Reading(fleet[0].km, [Check.KIT], "灭火器压力偏低，已报")
    trips.leave(gone, on_road, by=_person(DRIVER), at=server_moment(now - timedelta(minutes=33)))
    _trip("东院区送会诊专家", 2, "", now - timedelta(minutes=4), now + timedelta(minutes=40))


def _fuel_before(fleet: list[Vehicle], now: datetime) -> None:
    """A filling before the week, so that consumption can be told."""
    for vehicle, back, litres in ((fleet[0], 210, 50), (fleet[1], 420, 46), (fleet[2], 480, 60)):
        km = vehicle.km - back - (166 if vehicle is fleet[0] else 0)
        fuel = trips.Fuel(new_id(), Decimal(litres), Decimal(litres * 8), km)
        trips.fill(vehicle, fuel, by=_person(DRIVER), at=server_moment(now - timedelta(days=20)))


def _trip(goal: str, passengers: int, goods: str, at: datetime, leave_at: datetime) -> Trip:
    wish = trips.Wish(new_id(), _place("Z1-0311"), goal, leave_at, passengers, goods)
    return trips.ask(wish, by=_person(NURSE), at=server_moment(at))


def _fleet(now: datetime) -> list[Vehicle]:
    yard = _place(YARD)
    kind = AssetKind(code="vehicle", name="车辆", name_en="Vehicle", icon="truck")
    session.add(kind)
    session.flush()
    found = []
    for code, name, name_en, model, plate, seats, km, next_km, days in VEHICLES:
        asset = Asset(
            site_id=yard.site_id, place_id=yard.id, kind_id=kind.id, code=code, name=name, name_en=name_en, model=model
        )
        session.add(asset)
        session.flush()
        make_tag(asset, by=None, at=server_moment(now - timedelta(days=300)))
        details = trips.Details(plate, seats, next_km, _day(now, days), km=km)
        found.append(trips.set_details(asset, details))
    return found


def _day(now: datetime, days: int) -> date:
    return (now + timedelta(days=days)).date()


def _playbook(code: str, site_id: object) -> Playbook:
    return session.scalars(select(Playbook).where(Playbook.code == code, Playbook.site_id == site_id)).one()


def _place(code: str) -> Place:
    return session.scalars(select(Place).where(Place.code == code)).one()


def _person(login: str) -> Person:
    return session.scalars(select(Person).where(Person.login == login)).one()


def _moment(start: datetime, minutes: int) -> Moment:
    return server_moment(start + timedelta(minutes=minutes))
