"""Answering a question: the late entries of one person about one job are taken over, or not."""

from collections.abc import Callable, Sequence
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import CrewError, Refused
from crew_app.core.words import N_
from crew_app.held.actions import decide
from crew_app.held.models import HeldEntry
from crew_app.held.rules import CLASHES, STATE_VERBS, Decision, Why
from crew_app.people.models import Person
from crew_app.tickets import actions as tickets
from crew_app.tickets.actions import Settlement
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import HoldReason, Verb

CarryOut = Callable[[HeldEntry], None]


def take_over(entries: Sequence[HeldEntry], note: str, carry_out: CarryOut, *, by: Person, at: Moment) -> None:
    """Let late entries count. What clashes with the state of the job now overrules it, in one settlement."""
    decide(_open(entries), Decision.TAKEN, note, by=by, at=at)
    clashing = [entry for entry in entries if not _carried_out(entry, carry_out)]
    ticket = _locked(entries[0].subject_id)
    if ticket is None or not clashing:
        return
    for entry in clashing:
        _append_note(ticket, entry)
    changes = [entry for entry in clashing if entry.action in STATE_VERBS]
    if changes:
        tickets.settle(ticket, _settlement(changes[-1]), note, by=by, at=at)


def reject(entries: Sequence[HeldEntry], note: str, *, by: Person, at: Moment) -> None:
    """Leave everything as it stands. The words of somebody who was merely too late still join the story."""
    if not note.strip():
        raise Refused("words-missing", N_("Please say why, so that the sender understands."))
    decide(_open(entries), Decision.REJECTED, note, by=by, at=at)
    ticket = _locked(entries[0].subject_id)
    if ticket is None:
        return
    for entry in entries:
        if entry.why is Why.CLASH:
            _append_note(ticket, entry)
    tickets.decline_late(ticket, note, by=by, at=at)


def _open(entries: Sequence[HeldEntry]) -> Sequence[HeldEntry]:
    if any(entry.decided_at for entry in entries):
        raise Refused("decided", N_("This was decided in the meantime."))
    return entries


def _carried_out(entry: HeldEntry, carry_out: CarryOut) -> bool:
    if entry.why is Why.CLASH:
        return False
    try:
        carry_out(entry)
    except CrewError as error:
        if error.code in CLASHES:
            return False
        raise _cannot_take() from error
    return True


def _cannot_take() -> Refused:
    return Refused("cannot-take", N_("This cannot be taken over any more. Please enter it by hand, or reject it."))


def _locked(ticket_id: UUID) -> Ticket | None:
    return session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)


def _append_note(ticket: Ticket, entry: HeldEntry) -> None:
    words = entry.fields.get("note", "")
    if words.strip():
        tickets.add_note(ticket, words, by=entry.person, at=entry.moment)


def _settlement(entry: HeldEntry) -> Settlement:
    reason, verb = entry.fields.get("reason"), STATE_VERBS[entry.action]
    known = HoldReason(reason) if reason in list(HoldReason) else None
    if verb is Verb.HOLD and known is None:  # nobody looked at its fields when it was put aside
        raise _cannot_take()
    return Settlement(verb, entry.person, entry.moment, known)
