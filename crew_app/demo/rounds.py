"""The rounds of the demo hospital: templates from the library with its own places, a week of logs, tonight's patrol.

Everything is done by the same actions as in life, so that it cannot be in a state that they would not leave.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from zlib import crc32

from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.people.models import Person, Site
from crew_app.places.models import Tag
from crew_app.rounds import runs, templates, visits
from crew_app.rounds.answers import Given, asked
from crew_app.rounds.content import NUMERIC, Check, CheckKind, Content, Presence, StopPlan, Where
from crew_app.rounds.models import RoundPlan, RoundTemplate, Run, RunStop
from crew_app.rounds.ready import ready_template
from crew_app.rounds.rules import How, Outcome
from crew_app.rounds.runs import Order
from crew_app.rounds.visits import Seen

SEED = 5
BOSS = "li"
PLACES: Mapping[str, Mapping[str, Where]] = {
    "night-patrol": {
        "plaza": Where(place="W01"),
        "outpatient": Where(place="MZ-0101"),
        "pharmacy": Where(place="MZ-0104"),
        "emergency": Where(place="JZ-0101"),
        "surgery": Where(place="WK-0101"),
        "inpatient": Where(place="Z1-0103"),
        "roof": Where(place="Z1-RF"),
        "basement": Where(place="Z1-B103"),
        "substation": Where(place="MZ-B101"),
        "oxygen": Where(place="HQ-0105"),
        "waste": Where(place="W06"),
        "gate": Where(place="W05"),
    },
    "boiler-log": dict.fromkeys(("room", "boiler", "water", "meters"), Where(place="HQ-0104")),
    "pump-room": {
        **dict.fromkeys(("room", "panel", "tank"), Where(place="MZ-B102")),
        "pump": Where(kind="pump", area="MZ-B102"),
    },
    "ward-electrical": {
        "station": Where(place="Z1-0311"),
        "rooms": Where(place="Z1-0301"),
        "wet": Where(place="Z1-0316"),
        "treat": Where(place="Z1-0313"),
        "corridor": Where(place="Z1-03"),
        "board": Where(place="Z1-0318"),
    },
    "safety-25th": {
        "wards": Where(place="Z1-03"),
        "lift-room": Where(place="MZ-RF01"),
        "oxygen-room": Where(place="HQ-0105"),
        "substation": Where(place="MZ-B101"),
        "boiler-room": Where(place="HQ-0104"),
        "canteen": Where(place="HQ-02"),
    },
    "extinguishers": {"each": Where(kind="extinguisher", area="MZ")},
}
"""Which place each stop of a ready template is here."""
LOGS = (("boiler-log", "shui1", (6, 14, 22)), ("pump-room", "shui2", (8, 20)))
PUMP = 2
"""The stop of the pump."""
UNREAD = 6
"""The stop of last night's patrol where the tag could not be scanned."""
DAYS = 6
ALL = slice(None)
BUILT = datetime(2021, 3, 1, tzinfo=UTC)
FULL_MARKS = 0.7


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction; `now` is when the hospital is found."""
    dice = Random(SEED)  # noqa: S311 - a demo, no secret
    made = {code: _template(code, now) for code in PLACES}
    for code, login, hours in LOGS:
        _logs(made[code], login, hours, now, dice)
    _patrols(made["night-patrol"], now, dice)
    _inspection(made["safety-25th"], now, dice)
    make_run(made["ward-electrical"], now - timedelta(minutes=40), 210)
    make_run(made["extinguishers"], now - timedelta(hours=3), 2_880)
    session.flush()


def _template(code: str, now: datetime) -> RoundTemplate:
    content = ready_template(code)
    stops = [placed(stop, PLACES[code].get(stop.key)) for stop in content.stops]
    stops = [stop for stop in stops if stop.where.kind != "boiler"]
    return plan(replace(content, stops=tuple(stops)), now, days=DAYS + 20)


def plan(content: Content, now: datetime, *, days: int) -> RoundTemplate:
    """A template that has been here for so many days, with the plans it suggests; they begin tomorrow."""
    template = templates.create(site().id, content, by=person(BOSS), at=server_moment(now - timedelta(days=days)))
    session.add_all(_plans(template, content, now))
    return template


def placed(stop: StopPlan, where: Where | None) -> StopPlan:
    """A stop of a ready template at a place of this hospital, where its tag is scanned."""
    return replace(stop, where=where, presence=Presence.SCAN) if where else stop


def _plans(template: RoundTemplate, content: Content, now: datetime) -> list[RoundPlan]:
    """From tomorrow on the plans make the runs."""
    return [
        RoundPlan(
            site_id=template.site_id,
            template_id=template.id,
            rule=one.rule,
            times=",".join(one.times),
            minutes=one.minutes,
            grace_minutes=one.grace,
            starts_on=now.date() + timedelta(days=1),
            role=content.roles[0],
            trade=content.trade,
            made_by_id=person(BOSS).id,
            made_at=now,
        )
        for one in content.suggested
    ]


def _logs(template: RoundTemplate, login: str, hours: tuple[int, ...], now: datetime, dice: Random) -> None:
    """A week of them; the newest of the pumps has a value out of its limits."""
    days = [(now - timedelta(days=day)) for day in range(DAYS, -1, -1)]
    moments = [day.replace(hour=hour, minute=0, second=0, microsecond=0) for day in days for hour in hours]
    passed = [opens for opens in moments if opens + timedelta(minutes=40) < now]
    for opens in passed:
        faulty = PUMP if opens is passed[-1] and template.code == "pump-room" else -1
        walk(make_run(template, opens, 40), login, opens + timedelta(minutes=4), dice, faulty=faulty)


def _patrols(template: RoundTemplate, now: datetime, dice: Random) -> None:
    """Last night's, with a stop that nobody went to, and the one that is under way."""
    night = now - timedelta(hours=14)
    last = make_run(template, night, 100)
    walk(last, "bao2", night + timedelta(minutes=3), dice, stops=slice(11), unread=UNREAD)
    runs.close_overdue(now, lambda _run: False)
    begun = now - timedelta(minutes=22)
    walk(make_run(template, begun, 100), "sun", begun + timedelta(minutes=4), dice, stops=slice(4))


