"""Verbs of a ticket. Each checks who asks, moves the state machine, and writes its event in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.upserts import Insert, upsert
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place
from crew_app.tickets import photos, queries, shots
from crew_app.tickets.deadlines import begin, end_pause, target_for
from crew_app.tickets.events import change_state, in_order, record
from crew_app.tickets.models import JobKind, PhotoRole, Ticket, TicketNumber
from crew_app.tickets.rules import (
    NUMBER_PREFIX,
    TRANSITIONS,
    UNDER_WORK,
    HoldReason,
    Kind,
    Priority,
    State,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong and where; `ticket_id` was made on the reporter's device."""

    ticket_id: UUID
    place: Place
    job_kind: JobKind
    asset: Asset | None = None
    description: str = ""
    priority: Priority | None = None
    kind: Kind = Kind.REPAIR
    photos: Sequence[Announcement] = field(default_factory=tuple)
    reporter_name: str = ""
    reporter_phone: str = ""
    for_caller: bool = False
    """Whoever enters it speaks for somebody else: the service desk for whoever calls."""
    follow_hash: str | None = None
    on_the_spot: bool = False
    """Already repaired: nobody has to be sent."""


def open_ticket(report: Report, *, by: Person | None, at: Moment) -> Ticket:
    """Open a ticket from a report; the server gives the number, the device gave the id."""
    if session.get(Ticket, report.ticket_id):
        raise Refused("ticket-known", N_("This job was already reported."))
    ticket = _new_ticket(report, by, at)
    session.add(ticket)
    record(ticket, Verb.OPEN, by=by, at=at, note=report.description)
    photos.attach(ticket, PhotoRole.REPORT, report.photos, by=by, at=at)
    return ticket


def fix_on_the_spot(report: Report, note: str, *, by: Person, at: Moment) -> Ticket:
    """Register a small repair that is already done: opened, accepted and finished in one step (S5)."""
    ticket = open_ticket(replace(report, photos=(), on_the_spot=True), by=by, at=at)
    accept(ticket, by=by, at=at)
    photos.attach(ticket, PhotoRole.AFTER, report.photos, by=by, at=at)
    finish(ticket, note, by=by, at=at)
    return ticket


def accept(ticket: Ticket, *, by: Person, at: Moment) -> None:
    """Take a job into one's own hands."""
    at = in_order(ticket, at)
    _need(by, Right.WORK, ticket)
    if ticket.owner and ticket.owner_id != by.id and ticket.live:
        raise Refused("wrong-state", N_("%(name)s has already accepted this job."), name=ticket.owner.name)
    change_state(ticket, Verb.ACCEPT, by=by, at=at)
    ticket.owner_id = by.id
    ticket.accepted_at = ticket.accepted_at or at.at
    session.flush()


