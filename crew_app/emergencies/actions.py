"""Verbs of an emergency: started with one touch, answered, worked through step by step, closed with a report."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.emergencies import calling, playbooks
from crew_app.emergencies.log import write
from crew_app.emergencies.models import Emergency, EmergencyEntry, Playbook, PlaybookVersion
from crew_app.emergencies.rules import Answer, EntryKind, StepStand, ended_at, stands
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.places.models import Asset, Place
from crew_app.registers import trainings
from crew_app.registers.training_models import TrainingKind
from crew_app.tickets import actions as tickets
from crew_app.tickets.events import change_state, in_order
from crew_app.tickets.kinds import service_kind
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Kind, Priority, State, Verb


@dataclass(frozen=True, slots=True)
class Start:
    """Where and what; `ticket_id` was made on the phone."""

    ticket_id: UUID
    playbook: Playbook
    place: Place
    asset: Asset | None = None
    note: str = ""
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ended; `headcount` is how many took part in a drill."""

    note: str
    headcount: int | None = None


def start(form: Start, *, by: Person, at: Moment) -> Emergency:
    """Start an emergency: its ticket, its clock, and the calls to everybody who has a step."""
    if form.playbook.site_id != form.place.site_id:
        raise Refused("unknown-playbook", N_("This playbook is not known here."))
    if form.drill and not by.can(Right.LEAD_EMERGENCIES, form.place.site_id):
        raise Forbidden("may-not", N_("Only a leader calls a drill."))
    version = playbooks.current(form.playbook)
    ticket = tickets.open_ticket(_report(form, version), by=by, at=at)
    emergency = Emergency(
        ticket_id=ticket.id,
        site_id=ticket.site_id,
        version_id=version.id,
        drill=form.drill,
        started_at=at.at,
        started_by_id=by.id,
        called_at=at.received_at,
        false_alarm=False,
    )
    session.add(emergency)
    session.flush()
    write(emergency, EntryKind.START, by=by, at=at, note=form.note)
    calling.call_first(emergency, at.received_at)
    return emergency


def answer(emergency: Emergency, entry_id: UUID, said: Answer, *, by: Person, at: Moment) -> EmergencyEntry:
    """Say that one is on the way, there, or cannot come; whoever comes first has the ticket."""
    call = next((one for one in emergency.calls if one.person_id == by.id), None)
    if call and (call.answered_at is None or at.at >= call.answered_at):
        call.answer, call.answered_at = said, at.at
    entry = write(emergency, EntryKind.ANSWER, answer=said, by=by, at=at, entry_id=entry_id)
    if said is not Answer.CANNOT:
        _take(emergency.ticket, by, at)
    elif call and emergency.running:
        calling.call_next(emergency, call.who, at.received_at)
    return entry


def tick(emergency: Emergency, entry_id: UUID, step_key: str, *, by: Person, at: Moment) -> EmergencyEntry:
    """Say that a step is done; true also when it arrives late, and when two say so."""
    _step(emergency, step_key)
    return write(emergency, EntryKind.STEP, step_key=step_key, by=by, at=at, entry_id=entry_id)


def skip(emergency: Emergency, entry_id: UUID, step_key: str, note: str, *, by: Person, at: Moment) -> EmergencyEntry:
    """Leave a step out, with the reason."""
    _step(emergency, step_key)
    _need_words(note, N_("Please say why the step is left out."))
    return write(emergency, EntryKind.SKIP, step_key=step_key, note=note, by=by, at=at, entry_id=entry_id)


def take_back(emergency: Emergency, entry_id: UUID, step_key: str, *, by: Person, at: Moment) -> EmergencyEntry:
    """A step was ticked by mistake; the log keeps both."""
    _step(emergency, step_key)
    return write(emergency, EntryKind.BACK, step_key=step_key, by=by, at=at, entry_id=entry_id)


def say(emergency: Emergency, entry_id: UUID, note: str, *, photos: int = 0, by: Person, at: Moment) -> EmergencyEntry:
    """Write something into the log; with a photo words may be left out."""
    if not photos:
        _need_words(note, N_("Please write something first."))
    kind = EntryKind.PHOTO if photos else EntryKind.SAY
    return write(emergency, kind, note=note, by=by, at=at, entry_id=entry_id)


def false_alarm(emergency: Emergency, note: str, *, by: Person, at: Moment) -> None:
    """Take it back, with the reason: by whoever started it, or a leader."""
    _need_running(emergency)
    _need_lead(emergency, by)
    _need_words(note, N_("Please say why it was a false alarm."))
    write(emergency, EntryKind.FALSE_ALARM, note=note, by=by, at=at)
    emergency.false_alarm = True
    _end(emergency, note, by=by, at=at)
    _cancel(emergency.ticket, note, by=by, at=at)


