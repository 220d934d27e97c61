"""Jobs (工单): list, one, story, photos; opened, accepted, noted, cancelled by other systems."""

from uuid import UUID

from flask import Response

from crew_app.api import answers
from crew_app.api.common import ASSET_REF, PERSON, PLACE_REF, SHORT, href, maybe, maybe_time, time, where
from crew_app.api.declared import Asked, Page, changes, lists, pictures, shows, sliced
from crew_app.api.kinds import Choice, Field, Flag, Id, Many, Shape, Text, Time, Whole
from crew_app.api.places import JOB_KIND_REF
from crew_app.connections import lists as rows
from crew_app.connections.lists import TicketFilter
from crew_app.connections.scopes import Scope
from crew_app.connections.telling import API
from crew_app.core.errors import Unseen
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.evidence.showing import Showing
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place
from crew_app.tickets import actions, hearing, queries
from crew_app.tickets.models import PhotoRole, Ticket, TicketPhoto
from crew_app.tickets.rules import HoldReason, Kind, Priority, State, Verb
from crew_app.web import showing
from crew_app.web.answers import Done
from crew_app.web.commands import this_moment
from crew_app.web.tokens import TokenRule

PHOTO = Shape(
    "TicketPhoto",
    (
        Field("id", Id(), get=lambda taken: taken.photo_id),
        Field("role", Choice(PhotoRole)),
        Field("at", Time(), "When it was taken", lambda taken: taken.photo.at),
        Field("sha256", Text(64), "Fingerprint of the original", lambda taken: taken.photo.sha256),
        Field("here", Flag(), "Whether its bytes have arrived, and were not removed", lambda taken: taken.photo.stored),
        href("photos", lambda taken: taken.photo_id),
    ),
)
TICKET = Shape(
    "Ticket",
    (
        Field("id", Id()),
        Field("number", SHORT, "As people say it: WX-20261130-0042"),
        Field("kind", Choice(Kind)),
        Field("job_kind", JOB_KIND_REF),
        Field("state", Choice(State)),
        Field("priority", Whole(1, 4), "1 emergency, 2 urgent, 3 normal, 4 low"),
        Field("description", Text()),
        Field("place", PLACE_REF),
        maybe("asset", ASSET_REF),
        maybe("owner", PERSON, "Who has it in hand"),
        maybe("hold_reason", Choice(HoldReason), "Why its clock stands still"),
        time("opened_at"),
        time("changed_at"),
        time("response_due_at", "Somebody must have accepted it by then"),
        time("resolution_due_at", "It must be done by then"),
        maybe_time("accepted_at"),
        maybe_time("finished_at"),
        maybe_time("closed_at", "When it was verified or cancelled"),
        Field("sent_back", Whole(), "How often a supervisor sent it back", lambda ticket: ticket.sent_back_count),
        href("tickets"),
    ),
    "A job. Names and phone numbers of reporters are never told.",
)
WHOLE_TICKET = Shape("WholeTicket", (*TICKET.fields, Field("photos", Many(PHOTO))))
EVENT = Shape(
    "TicketEvent",
    (
        Field("id", Id()),
        Field("position", Whole(), "0 is the first"),
        Field("verb", Choice(Verb)),
        maybe("from_state", Choice(State)),
        Field("to_state", Choice(State)),
        maybe("person", PERSON),
        time("at", "When it happened"),
        time("received_at", "When the server heard of it"),
        Field("note", Text()),
    ),
)
OPENING = Shape(
    "OpenTicket",
    (
        Field("place", Text(40, 1), "Code of the place", needed=False),
        Field("asset", Text(40, 1), "Code of the asset; its place is known then", needed=False),
        Field("job_kind", Text(30, 1), "Code of the job kind"),
        Field("description", Text(), needed=False),
        Field("priority", Choice(Priority), "That of the job kind unless said", needed=False),
        Field("reporter_name", Text(60), "Who has the fault, if that is not the token's person", needed=False),
        Field("reporter_phone", Text(30, pattern=r"^\+?[0-9][0-9 ()#*,-]{2,28}$"), "To call back", needed=False),
    ),
    any_of=("place", "asset"),
)
NOTE = Shape(
    "AddNote",
    (
        Field("text", Text(2000, 1)),
        Field("tell", Flag(), "Whoever reported the job may read it, too", needed=False),
    ),
)
REASON = Shape("Reason", (Field("reason", Text(2000, 1)),))
NOTHING = Shape("Nothing", (), "An empty object")
READ, WRITE = TokenRule(Scope.TICKETS_READ, None), Scope.TICKETS_WRITE


