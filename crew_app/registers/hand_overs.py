"""Verbs of the hand-over: whoever leaves signs what is open, the relief signs that it was taken over.

Until the relief has signed, whoever signed first is still on duty (001: nobody leaves before the relief has come).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Trade
from crew_app.registers.shift_models import (
    HandOver,
    HandOverLine,
    HandOverNote,
    HandOverSignature,
    LineSource,
    Part,
    ShiftPost,
)
from crew_app.registers.shift_rules import planned_end
from crew_app.storeroom.slips import is_drawing

MOST_LINES = 150


@dataclass(frozen=True, slots=True)
class Said:
    """One matter in the words of whoever leaves."""

    source: LineSource
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed, and the drawing; an empty one for a signature on paper."""

    person: Person
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class PostForm:
    """A post as it was filled in."""

    name: str
    name_en: str
    changes: str
    trade: Trade | None
    tells_jobs: bool
    tells_stock: bool
    tells_visitors: bool
    active: bool = True


def hand_over(
    hand_over_id: UUID,
    post: ShiftPost,
    lines: Sequence[Said],
    signed: Signed,
    *,
    by: Person,
    at: Moment,
) -> HandOver:
    """Write a hand-over, signed by whoever leaves; from then on nothing in it changes."""
    if session.get(HandOver, hand_over_id):
        raise Refused("hand-over-known", N_("This hand-over was already sent."))
    if len(lines) > MOST_LINES:
        raise Refused("too-many-lines", N_("This list is too long: %(most)s lines at most."), most=MOST_LINES)
    found = HandOver(
        id=hand_over_id,
        site_id=post.site_id,
        post_id=post.id,
        ends_at=planned_end(post.changes, at.at.astimezone(post.site.zone)),
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(found)
    session.flush()
    session.add_all(_line(found, position, said) for position, said in enumerate(lines, 1))
    _sign(found, Part.OUTGOING, signed, by=by, at=at)
    return found


def relieve(
    found: HandOver, signed: Signed, notes: Mapping[UUID, str] | None = None, *, by: Person, at: Moment
) -> None:
    """Take over. Several may sign; whoever signed first on the phone's clock is the relief.

    `Refused`: "same-person" (one cannot relieve oneself), "signed" (has signed before).
    """
    if signed.person.id == found.person_id:
        raise Refused("same-person", N_("Nobody relieves themselves: somebody else must sign."))
    if any(one.person_id == signed.person.id for one in found.signatures):
        raise Refused("signed", N_("%(name)s has signed already."), name=signed.person.name)
    _sign(found, Part.RELIEF, signed, by=by, at=at)
    own = {line.id for line in found.lines}
    for line_id, text in (notes or {}).items():
        if line_id in own:
            session.add(_note(found, line_id, text, signed.person, at))
    if found.relieved_at is None or at.at < found.relieved_at:
        found.relieved_at, found.relieved_by_id = at.at, signed.person.id
    session.flush()


def add_post(post_id: UUID, site: Site, form: PostForm, *, at: Moment) -> ShiftPost:
    """Add a post that is relieved."""
    if session.get(ShiftPost, post_id):
        raise Refused("post-known", N_("This post was already sent."))
    post = ShiftPost(id=post_id, site_id=site.id, created_at=at.received_at)
    change_post(post, form)
    session.add(post)
    session.flush()
    return post


def change_post(post: ShiftPost, form: PostForm) -> None:
    """Change a post, or put it out of use; what was handed over there stays as it was."""
    if not form.name:
        raise Refused("name-missing", N_("Please write a name."))
    post.name, post.name_en, post.changes, post.trade = form.name, form.name_en, form.changes, form.trade
    post.tells_jobs, post.tells_stock, post.tells_visitors = form.tells_jobs, form.tells_stock, form.tells_visitors
    post.active = form.active
    session.flush()


def _line(found: HandOver, position: int, said: Said) -> HandOverLine:
    return HandOverLine(
        id=new_id(),
        site_id=found.site_id,
        hand_over_id=found.id,
        position=position,
        source=said.source,
        text=said.text,
        href=said.href,
    )


def _note(found: HandOver, line_id: UUID, text: str, by: Person, at: Moment) -> HandOverNote:
    return HandOverNote(id=new_id(), site_id=found.site_id, line_id=line_id, text=text, person_id=by.id, at=at.at)


def _sign(found: HandOver, part: Part, signed: Signed, *, by: Person, at: Moment) -> None:
    if signed.path and not is_drawing(signed.path):
        raise Refused("signature", N_("The signature is missing. Please sign again."))
    found.signatures.append(
        HandOverSignature(
            id=new_id(),
            site_id=found.site_id,
            part=part,
            person_id=signed.person.id,
            device_person_id=by.id,
            name=signed.name,
            path=signed.path,
            at=at.at,
            device_at=at.device_at,
            received_at=at.received_at,
            receipt_key=at.receipt,
        )
    )
    session.flush()
