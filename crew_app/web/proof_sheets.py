"""What the evidence sheet of a job says: facts, story by both clocks, pictures with their proofs, who signs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from crew_app.core.chain import Link, head
from crew_app.core.chain_links import links_of
from crew_app.core.codes import grouped
from crew_app.core.db import session
from crew_app.evidence.models import Photo
from crew_app.evidence.papers import Group, Paper, Shot, Signature, Table
from crew_app.people.models import NAMED, Person, Site
from crew_app.storeroom.models import Signature as Drawn
from crew_app.storeroom.models import Slip
from crew_app.tickets import materials
from crew_app.tickets.models import PHOTO_LABELS, PhotoRole, Ticket, TicketEvent, TicketPhoto
from crew_app.tickets.rules import Verb
from crew_app.web.desk_words import changed_words, step_words
from crew_app.web.filters import digits, label, qty
from crew_app.web.languages import in_chinese, named
from crew_app.web.qr import public_address
from crew_app.web.stamps import SOURCE_LABELS, claim, in_zone

FAR = timedelta(minutes=2)
NONE = "–"


def job_paper(ticket: Ticket, *, by: Person, at: datetime) -> Paper:
    """The sheet of a job that was loaded whole; in a fixed number of queries."""
    site, photos = ticket.site, [taken.photo for taken in ticket.photos]
    links = links_of(photos) | links_of(ticket.events)
    people = _people(photos)
    made = {taken.photo_id: _shot(taken, site, people, links) for taken in ticket.photos}
    return Paper(
        title=gettext("Evidence sheet %(number)s", number=ticket.number),
        site=named(site),
        facts=tuple(_facts(ticket)),
        tables=tuple(_tables(ticket, links)),
        groups=tuple(_groups(ticket, made)),
        signatures=tuple(_signatures(ticket)),
        foot=tuple(foot(site, by=by, at=at)),
        chinese=in_chinese(),
        empty=gettext("No photo"),
    )


def foot(site: Site, *, by: Person, at: datetime) -> list[str]:
    """How a reader checks the sheet, how far the chain had come, and who made it when."""
    last, address = head(str(site.id)), public_address("/v")
    said = [gettext("Each picture can be checked with its code at %(address)s", address=address)]
    if last:
        said.append(
            gettext("The chain when this was made: number %(number)s, %(hash)s", number=last.position, hash=last.hash)
        )
    said.append(gettext("Made %(time)s by %(name)s", time=in_zone(at, site), name=named(by)))
    return said


def _facts(ticket: Ticket) -> list[tuple[str, str]]:
    site, reporter = ticket.site, named(ticket.reporter) or ticket.reporter_name or gettext("Somebody on site")
    asset = f"{named(ticket.asset)} {ticket.asset.code}" if ticket.asset else ""
    said = [
        (gettext("Kind of job"), f"{label(ticket.kind)} · {named(ticket.job_kind)} · {label(ticket.priority)}"),
        (gettext("Where"), named(ticket.place, "path")),
        (gettext("Asset"), asset),
        (gettext("Reported"), f"{in_zone(ticket.opened_at, site)} · {reporter}"),
        (gettext("In their words"), ticket.description),
        (gettext("With"), named(ticket.owner)),
        (gettext("Accepted"), _time(ticket.accepted_at, site)),
        (gettext("Finished"), _time(ticket.finished_at, site)),
        (gettext("Closed"), _time(ticket.closed_at, site)),
        (gettext("State"), label(ticket.state)),
    ]
    return [(term, value) for term, value in said if value]


def _time(at: datetime | None, site: Site) -> str:
    return in_zone(at, site) if at else ""


def _tables(ticket: Ticket, links: dict[UUID, Link]) -> list[Table]:
    heads = (gettext("Event"), gettext("Who"), gettext("Happened"), gettext("At the server"))
    story = Table(
        gettext("What happened"),
        (*heads, gettext("The phone said"), gettext("Chain")),
        (28, 14, 17, 17, 15, 9),
        tuple(_event(event, ticket.site, links) for event in ticket.events),
    )
    used = _materials(ticket)
    columns = (gettext("Material"), gettext("Specification"), gettext("Quantity"), gettext("Who"), gettext("When"))
    return [story, Table(gettext("Materials"), columns, (28, 26, 14, 14, 18), used)] if used else [story]


def _event(event: TicketEvent, site: Site, links: dict[UUID, Link]) -> tuple[str, ...]:
    what = " · ".join(part for part in (label(event.verb), _hold(event), _note(event)) if part)
    far = event.device_at and abs(event.received_at - event.device_at) > FAR
    phone = in_zone(event.device_at, site) if event.device_at and (far or event.clock_suspect) else NONE
    if event.clock_suspect:
        phone = gettext("%(time)s, clock doubtful", time=phone)
    itself = event.verb in (Verb.ASSIGN, Verb.ESCALATE)
    who = named(event.person) or (gettext("By itself") if itself else gettext("Somebody on site"))
    link = links.get(event.id)
    times = (in_zone(event.at, site), in_zone(event.received_at, site))
    return (what, who, *times, phone, str(link.position) if link else NONE)


def _hold(event: TicketEvent) -> str:
    return label(event.hold_reason) if event.hold_reason else ""


def _note(event: TicketEvent) -> str:
    if event.verb is Verb.PHOTO and event.note in set(PhotoRole):
        return gettext(PHOTO_LABELS[PhotoRole(event.note)])
    if event.verb in (Verb.ESCALATE, Verb.CHANGE):
        return " · ".join(part for part in _coded(event) if part)
    return event.note.rpartition(" · ")[2] if event.verb is Verb.CALL_BACK else event.note


def _coded(event: TicketEvent) -> tuple[str, str]:
    return step_words(event.note) if event.verb is Verb.ESCALATE else changed_words(event.note)


def _materials(ticket: Ticket) -> tuple[tuple[str, ...], ...]:
    rows = []
    for move in materials.moves_of(ticket):
        sign = "" if move.to_account.ticket_id == ticket.id else "−"
        amount = f"{sign}{qty(move.quantity)} {move.item.unit}"
        at = in_zone(move.posting.at, ticket.site)
        rows.append((named(move.item), move.item.spec, amount, named(move.posting.person), at))
    return tuple(rows)


def _groups(ticket: Ticket, made: dict[UUID, Shot]) -> list[Group]:
    """Before and after side by side, everything else in order."""
    alone = {
        role: Group(gettext(PHOTO_LABELS[role]), _of(ticket, made, role))
        for role in (PhotoRole.REPORT, PhotoRole.SCENE, PhotoRole.RETURN)
    }
    pairs = zip_longest(_of(ticket, made, PhotoRole.BEFORE), _of(ticket, made, PhotoRole.AFTER))
    both = Group(gettext("Before and after"), tuple(shot for pair in pairs for shot in pair))
    found = (alone[PhotoRole.REPORT], alone[PhotoRole.SCENE], both, alone[PhotoRole.RETURN])
    return [group for group in found if group.shots]


def _of(ticket: Ticket, made: dict[UUID, Shot], role: PhotoRole) -> tuple[Shot, ...]:
    return tuple(made[taken.photo_id] for taken in ticket.photos_of(role))


def _shot(taken: TicketPhoto, site: Site, people: dict[UUID, Person], links: dict[UUID, Link]) -> Shot:
    return shot_of(taken.photo, gettext(PHOTO_LABELS[taken.role]), site, people, links)


def shot_of(photo: Photo, heading: str, site: Site, people: dict[UUID, Person], links: dict[UUID, Link]) -> Shot:
    """A picture with who, when by both clocks, and its place in the chain."""
    taker = named(people.get(photo.person_id)) if photo.person_id else gettext("Somebody on site")
    said = [f"{taker} · {gettext(SOURCE_LABELS[photo.source])}"]
    said.append(gettext("Server time %(time)s", time=in_zone(photo.received_at, site)))
    if claimed := claim(photo, site):
        said.append(gettext("The phone says %(time)s (not checked)", time=claimed))
    if photo.challenged_at:
        said.append(gettext("Not made before %(time)s", time=in_zone(photo.challenged_at, site)))
    link = links.get(photo.id)
    said.append(gettext("Number %(number)s in the chain", number=link.position) if link else gettext("Not sealed yet"))
    return Shot(
        photo.id,
        heading,
        tuple(said),
        grouped(photo.code),
        public_address(f"/v/{photo.code}"),
        digits(photo.sha256),
        missing_words(photo, site),
    )


def missing_words(photo: Photo, site: Site) -> str:
    """Why there is no picture; nothing when there is one."""
    if photo.removed_at:
        return gettext("Removed on %(day)s; its fingerprint stays", day=in_zone(photo.removed_at, site)[:10])
    return "" if photo.stored_at else gettext("Still on the phone that took it")


def _signatures(ticket: Ticket) -> list[Signature]:
    """Who carried it out and who passed it, with lines for the ward and the date; and what was signed on screens."""
    passed = next((event for event in reversed(ticket.events) if event.verb is Verb.VERIFY), None)
    lines = [
        Signature(gettext("Carried out by"), named(ticket.owner)),
        Signature(gettext("Passed by"), named(passed.person) if passed else ""),
        Signature(gettext("For the department")),
        Signature(gettext("Date")),
    ]
    query = select(Drawn).join(Slip).where(Slip.ticket_id == ticket.id).order_by(Drawn.id)
    drawn = [
        Signature(f"{label(one.signer)} · {in_zone(one.at, ticket.site)}", one.name, one.path)
        for one in session.scalars(query)
    ]
    return lines + drawn


def _people(photos: Sequence[Photo]) -> dict[UUID, Person]:
    ids = {photo.person_id for photo in photos if photo.person_id}
    query = select(Person).where(Person.id.in_(ids)).options(*NAMED)
    return {person.id: person for person in session.scalars(query)} if ids else {}


def as_file(paper: Paper) -> str:
    """A name for the sheet as a file, without the signs that some system forbids."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in paper.title)
