"""What those say who had the fault: me too, words, accepted, not fixed, a rating; and what the crew tells them.

The reporter's word and the supervisor's verification are independent: neither takes the place of the other.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, TooMany
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.notifications import actions as notices
from crew_app.notifications.actions import Message
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.roster.queries import with_right
from crew_app.tickets import followers, photos, queries
from crew_app.tickets.deadlines import grant_again
from crew_app.tickets.events import change_state, in_order, record
from crew_app.tickets.follower_models import TicketFollower, TicketRating, TicketVoice
from crew_app.tickets.followers import Voice
from crew_app.tickets.models import PhotoRole, Ticket, TicketEvent
from crew_app.tickets.rules import State, Verb

SAID_PER_HOUR = 20
DONE = frozenset({State.FINISHED, State.VERIFIED})


def join(ticket: Ticket, *, by: Person | None, secret_hash: str | None = None, at: Moment) -> TicketFollower | None:
    """Follow a job that somebody else has reported; nothing when the person follows it already."""
    if not ticket.live:
        raise Refused("not-open", N_("This job is closed. Please report it anew."))
    if by and followers.voice_of(by, ticket):
        return None
    follower = TicketFollower(
        site_id=ticket.site_id,
        ticket_id=ticket.id,
        person_id=by.id if by else None,
        secret_hash=None if by else secret_hash,
        joined_at=at.received_at,
    )
    session.add(follower)
    session.flush()
    _sign(record(ticket, Verb.JOIN, by=by, at=at), follower)
    return follower


def comment(voice: Voice, words: str, *, at: Moment) -> None:
    """Add words of somebody who had the fault."""
    if not words.strip():
        raise Refused("words-missing", N_("Please write something first."))
    event = _say(voice, Verb.COMMENT, words, at=at)
    _tell_crew(voice, event, N_("%(number)s: the reporter wrote something"))


def confirm(voice: Voice, *, at: Moment) -> None:
    """Accept the work, once."""
    refuse_unfinished(voice, at)
    _refuse_own_work(voice)
    if not followers.confirmed(voice):
        _say(voice, Verb.CONFIRM, "", at=at)


def not_fixed(voice: Voice, words: str, shots: Sequence[Announcement] = (), *, at: Moment) -> None:
    """Say that it is not fixed: the job goes back to its owner, or to dispatch when that is not possible any more."""
    refuse_unfinished(voice, at)
    if not words.strip() and not shots:
        raise Refused("words-missing", N_("Please say what is still wrong, or send a photo."))
    ticket, at = voice.ticket, in_order(voice.ticket, at)
    _refuse_many(voice, at)
    if ticket.state is State.VERIFIED:
        grant_again(ticket, at.at)
    ticket.sent_back_count += 1
    ticket.finished_at = ticket.closed_at = None
    event = _sign(change_state(ticket, Verb.NOT_FIXED, by=voice.person, at=at, note=words), voice.follower)
    photos.attach(ticket, PhotoRole.REPORT, shots, by=voice.person, at=at)
    if not (ticket.owner and ticket.owner.active and ticket.owner.can(Right.WORK, ticket.site_id)):
        change_state(ticket, Verb.RELEASE, by=None, at=at)
        ticket.owner_id = None
        session.flush()
    _tell_crew(voice, event, N_("%(number)s: not fixed, says the reporter"))


def rate(voice: Voice, quality: int, service: int, words: str, *, at: Moment) -> None:
    """Rate quality and service from 1 to 5; until a week after the end it can be changed, the last one counts."""
    refuse_unfinished(voice, at)
    _refuse_own_work(voice)
    ticket, last = voice.ticket, followers.rating_of(voice)
    session.add(
        TicketRating(
            site_id=ticket.site_id,
            ticket_id=ticket.id,
            voice=voice.id,
            number=last.number + 1 if last else 1,
            quality=quality,
            service=service,
            words=words,
            made_at=at.at,
        )
    )
    _say(voice, Verb.RATE, "\n".join(filter(None, [f"{quality} / 5 · {service} / 5", words])), at=at)


def tell(ticket: Ticket, words: str, *, by: Person, at: Moment) -> None:
    """Words of the crew for those who had the fault."""
    if not words.strip():
        raise Refused("words-missing", N_("Please write something first."))
    if not by.can(Right.SEE_SITE, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    event = record(ticket, Verb.TELL, by=by, at=at, note=words)
    _notify(followers.people(ticket), event, Topic.REPORT, N_("%(number)s: news about your report"), by)


def _say(voice: Voice, verb: Verb, words: str, *, at: Moment) -> TicketEvent:
    _refuse_many(voice, at)
    return _sign(record(voice.ticket, verb, by=voice.person, at=at, note=words), voice.follower)


def _sign(event: TicketEvent, follower: TicketFollower | None) -> TicketEvent:
    """Keep which follower an event came from."""
    if follower:
        session.add(TicketVoice(event_id=event.id, site_id=event.site_id, follower_id=follower.id))
        session.flush()
    return event


def refuse_unfinished(voice: Voice, at: Moment) -> None:
    """`Refused` when there is no work yet to judge, or too long ago."""
    ticket = voice.ticket
    if ticket.state not in DONE:
        raise Refused("not-finished", N_("The work is not finished yet."))
    if not followers.heard(ticket, at.at):
        raise Refused("too-late", N_("This job was closed more than a week ago. Please report it anew."))


def _refuse_own_work(voice: Voice) -> None:
    if voice.person and queries.had_a_hand_in(voice.ticket, voice.person):
        raise Forbidden("own-work", N_("You worked on this job yourself, so somebody else must judge it."))


def _refuse_many(voice: Voice, at: Moment) -> None:
    if followers.said(voice.ticket, since=at.received_at - timedelta(hours=1)) >= SAID_PER_HOUR:
        raise TooMany("too-many-words", N_("Much was said about this job just now. Please call the service desk."))


def _tell_crew(voice: Voice, event: TicketEvent, title: str) -> None:
    """The owner, or while there is none those who answer for the work."""
    ticket = voice.ticket
    to = [ticket.owner] if ticket.owner_id and ticket.owner else with_right(ticket.site_id, Right.VERIFY)
    _notify(to, event, Topic.JOB, title, voice.person)


def _notify(to: Iterable[Person], event: TicketEvent, topic: Topic, title: str, by: Person | None) -> None:
    ticket = session.get_one(Ticket, event.ticket_id)
    message = Message(ticket.site_id, topic, title, {"number": ticket.number}, f"/tickets/{ticket.id}")
    others = [person for person in to if by is None or person.id != by.id]
    notices.tell(others, message, key=f"ticket:{ticket.id}:{event.position}", at=event.at)