def _inspection(template: RoundTemplate, now: datetime, dice: Random) -> None:
    """Some days ago, with a hazard that is still there."""
    opens = now - timedelta(days=4)
    walk(make_run(template, opens, 480), BOSS, opens + timedelta(minutes=20), dice, faulty=2)


def make_run(template: RoundTemplate, opens: datetime, minutes: int) -> Run:
    """A run that somebody had planned ten hours before."""
    order = Order(opens, opens + timedelta(minutes=minutes))
    return runs.make_run(template, order, by=None, at=server_moment(opens - timedelta(hours=10)))


def walk(
    run: Run, login: str, begin: datetime, dice: Random, *, stops: slice = ALL, faulty: int = -1, unread: int = -1
) -> None:
    """Walk stops of a run, one after the other; at one of them something is wrong, at one the tag is not read."""
    by, at = person(login), begin
    for stop in session.scalars(select(RunStop).filter_by(run_id=run.id).order_by(RunStop.position)).all()[stops]:
        at = max(at, stop.opens_at + timedelta(minutes=1))
        tag = _tag(stop) if stop.position != unread else ""
        stop.challenge = None
        seen = Seen(
            new_id(), _answers(stop, dice, at, faulty=stop.position == faulty), How.SCAN if tag else How.TAP, tag
        )
        visits.check_in(stop, replace(seen, scanned_at=at - timedelta(seconds=40)), by=by, at=server_moment(at))
        at += timedelta(seconds=dice.randint(150, 330))


def _answers(stop: RunStop, dice: Random, at: datetime, *, faulty: bool) -> list[Given]:
    given: dict[str, Given] = {}
    for check in stop.plan.checks:
        answer = _answer(check, dice, at, faulty=faulty) if asked(check, given) and check.required else None
        if answer:
            given[check.key] = answer
            faulty = faulty and not answer.fault
    return list(given.values())


def _answer(check: Check, dice: Random, at: datetime, *, faulty: bool) -> Given | None:
    match check.kind:
        case CheckKind.YES_NO:
            bad = check.fails_on if faulty and check.fails_on != "never" else ""
            value = bad or ("no" if check.fails_on == "yes" else "yes")
            return Given(check, value, Outcome.FAIL if bad else Outcome.OK, wanted=bool(bad))
        case CheckKind.GRADE:
            return Given(check, "fail", Outcome.FAIL, wanted=True) if faulty else Given(check, "pass", Outcome.OK)
        case CheckKind.CHOICE:
            option = next((one for one in check.options if not one.fails), check.options[0])
            return Given(check, option.key, Outcome.OK)
        case CheckKind.SCORE:
            return _reading(check, check.most if dice.random() < FULL_MARKS else round(check.most * Decimal("0.8")))
        case kind if kind in NUMERIC:
            number = _counted(check, at) if kind is CheckKind.METER else _number(check, dice)
            return _beyond(check) if faulty and check.high else _reading(check, number)
    return None


def _reading(check: Check, number: Decimal | int) -> Given:
    return Given(check, str(number), Outcome.OK, Decimal(number))


def _counted(check: Check, at: datetime) -> int:
    """A meter counts on by the hour, each at its own pace."""
    return int((at - BUILT) / timedelta(hours=1) * (1 + len(check.key) % 5)) + crc32(check.key.encode()) % 9_000


def _beyond(check: Check) -> Given:
    number = round((check.high or Decimal(1)) * Decimal("1.1"), 2)
    return Given(check, str(number), Outcome.FAIL, number, "复看过，确实偏高", wanted=True)


def _number(check: Check, dice: Random) -> Decimal:
    """Somewhere in the middle of the limits."""
    low = check.low if check.low is not None else (check.high or Decimal(2)) / 2
    high = check.high if check.high is not None else low * 2 or Decimal(2)
    share = Decimal(dice.randint(30, 70)) / 100
    return round(low + (high - low) * share, 2)


def _tag(stop: RunStop) -> str:
    query = select(Tag.code).where(Tag.retired_at.is_(None))
    here = Tag.asset_id == stop.asset_id if stop.asset_id else Tag.place_id == stop.place_id
    return session.scalar(query.where(here).limit(1)) or "" if stop.place_id else ""


def site() -> Site:
    """The hospital that everything happens at."""
    return session.scalars(select(Site).filter_by(code="main")).one()


def person(login: str) -> Person:
    """Somebody by the name they sign in with."""
    return session.scalars(select(Person).filter_by(login=login)).one()