def release(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """Give a job back, with the reason; it is open for others again."""
    at = in_order(ticket, at)
    _need_owner(ticket, by)
    _need_words(note, N_("Please say why you give the job back."))
    end_pause(ticket, at)
    change_state(ticket, Verb.RELEASE, by=by, at=at, note=note)
    ticket.owner_id = None
    session.flush()


def hold(ticket: Ticket, reason: HoldReason, note: str, *, by: Person, at: Moment) -> None:
    """Stop the clock, for one of the reasons that may."""
    at = in_order(ticket, at)
    _need_owner(ticket, by)
    ticket.hold_reason, ticket.hold_since = reason, at.at
    change_state(ticket, Verb.HOLD, by=by, at=at, note=note, hold_reason=reason)


def resume(ticket: Ticket, note: str = "", *, by: Person, at: Moment) -> None:
    """Let the clock run again; the resolution deadline moves by the pause."""
    at = in_order(ticket, at)
    _need_owner(ticket, by)
    if ticket.state is State.ACCEPTED and queries.last_change(ticket) is Verb.SUPPLY:
        record(ticket, Verb.RESUME, by=by, at=at, note=note)  # the storekeeper was faster, and meant the same
        return
    end_pause(ticket, at)
    change_state(ticket, Verb.RESUME, by=by, at=at, note=note)


def supply(ticket: Ticket, note: str = "", *, by: Person, at: Moment) -> None:
    """End the pause of a job whose material is here: said by whoever keeps the stock, the owner goes on."""
    at = in_order(ticket, at)
    _need(by, Right.KEEP_STOCK, ticket)
    if ticket.hold_reason is not HoldReason.MATERIAL:
        raise Refused("not-waiting", N_("This job does not wait for material."))
    end_pause(ticket, at)
    change_state(ticket, Verb.SUPPLY, by=by, at=at, note=note)


def finish(ticket: Ticket, note: str = "", excuse: str = "", *, by: Person, at: Moment) -> None:
    """Report the work as done; somebody else verifies it. `excuse`: why photos are missing that the site asks for."""
    at = in_order(ticket, at)
    _need_owner(ticket, by)
    end_pause(ticket, at)
    ticket.finished_at = at.at
    change_state(ticket, Verb.FINISH, by=by, at=at, note="\n".join(filter(None, [note, excuse])))
    shots.need(ticket, excuse, at)


def verify(ticket: Ticket, note: str = "", *, by: Person, at: Moment) -> None:
    """Accept finished work. Never one's own, by no path."""
    at = in_order(ticket, at)
    _need_reviewer(ticket, by)
    ticket.closed_at = at.at
    change_state(ticket, Verb.VERIFY, by=by, at=at, note=note)


def send_back(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """Send finished work back to its owner, with the reason."""
    at = in_order(ticket, at)
    _need_reviewer(ticket, by)
    _need_words(note, N_("Please say what is still missing."))
    ticket.sent_back_count += 1
    ticket.finished_at = None
    change_state(ticket, Verb.SEND_BACK, by=by, at=at, note=note)


def cancel(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """Close a ticket without work: by a supervisor, or by its reporter while nobody has accepted it."""
    at = in_order(ticket, at)
    if not (by.can(Right.CANCEL, ticket.site_id) or (ticket.reporter_id == by.id and ticket.state is State.OPEN)):
        raise Forbidden("may-not-cancel", N_("Only a supervisor can cancel this job."))
    _need_words(note, N_("Please say why the job is cancelled."))
    end_pause(ticket, at)
    ticket.closed_at = at.at
    change_state(ticket, Verb.CANCEL, by=by, at=at, note=note)


def add_note(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """Add words to a ticket in whatever state it is; facts always append."""
    _need_words(note, N_("Please write something first."))
    record(ticket, Verb.NOTE, by=by, at=at, note=note)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a supervisor answers two people who changed a job at once: the later entry counts, or it does not."""

    verb: Verb
    """The last change of state that arrived late."""
    person: Person
    """Who recorded it."""
    at: Moment
    """When that was."""
    hold_reason: HoldReason | None = None


def settle(ticket: Ticket, late: Settlement, note: str, *, by: Person, at: Moment) -> None:
    """Put a job where a late entry says, whatever its state is now; the story keeps both sides."""
    at = in_order(ticket, at)
    _need(by, Right.VERIFY, ticket)
    if late.verb is Verb.VERIFY:
        _need_reviewer(ticket, late.person)
    end_pause(ticket, at)
    before, target = ticket.state, TRANSITIONS[late.verb][1]
    ticket.state, ticket.changed_at = target or before, at.at
    _set_hands(ticket, late)
    _set_times(ticket, late, at)
    record(ticket, Verb.SETTLE, by=by, at=at, note=note, before=before, hold_reason=late.hold_reason)


def decline_late(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """Leave a job as it stands although something else arrived late; the story says so."""
    _need(by, Right.VERIFY, ticket)
    record(ticket, Verb.SETTLE, by=by, at=at, note=note)


def _set_hands(ticket: Ticket, late: Settlement) -> None:
    if ticket.state is State.OPEN:
        ticket.owner_id = None
    elif late.verb in (Verb.ACCEPT, Verb.HOLD, Verb.RESUME, Verb.FINISH):
        ticket.owner_id = late.person.id
    if late.verb is Verb.SEND_BACK:
        ticket.sent_back_count += 1


def _set_times(ticket: Ticket, late: Settlement, at: Moment) -> None:
    state = ticket.state
    if state in UNDER_WORK:
        ticket.accepted_at = ticket.accepted_at or late.at.at
    ticket.hold_reason, ticket.hold_since = (late.hold_reason, at.at) if state is State.ON_HOLD else (None, None)
    if state is State.FINISHED:
        ticket.finished_at = late.at.at
    elif state is not State.VERIFIED:
        ticket.finished_at = None
    ticket.closed_at = None if ticket.live else at.at


def _new_ticket(report: Report, by: Person | None, at: Moment) -> Ticket:
    reported = report.priority or Priority(report.job_kind.priority)
    target = target_for(report.place, report.job_kind, report.kind, reported)
    ticket = Ticket(
        id=report.ticket_id,
        site_id=report.place.site_id,
        number=_next_number(report, at),
        kind=report.kind,
        job_kind_id=report.job_kind.id,
        place_id=report.place.id,
        asset_id=report.asset.id if report.asset else None,
        description=report.description,
        priority=target.urgency(reported),
        state=State.OPEN,
        reporter_id=by.id if by and not report.for_caller else None,
        reporter_name=report.reporter_name,
        reporter_phone=report.reporter_phone,
        follow_hash=report.follow_hash,
        opened_at=at.at,
        changed_at=at.at,
        paused_seconds=0,
        sent_back_count=0,
        event_count=0,
        on_the_spot=report.on_the_spot,
        help_wanted=False,
    )
    begin(ticket, target, report.place.site)
    return ticket


def _next_number(report: Report, at: Moment) -> str:
    """`WX-20261122-0042`: per site and day of the site's own calendar, given in the order of receipt."""
    site = report.place.site
    day = at.received_at.astimezone(site.zone).date()
    last = session.execute(_one_more(), {"site_id": site.id, "day": day}).scalar_one()
    return f"{NUMBER_PREFIX[report.kind]}-{day:%Y%m%d}-{last:04d}"


@upsert
def _one_more(insert: Insert) -> Any:
    row = insert(TicketNumber).values(site_id=bindparam("site_id"), day=bindparam("day"), last=1)
    row = row.on_conflict_do_update(index_elements=["site_id", "day"], set_={"last": TicketNumber.last + 1})
    return row.returning(TicketNumber.last)


def _need(by: Person, right: Right, ticket: Ticket) -> None:
    if not by.can(right, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))


def _need_owner(ticket: Ticket, by: Person) -> None:
    _need(by, Right.WORK, ticket)
    if ticket.owner_id != by.id:
        raise Refused("not-owner", N_("This job is in other hands now. What you entered is kept."))


def _need_reviewer(ticket: Ticket, by: Person) -> None:
    _need(by, Right.VERIFY, ticket)
    if queries.had_a_hand_in(ticket, by):
        raise Forbidden("own-work", N_("You worked on this job yourself, so somebody else must verify it."))


def _need_words(note: str, message: str) -> None:
    if not note.strip():
        raise Refused("words-missing", message)
