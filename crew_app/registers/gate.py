"""Verbs at the gate. What has passed it is never refused; a mistake is answered by an entry that names it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.registers.gate_models import GateEntry, GateVerb, GateVisit

LONG_INSIDE = timedelta(hours=12)
"""Whoever is inside longer is marked: visitors do not stay over night without a word."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a guard writes about somebody who comes or goes."""

    plate: str = ""
    visitor: str = ""
    reason: str = ""
    host: str = ""


def plate_key(plate: str) -> str:
    """A plate as it is compared: letters and digits only, in capitals ("桂 A·12-3a5" is "桂A123A5")."""
    return re.sub(r"[^\w]|_", "", plate).upper()[:20]


def enter(visit_id: UUID, site_id: UUID, words: Words, *, only_out: bool = False, by: Person, at: Moment) -> GateVisit:
    """Write in who comes; `only_out` for somebody who goes and of whom nobody wrote down when they came."""
    if session.get(GateVisit, visit_id):
        raise Refused("visit-known", N_("This entry was already sent."))
    _need_who(words)
    visit = GateVisit(id=visit_id, site_id=site_id, at=at.at, entered_at=None if only_out else at.at)
    _take(visit, words)
    session.add(visit)
    session.flush()
    if only_out:
        visit.left_at = at.at
    _write(visit, GateVerb.LEAVE if only_out else GateVerb.ENTER, words, by=by, at=at)
    return visit


def leave(visit: GateVisit, *, by: Person, at: Moment) -> GateEntry:
    """Write out; said twice, the earlier time counts and both entries stay."""
    visit.left_at = min(visit.left_at or at.at, at.at)
    return _write(visit, GateVerb.LEAVE, Words(), by=by, at=at)


def correct(visit: GateVisit, entry_id: UUID, words: Words, note: str, *, by: Person, at: Moment) -> GateEntry:
    """Write what is right instead of what an entry said; the entry itself stays."""
    corrected = _entry(visit, entry_id)
    _need_who(words)
    _take(visit, words)
    return _write(visit, GateVerb.CORRECT, words, by=by, at=at, note=note, corrects_id=corrected.id)


def void(visit: GateVisit, entry_id: UUID, note: str, *, by: Person, at: Moment) -> GateEntry:
    """Say that a coming or going was written by mistake: nobody came, or nobody left."""
    mistaken = _entry(visit, entry_id)
    if mistaken.verb not in (GateVerb.ENTER, GateVerb.LEAVE):
        raise Refused("wrong-entry", N_("Only coming and going can be taken back. Correct the words instead."))
    if not note:
        raise Refused("words-missing", N_("Please say what was wrong."))
    entry = _write(visit, GateVerb.VOID, Words(), by=by, at=at, note=note, corrects_id=mistaken.id)
    standing = [one for one in _entries(visit) if one.id not in _voided(visit)]
    visit.left_at = min((one.at for one in standing if one.verb is GateVerb.LEAVE), default=None)
    visit.void = not any(one.verb in (GateVerb.ENTER, GateVerb.LEAVE) for one in standing)
    visit.void = visit.void or mistaken.verb is GateVerb.ENTER
    session.flush()
    return entry


def long_inside(visit: GateVisit, at: datetime) -> bool:
    """Whether somebody is inside longer than visitors are."""
    return visit.inside and at - (visit.entered_at or visit.at) > LONG_INSIDE


def _need_who(words: Words) -> None:
    if not (words.plate or words.visitor):
        raise Refused("who-missing", N_("Please write the plate or the name."))


def _take(visit: GateVisit, words: Words) -> None:
    visit.plate, visit.plate_key = words.plate, plate_key(words.plate)
    visit.visitor, visit.reason, visit.host = words.visitor, words.reason, words.host


def _entry(visit: GateVisit, entry_id: UUID) -> GateEntry:
    found = session.get(GateEntry, entry_id)
    if found is None or found.visit_id != visit.id:
        raise Unseen("unknown-visit", N_("This entry of the gate log is not known."))
    return found


def _entries(visit: GateVisit) -> list[GateEntry]:
    session.expire(visit, ["entries"])
    return visit.entries


def _voided(visit: GateVisit) -> set[UUID | None]:
    return {one.corrects_id for one in visit.entries if one.verb is GateVerb.VOID}


def _write(
    visit: GateVisit,
    verb: GateVerb,
    words: Words,
    *,
    by: Person,
    at: Moment,
    note: str = "",
    corrects_id: UUID | None = None,
) -> GateEntry:
    entry = GateEntry(
        id=new_id(),
        site_id=visit.site_id,
        visit_id=visit.id,
        verb=verb,
        corrects_id=corrects_id,
        plate=words.plate,
        visitor=words.visitor,
        reason=words.reason,
        host=words.host,
        note=note,
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    session.add(entry)
    session.flush()
    return entry
