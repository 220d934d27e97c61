"""Who hears of what goes wrong on rounds: stops that were missed, readings outside their limits.

Told in the transaction that notices it, each thing once. What is old when it is noticed (the server was down, a phone
came back after days) is shown on the pages and told to nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from crew_app.core.words import N_
from crew_app.notifications.actions import Message, Words, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.roster.queries import on_duty
from crew_app.rounds.models import Answer, Run, RunStop

NEWS = timedelta(hours=12)


def tell_of_missed(run: Run, stops: Sequence[RunStop], at: datetime) -> None:
    """Tell who watches rounds and is on duty, and whoever was to walk it."""
    if at - max(stop.closes_at for stop in stops) > NEWS:
        return
    params: Mapping[str, Words] = {"count": str(run.missed_count), "round": _both(run.template)}
    message = Message(
        run.site_id, Topic.ROUND, N_("%(round)s: %(count)s stops missed"), params, f"/rounds/runs/{run.id}"
    )
    people = [*on_duty(run.site_id, at, Right.WATCH_ROUNDS), *filter(None, [run.person])]
    tell(people, message, key=f"run:{run.id}:missed:{run.missed_count}", at=at)


def tell_of_reading(stop: RunStop, answer: Answer, series_id: UUID, received_at: datetime) -> None:
    """Tell the trade at hand and who watches rounds, not the one who read it: they were asked about it already."""
    if answer.number is None or received_at - answer.at > NEWS:
        return
    check = stop.plan.check(answer.check_key)
    params: Mapping[str, Words] = {
        "check": {"zh": check.label.zh, "en": check.label.en} if check else answer.check_key,
        "value": f"{answer.number.normalize():f} {check.unit if check else ''}".strip(),
        "where": _both(stop.subject),
    }
    words = N_("Outside the limits: %(where)s, %(check)s %(value)s")
    message = Message(stop.site_id, Topic.ROUND, words, params, f"/rounds/readings/{series_id}", urgent=True)
    people = [one for one in _concerned(stop, received_at) if one.id != answer.visit.person_id]
    tell(people, message, key=f"reading:{answer.id}", at=received_at)


def _concerned(stop: RunStop, at: datetime) -> list[Person]:
    watching = on_duty(stop.site_id, at, Right.WATCH_ROUNDS)
    trade: Trade | None = stop.run.template.trade
    if trade is None:
        return watching
    return [*watching, *(one for one in on_duty(stop.site_id, at, Right.WORK, trade) if trade in one.trade_set)]


def _both(thing: object) -> dict[str, str]:
    name = str(getattr(thing, "name", ""))
    return {"zh": name, "en": str(getattr(thing, "name_en", "")) or name}