def close(emergency: Emergency, closing: Closing, *, by: Person, at: Moment) -> None:
    """End it with a report; what is not done needs a word, and a drill its headcount."""
    _need_running(emergency)
    _need_lead(emergency, by)
    found = stands(emergency.version.steps, emergency.entries, emergency.started_at)
    if ended_at(found) is None or any(one.entry is None for one in found):
        _need_words(closing.note, N_("Steps are still open. Please say why it is over all the same."))
    if emergency.drill and not closing.headcount:
        raise Refused("headcount", N_("Please say how many took part."))
    emergency.headcount = closing.headcount
    write(emergency, EntryKind.CLOSE, note=closing.note, by=by, at=at)
    _end(emergency, closing.note, by=by, at=at)
    if emergency.drill:
        emergency.training_id = _recorded(emergency, found, by=by, at=at)
        _cancel(emergency.ticket, emergency.version.name, by=by, at=at)
    else:
        _finish(emergency.ticket, closing.note, by=by, at=at)


def may_lead(emergency: Emergency, person: Person) -> bool:
    """Whether somebody may end it: a leader, or whoever started it."""
    return emergency.started_by_id == person.id or person.can(Right.LEAD_EMERGENCIES, emergency.site_id)


def _report(form: Start, version: PlaybookVersion) -> tickets.Report:
    playbook = form.playbook
    trades = [Trade(step.who.value) for step in version.steps if step.who.value in set(Trade)]
    trade = trades[0] if trades else Trade.ELECTRICAL
    kind = service_kind(f"em-{playbook.code}"[:30], version.name, version.name_en, trade, playbook.icon)
    words = "\n".join(filter(None, [f"【演练】{version.name}" if form.drill else "", form.note]))
    priority = Priority.LOW if form.drill else Priority.EMERGENCY
    return tickets.Report(form.ticket_id, form.place, kind, form.asset, words, priority, Kind.INCIDENT)


def _take(ticket: Ticket, by: Person, at: Moment) -> None:
    if ticket.state is State.OPEN and by.can(Right.WORK, ticket.site_id):
        tickets.accept(ticket, by=by, at=at)


def _end(emergency: Emergency, note: str, *, by: Person, at: Moment) -> None:
    emergency.closed_at, emergency.closed_by_id = max(at.at, emergency.started_at), by.id
    emergency.note = note.strip()[:2000]
    session.flush()


def _finish(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """The work is done; somebody who had no hand in it verifies the report."""
    at = in_order(ticket, at)
    if ticket.state is State.OPEN:
        change_state(ticket, Verb.ACCEPT, by=by, at=at)
        ticket.owner_id, ticket.accepted_at = by.id, at.at
    if ticket.state in (State.ACCEPTED, State.ON_HOLD):
        ticket.finished_at = at.at
        change_state(ticket, Verb.FINISH, by=by, at=at, note=note)


def _cancel(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """A false alarm and a drill are no incidents: their tickets count nowhere."""
    at = in_order(ticket, at)
    if ticket.state in (State.OPEN, State.ACCEPTED, State.ON_HOLD):
        ticket.closed_at = at.at
        change_state(ticket, Verb.CANCEL, by=by, at=at, note=note)


def _recorded(emergency: Emergency, found: list[StepStand], *, by: Person, at: Moment) -> UUID:
    """Write a drill into the register of trainings."""
    ticket, version = emergency.ticket, emergency.version
    place = ticket.asset or ticket.place
    plan = trainings.Plan(
        new_id(), TrainingKind.DRILL, _day(emergency), version.name, place.name[:80], emergency.started_by.name
    )
    training = trainings.plan(plan, ticket.site, by=by, at=at)
    hours = Decimal(round((at.at - emergency.started_at).total_seconds() / 3600, 2))
    done = sum(one.done for one in found)
    note = "\n".join(filter(None, [f"{ticket.number} · {done}/{len(found)}", emergency.note]))
    result = trainings.Result(new_id(), emergency.headcount or 0, max(round(hours, 2), Decimal(0)), note=note)
    trainings.record(training, result, by=by, at=at)
    return training.id


def _day(emergency: Emergency) -> date:
    return emergency.started_at.astimezone(emergency.ticket.site.zone).date()


def _step(emergency: Emergency, key: str) -> None:
    if key not in {step.key for step in emergency.version.steps}:
        raise Refused("unknown-step", N_("This step is not in the playbook."))


def _need_running(emergency: Emergency) -> None:
    if not emergency.running:
        raise Refused("wrong-state", N_("This emergency is closed already. What you entered is kept."))


def _need_lead(emergency: Emergency, by: Person) -> None:
    if not may_lead(emergency, by):
        raise Forbidden("may-not", N_("Only whoever started it, or a leader, can end it."))


def _need_words(note: str, message: str) -> None:
    if not note.strip():
        raise Refused("words-missing", message)
