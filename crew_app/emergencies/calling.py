"""Calling people: who is on duty first, the next one when somebody cannot come or does not answer."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.emergencies.log import write
from crew_app.emergencies.models import Emergency, EmergencyCall
from crew_app.emergencies.rules import MOST_CALLS, NEXT_CALL, Answer, EntryKind, Who
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.roster import queries as roster

AT_FIRST = 3
"""So many of each sort are called at once; the others follow if nobody comes."""
COMING = (Answer.ON_WAY, Answer.THERE)


def call_first(emergency: Emergency, at: datetime) -> None:
    """Call whoever has a step, and the leaders, as the roster says."""
    for who in emergency.version.calls:
        _call(emergency, who, _not_called(emergency, who, at)[:AT_FIRST], at)
    emergency.called_at = at


def call_next(emergency: Emergency, who: Who, at: datetime) -> None:
    """Call the next one for the same steps."""
    _call(emergency, who, _not_called(emergency, who, at)[:1], at)


def call_again(emergency: Emergency, at: datetime) -> int:
    """Call again whoever has not answered, and the next one where nobody is coming; how many were called."""
    if not emergency.running or at - emergency.called_at < NEXT_CALL:
        return 0
    emergency.called_at = at
    waiting = silent(emergency, at)
    for call in waiting:
        _again(emergency, call, at)
    unmet = [who for who in emergency.version.calls if not _is_coming(emergency, who)]
    for who in unmet:
        call_next(emergency, who, at)
    session.flush()
    return len(waiting) + len(unmet)


def silent(emergency: Emergency, at: datetime) -> list[EmergencyCall]:
    """Who has not answered and can still be called again."""
    late = [call for call in emergency.calls if call.answer is None and at - call.last_at >= NEXT_CALL]
    return [call for call in late if call.times < MOST_CALLS]


def to_call_again(at: datetime) -> list[UUID]:
    """The emergencies that go on and in which people were last called long enough ago."""
    query = select(Emergency.ticket_id).where(Emergency.closed_at.is_(None), Emergency.called_at <= at - NEXT_CALL)
    return list(session.scalars(query.order_by(Emergency.called_at)))


def _is_coming(emergency: Emergency, who: Who) -> bool:
    return any(call.answer in COMING for call in emergency.calls if call.who is who)


def _not_called(emergency: Emergency, who: Who, at: datetime) -> list[Person]:
    called = {call.person_id for call in emergency.calls} | {emergency.started_by_id}
    return [person for person in candidates(emergency.site_id, who, at) if person.id not in called]


def candidates(site_id: UUID, who: Who, at: datetime) -> list[Person]:
    """Everybody who may be called for this, the best first: on duty, on call, then those at home."""
    if who is Who.DESK:
        return []
    if who is Who.LEADER:
        return _unique(roster.on_duty(site_id, at, Right.VERIFY), roster.with_right(site_id, Right.VERIFY))
    if who is Who.GUARD:
        return _unique(roster.on_duty(site_id, at, Right.KEEP_GATE), roster.with_right(site_id, Right.KEEP_GATE))
    trade = Trade(who.value)
    there = roster.on_duty(site_id, at, Right.WORK, trade)
    all_of_them = [*there, *roster.with_right(site_id, Right.WORK)]
    return _unique(person for person in all_of_them if trade in person.trade_set)


def _unique(*lists: Iterable[Person]) -> list[Person]:
    return list({person.id: person for people in lists for person in people}.values())


def _call(emergency: Emergency, who: Who, people: list[Person], at: datetime) -> None:
    for person in people:
        call = EmergencyCall(
            id=new_id(),
            site_id=emergency.site_id,
            ticket_id=emergency.ticket_id,
            person_id=person.id,
            who=who,
            first_at=at,
            last_at=at,
            times=1,
        )
        emergency.calls.append(call)
        write(emergency, EntryKind.CALL, note=person.name, by=None, at=server_moment(at))
    session.flush()
    _tell(emergency, people, 1, at)


def _again(emergency: Emergency, call: EmergencyCall, at: datetime) -> None:
    call.last_at, call.times = at, call.times + 1
    write(emergency, EntryKind.CALL, note=f"{call.person.name} ×{call.times}", by=None, at=server_moment(at))
    _tell(emergency, [call.person], call.times, at)


def _tell(emergency: Emergency, people: list[Person], times: int, at: datetime) -> None:
    place = emergency.ticket.asset or emergency.ticket.place
    params = {
        "what": {"zh": emergency.version.name, "en": emergency.version.name_en or emergency.version.name},
        "where": {"zh": place.name, "en": place.name_en or place.name},
    }
    words = N_("Drill: %(what)s, %(where)s") if emergency.drill else N_("EMERGENCY: %(what)s, %(where)s")
    href = f"/emergencies/{emergency.ticket_id}"
    message = Message(emergency.site_id, Topic.EMERGENCY, words, params, href, urgent=not emergency.drill)
    tell(people, message, key=f"emergency:{emergency.ticket_id}:{times}", at=at)