@lists(
    "/tickets",
    TICKET,
    READ,
    about="Jobs from the newest on",
    query=(
        Field("state", Choice(State), needed=False),
        Field("live", Flag(), "Only those somebody still has to do something about, or only the others", needed=False),
        Field("place_id", Id(), needed=False),
        Field("asset_id", Id(), needed=False),
        Field("number", Text(20, 1), needed=False),
        Field("opened_from", Time(), "Only those opened then or later", needed=False),
    ),
)
def list_tickets(asked: Asked) -> Page:
    """Jobs of the site that the token's person may see."""
    names = ("state", "live", "place_id", "asset_id", "number", "opened_from")
    chosen = TicketFilter(**{name: asked.query.get(name) for name in names})
    return sliced(rows.tickets(asked.me, where(asked), chosen), asked.limit)


@shows("/tickets/<uuid:ticket_id>", WHOLE_TICKET, READ, about="One job, with its photos")
def show_ticket(asked: Asked, ticket_id: UUID) -> Ticket:
    """A job."""
    return rows.ticket(asked.me, asked.site_id, ticket_id)


@lists("/tickets/<uuid:ticket_id>/events", EVENT, READ, about="The story of a job")
def list_ticket_events(asked: Asked, ticket_id: UUID) -> Page:
    """Who did what, from its beginning on."""
    ticket = rows.ticket(asked.me, asked.site_id, ticket_id)
    return sliced(rows.events_of(ticket, where(asked)), asked.limit)


@pictures("/photos/<uuid:photo_id>", READ, about="A photo of a job as it is shown: stamped, without metadata")
def show_photo(asked: Asked, photo_id: UUID) -> Response:
    """A photo."""
    return showing.answer(_photo(asked, photo_id), Showing.LARGE)


@changes("/tickets", OPENING, TokenRule(WRITE, Right.REPORT), status=201, about="Open a job")
def open_ticket(asked: Asked) -> Done:
    """Report a fault."""
    said = asked.body
    place, asset = _subject(asked)
    kind = queries.job_kind(said["job_kind"])
    if kind is None or not kind.offered:
        raise Unseen("unknown-job-kind", N_("There is no such job kind."))
    report = actions.Report(
        new_id(),
        place,
        kind,
        asset,
        said["description"] or "",
        said["priority"],
        reporter_name=said["reporter_name"] or "",
        reporter_phone=said["reporter_phone"] or "",
        for_caller=bool(said["reporter_name"] or said["reporter_phone"]),
    )
    return _done(actions.open_ticket(report, by=asked.me, at=this_moment()), 201)


@changes(
    "/tickets/<uuid:ticket_id>/acceptance",
    NOTHING,
    TokenRule(WRITE, Right.WORK),
    about="Accept a job in the name of the token's person",
    matches=True,
)
def accept_ticket(asked: Asked, ticket_id: UUID) -> Done:
    """Take a job."""
    ticket = _locked(asked, ticket_id)
    actions.accept(ticket, by=asked.me, at=this_moment())
    return _done(ticket)


@changes("/tickets/<uuid:ticket_id>/notes", NOTE, TokenRule(WRITE, None), about="Add words to a job", matches=True)
def note_ticket(asked: Asked, ticket_id: UUID) -> Done:
    """Add words, for the crew alone or for whoever reported it, too."""
    ticket = _locked(asked, ticket_id)
    if asked.body["tell"]:
        hearing.tell(ticket, asked.body["text"], by=asked.me, at=this_moment())
    else:
        actions.add_note(ticket, asked.body["text"], by=asked.me, at=this_moment())
    return _done(ticket)


@changes(
    "/tickets/<uuid:ticket_id>/cancellation",
    REASON,
    TokenRule(WRITE, None),
    about="Close a job without work: one's own report while nobody has accepted it, any with the right to",
    matches=True,
)
def cancel_ticket(asked: Asked, ticket_id: UUID) -> Done:
    """Cancel a job."""
    ticket = _locked(asked, ticket_id)
    actions.cancel(ticket, asked.body["reason"], by=asked.me, at=this_moment())
    return _done(ticket)


def _locked(asked: Asked, ticket_id: UUID) -> Ticket:
    """A job to be changed, as the asker has read it."""
    ticket = rows.ticket(asked.me, asked.site_id, ticket_id, lock=True)
    answers.need_match(WHOLE_TICKET.write(ticket))
    return ticket


def _subject(asked: Asked) -> tuple[Place, Asset | None]:
    if code := asked.body["asset"]:
        asset = rows.by_code(Asset, asked.site_id, code)
        return asset.place, asset
    return rows.by_code(Place, asked.site_id, asked.body["place"]), None


def _photo(asked: Asked, photo_id: UUID) -> Photo:
    taken = rows.of_site(TicketPhoto, asked.site_id, photo_id)
    rows.ticket(asked.me, asked.site_id, taken.ticket_id)
    return taken.photo


def _done(ticket: Ticket, status: int = 200) -> Done:
    return Done(f"{API}/tickets/{ticket.id}", ticket.site_id, status)
