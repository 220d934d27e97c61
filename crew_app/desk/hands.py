"""Verbs about whose hands a job is in: assigned by hand, declined, handed over, taken over, helped with."""

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import CrewError, Forbidden, Refused
from crew_app.core.words import N_
from crew_app.desk import crew
from crew_app.desk.dispatch_rules import Reason
from crew_app.desk.giving import Gift, give, tell_about
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers.credential_queries import lacking
from crew_app.roster import queries as roster
from crew_app.tickets.events import in_order, record
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import STATE_LABELS, UNDER_WORK, State, Verb

WAITING = UNDER_WORK | {State.OPEN}


def assign(ticket: Ticket, to: Person, note: str = "", *, all_the_same: bool = False, by: Person, at: Moment) -> None:
    """Dispatch by hand; a job that somebody works on stays with them until the other accepts it."""
    at = in_order(ticket, at)
    _need(by, Right.DISPATCH, ticket)
    _need_state(ticket, WAITING)
    gift = _gift(ticket, to, note, all_the_same=all_the_same, at=at)
    event = give(ticket, gift, Verb.ASSIGN, by=by, at=at)
    tell_about(ticket, event, [ticket.owner], N_("Goes to somebody else: %(job)s, %(place)s"))


def hand_over(
    ticket: Ticket, to: Person, note: str = "", *, all_the_same: bool = False, by: Person, at: Moment
) -> None:
    """Offer a job to a colleague; it changes hands when they take it."""
    at = in_order(ticket, at)
    _need_owner(ticket, by)
    give(ticket, _gift(ticket, to, note, all_the_same=all_the_same, at=at), Verb.HAND_OVER, by=by, at=at)


def take_over(ticket: Ticket, *, by: Person, at: Moment) -> None:
    """Take a job that is being handed over: now it is one's own."""
    at = in_order(ticket, at)
    _need(by, Right.WORK, ticket)
    _need_state(ticket, UNDER_WORK)
    _need_asked(ticket, by)
    before = ticket.owner
    event = record(ticket, Verb.ACCEPT, by=by, at=at)
    ticket.owner_id = by.id
    ticket.ask(None)
    session.flush()
    tell_about(ticket, event, [before], N_("A colleague has taken over: %(job)s, %(place)s"))


def decline(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """Say no, with the reason: an open job goes to somebody else, one that is handed over stays where it is."""
    at = in_order(ticket, at)
    _need(by, Right.WORK, ticket)
    _need_asked(ticket, by)
    if not note.strip():
        raise Refused("words-missing", N_("Please say why you can't take it."))
    ticket.ask(None)
    event = record(ticket, Verb.DECLINE, by=by, at=at, note=note)
    tell_about(ticket, event, [ticket.owner], N_("Not taken over, it stays with you: %(job)s, %(place)s"))


def ask_for_help(ticket: Ticket, note: str, *, by: Person, at: Moment) -> None:
    """Ask for a second pair of hands; those of the trade who are on duty hear of it."""
    at = in_order(ticket, at)
    _need_owner(ticket, by)
    ticket.help_wanted = True
    event = record(ticket, Verb.ASK_HELP, by=by, at=at, note=note)
    there = roster.on_duty(ticket.site_id, at.at, Right.WORK, ticket.job_kind.trade)
    crew_here = [one for one in there if ticket.job_kind.trade in one.trade_set]
    tell_about(ticket, event, crew_here, N_("A second pair of hands is wanted: %(job)s, %(place)s"))


def help_with(ticket: Ticket, *, by: Person, at: Moment) -> None:
    """Lend a hand: the job stays with its owner, and whoever helped cannot verify it."""
    at = in_order(ticket, at)
    _need(by, Right.WORK, ticket)
    _need_state(ticket, UNDER_WORK)
    if ticket.owner_id == by.id:
        raise Refused("own-job", N_("This is your own job."))
    if by.id in {one.id for one in helpers(ticket)}:
        raise Refused("already-helping", N_("You are already helping here."))
    ticket.help_wanted = False
    event = record(ticket, Verb.HELP, by=by, at=at)
    tell_about(ticket, event, [ticket.owner], N_("Help is coming: %(job)s, %(place)s"))


def helpers(ticket: Ticket) -> list[Person]:
    """Who lent a hand, in the order in which they came."""
    session.expire(ticket, ["events"])
    return list({event.person.id: event.person for event in ticket.events if _helped(event) and event.person}.values())


def _helped(event: TicketEvent) -> bool:
    return event.verb is Verb.HELP


def _gift(ticket: Ticket, to: Person, note: str, *, all_the_same: bool, at: Moment) -> Gift:
    if not to.active or not to.can(Right.WORK, ticket.site_id):
        raise Refused("not-a-worker", N_("%(name)s does no jobs at this site."), name=to.name)
    if to.id == ticket.owner_id and ticket.state in UNDER_WORK:
        raise Refused("already-theirs", N_("%(name)s has this job already."), name=to.name)
    lacks = lacking(to, ticket.job_kind.trade, ticket.site_id, at.at)
    if lacks and not (all_the_same and note.strip()):
        raise missing_licence(to, [kind.name for kind in lacks])
    return Gift(to, _reasons(ticket, to, at), note=note, licence_note=note if lacks else "")


def missing_licence(to: Person, names: list[str]) -> CrewError:
    """The refusal that asks to be sure, and why."""
    return Refused(
        "licence-missing",
        N_("%(name)s has no valid licence: %(licences)s. To do it all the same, tick the box and say why."),
        name=to.name,
        licences=", ".join(names),
    )


def _reasons(ticket: Ticket, to: Person, at: Moment) -> tuple[Reason, ...]:
    scores = crew.ranking(ticket, at.at).scores
    return next((one.reasons for one in scores if one.candidate.person_id == to.id), ())


def _need(by: Person, right: Right, ticket: Ticket) -> None:
    if not by.can(right, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))


def _need_owner(ticket: Ticket, by: Person) -> None:
    _need(by, Right.WORK, ticket)
    _need_state(ticket, UNDER_WORK)
    if ticket.owner_id != by.id:
        raise Refused("not-owner", N_("This job is in other hands now. What you entered is kept."))


def _need_asked(ticket: Ticket, by: Person) -> None:
    if ticket.assignee_id != by.id or ticket.state not in WAITING:
        raise Refused("not-asked", N_("This job does not wait for your answer any more."))


def _need_state(ticket: Ticket, states: frozenset[State]) -> None:
    if ticket.state not in states:
        raise Refused(
            "wrong-state",
            N_("This job is “%(state)s” now, so that can't be done any more. What you entered is kept."),
            state=STATE_LABELS[ticket.state],
        )
