"""What goes on at the service desk of the demo hospital: doors with precautions, outages, notices, calls.

Everything is done by the same actions as in life, so that it cannot be in a state that they would not leave.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.demo.records import ZONE
from crew_app.desk import announcements, calls, doors
from crew_app.desk.announcement_models import Announcement, AnnouncementKind, Utility
from crew_app.desk.announcements import Audience, Draft
from crew_app.desk.doors import Before
from crew_app.desk.forms import CallForm
from crew_app.people.models import Person, Site
from crew_app.people.rules import Role
from crew_app.places.models import Care, Place
from crew_app.tickets import actions
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import HoldReason

BOSS, DESK, SITE = "li", "lan", "main"
DOORS = (
    # place, who wrote it, care, isolation, quiet from, until, access, contact, number
    ("Z1-03", "chen", Care.WARD, "", time(12), time(14, 30), "查房 8:00–9:30 勿进病房", "护士站", "8103"),
    ("Z1-0306", "chen", None, "接触隔离：穿隔离衣、戴手套，工具出门消毒", None, None, "", "", ""),
    ("Z1", BOSS, None, "", time(22), time(6), "", "", ""),
    ("MZ-B101", BOSS, Care.PLANT, "", None, None, "高压设备，两人同行，值班电工开门", "配电值班", "8010"),
    ("JZ-01", BOSS, Care.EMERGENCY, "", None, None, "保持急救通道畅通", "分诊台", "8120"),
)
OUTAGES = (
    # hours from now, how long, what, places, words, who has read it
    (-1, 3, Utility.WATER, ("Z1-05", "Z1-06"), "更换立管阀门，请使用备用水。", ("wang", "shui1")),
    (20, 2, Utility.POWER, ("MZ-02",), "配电箱检修，请提前关闭电脑。", ("dian1",)),
)
NOTICES = (
    # days ago, title, words, roles, who has read it
    (
        2,
        "冬季防冻检查安排",
        "室外水管、水表本周内全部包扎，发现漏水立即报服务台。",
        (Role.TECHNICIAN,),
        ("wang", "shui1", "shui2"),
    ),
    (5, "消防通道不得堆放物品", "各科室请自查，周五联合检查。", (), ("chen", "li", "zhao")),
)
CALLS = (
    # minutes ago, place, kind, caller, number, words, what became of it
    (200, "Z1-0305", "lamp", "韦护士", "8105", "3床床头灯不亮", "finished"),
    (150, "MZ-0201", "lock", "门诊导诊台", "8021", "门锁打不开，病人在外面等", "on_hold"),
    (25, "WK-0302", "drain", "外科陆护士", "8232", "洗手池堵了，水漫出来", "open"),
)


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction; `now` is when the hospital is found."""
    for code, login, *before in DOORS:
        doors.keep(_place(code), Before(*before), by=_person(login), at=_ago(now, hours=30))
    for begins, hours, utility, codes, words, read in OUTAGES:
        start = now.astimezone(ZONE).replace(minute=0, second=0, microsecond=0) + timedelta(hours=begins)
        draft = Draft(
            new_id(),
            AnnouncementKind.OUTAGE,
            _site(),
            words,
            utility=utility,
            starts_at=start,
            ends_at=start + timedelta(hours=hours),
            places=[_place(code) for code in codes],
        )
        _announce(draft, read, _ago(now, hours=5))
    for days, title, words, roles, readers in NOTICES:
        draft = Draft(new_id(), AnnouncementKind.NOTICE, _site(), words, title, audience=Audience(roles))
        _announce(draft, readers, _ago(now, days=days))
    for minutes, *call in CALLS:
        _call(now, minutes, *call)


def _announce(draft: Draft, read: tuple[str, ...], at: Moment) -> Announcement:
    made = announcements.announce(draft, by=_person(BOSS), at=at)
    for login in read:
        announcements.read(made, 1, by=_person(login), at=at)
    return made


def _call(now: datetime, minutes: int, code: str, kind: str, name: str, phone: str, words: str, state: str) -> None:
    form = CallForm(new_id(), _place(code).id, None, kind, None, words, name, phone, None)
    ticket = calls.take(form, by=_person(DESK), at=_ago(now, minutes=minutes))
    if state != "open":
        _work(ticket, now, minutes, state)


def _work(ticket: Ticket, now: datetime, minutes: int, state: str) -> None:
    worker = _person("wang" if state == "finished" else "mu1")
    actions.accept(ticket, by=worker, at=_ago(now, minutes=minutes - 20))
    if state == "finished":
        actions.finish(ticket, "更换灯管，试亮正常", by=worker, at=_ago(now, minutes=minutes - 60))
    else:
        actions.hold(ticket, HoldReason.ACCESS, "诊室有病人，午后再来", by=worker, at=_ago(now, minutes=minutes - 40))


def _ago(now: datetime, **span: float) -> Moment:
    return server_moment(now - timedelta(**span))


def _site() -> Site:
    return session.scalars(select(Site).filter_by(code=SITE)).one()


def _person(login: str) -> Person:
    return session.scalars(select(Person).filter_by(login=login)).one()


def _place(code: str) -> Place:
    return session.scalars(select(Place).filter_by(code=code, site_id=_site().id)).one()
