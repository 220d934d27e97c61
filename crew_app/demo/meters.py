"""Meters of the demo hospital: power and water of three wards, read on the 28th of each month for more than a year."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.demo.rounds import make_run, person, placed, plan
from crew_app.places.models import Tag
from crew_app.rounds import visits
from crew_app.rounds.answers import Given
from crew_app.rounds.content import CheckKind, StopPlan, Where, Words
from crew_app.rounds.models import RunStop
from crew_app.rounds.ready import ready_template
from crew_app.rounds.rules import How, Outcome
from crew_app.rounds.visits import Seen

SEED = 28
MONTHS = 15
READER, READ_ON = "dian1", 28
WARDS = (
    ("Z1-0318", "Z1-0316", "心内科一病区", "Cardiology ward 1"),
    ("Z1-0518", "Z1-0516", "呼吸内科", "Respiratory ward"),
    ("Z1-0918", "Z1-0916", "肾内科", "Nephrology ward"),
)
USED = {"power-sub": (3_600, 900), "water-sub": (310, 40)}
"""What a ward uses in a month, and by how much more or less."""
SUMMER, COOLING = range(6, 10), Decimal("1.3")
A_YEAR_LATER = Decimal("1.06")


def stir(now: datetime) -> None:
    """Read them all, in the present transaction."""
    content = ready_template("meters")
    stops = [_stop(content.stop(key), where, ward) for ward in WARDS for key, where in zip(USED, ward, strict=False)]
    template = plan(replace(content, stops=tuple(stops)), now, days=31 * MONTHS)
    dice = Random(SEED)  # noqa: S311 - a demo, no secret
    counted = {stop.key: Decimal(dice.randint(8_000, 60_000)) for stop in stops}
    for day in reversed(_days(now)):
        run = make_run(template, day, 480)
        at = day + timedelta(minutes=20)
        for stop in session.scalars(select(RunStop).filter_by(run_id=run.id).order_by(RunStop.position)):
            counted[stop.key] += _use(stop.key, day, now, dice)
            _read(stop, counted[stop.key], at)
            at += timedelta(seconds=dice.randint(150, 330))


def _stop(stop: StopPlan, place: str, ward: tuple[str, str, str, str]) -> StopPlan:
    title = Words(f"{ward[2]} · {stop.title.zh}", f"{ward[3]} · {stop.title.en}")
    return replace(placed(stop, Where(place=place)), key=f"{stop.key}-{ward[0][3:5]}", title=title)


def _days(now: datetime) -> list[datetime]:
    """The days on which meters were read, from the last one back."""
    day = now.replace(day=READ_ON, hour=9, minute=0, second=0, microsecond=0)
    found: list[datetime] = []
    while len(found) < MONTHS:
        if day + timedelta(hours=8) < now:
            found.append(day)
        day = (day.replace(day=1) - timedelta(days=1)).replace(day=READ_ON)
    return found


def _use(key: str, day: datetime, now: datetime, dice: Random) -> Decimal:
    middle, spread = USED[key.rpartition("-")[0]]
    used = Decimal(middle + dice.randint(-spread, spread))
    used *= COOLING if day.month in SUMMER and key.startswith("power") else 1
    return round(used * (A_YEAR_LATER if now - day < timedelta(days=330) else 1), 1)


def _read(stop: RunStop, number: Decimal, at: datetime) -> None:
    tag = session.scalar(select(Tag.code).where(Tag.place_id == stop.place_id, Tag.retired_at.is_(None)).limit(1))
    meter = [Given(one, str(number), Outcome.NOTED, number) for one in stop.plan.checks if one.kind is CheckKind.METER]
    seen = Seen(new_id(), meter, How.SCAN if tag else How.TAP, tag or "", scanned_at=at - timedelta(seconds=40))
    visits.check_in(stop, seen, by=person(READER), at=server_moment(at))
