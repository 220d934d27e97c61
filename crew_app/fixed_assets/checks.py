"""Verbs about spot checks: some cards of a department, picked by chance, each found or not."""

from collections.abc import Sequence
from secrets import SystemRandom
from uuid import UUID

from sqlalchemy import Select, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.fixed_assets.models import AssetCard, AssetCheck, AssetCheckLine
from crew_app.fixed_assets.rules import AssetState, AssetVerb, CheckResult, PhotoUse
from crew_app.fixed_assets.story import Told, attach, tell
from crew_app.people.models import Person
from crew_app.places.models import Department

MOST = 50


def start(check_id: UUID, department: Department, number: int, *, by: Person, at: Moment) -> AssetCheck:
    """Pick so many cards of a department by chance; all of them where there are fewer."""
    if session.get(AssetCheck, check_id):
        raise Refused("check-known", N_("This spot check was already sent."))
    if not 0 < number <= MOST:
        raise Refused("number", N_("Please choose between 1 and %(most)s assets."), most=MOST)
    there = session.scalars(_cards_of(department).order_by(AssetCard.number)).all()
    if not there:
        raise Refused("nothing", N_("This department has no assets with a card."))
    check = AssetCheck(
        id=check_id,
        site_id=department.site_id,
        department_id=department.id,
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    picked = SystemRandom().sample(there, min(number, len(there)))
    check.lines = [_line(check, position, asset_id) for position, asset_id in enumerate(picked, 1)]
    session.add(check)
    session.flush()
    return check


def _cards_of(department: Department) -> Select[UUID]:
    here = AssetCard.department_id == department.id
    return select(AssetCard.asset_id).where(here, AssetCard.state != AssetState.SCRAPPED)


def _line(check: AssetCheck, position: int, asset_id: UUID) -> AssetCheckLine:
    return AssetCheckLine(id=new_id(), site_id=check.site_id, check_id=check.id, position=position, asset_id=asset_id)


def record(
    check: AssetCheck,
    line_id: UUID,
    result: CheckResult,
    note: str,
    photos: Sequence[Announcement] = (),
    *,
    by: Person,
    at: Moment,
) -> AssetCheckLine:
    """Say what was found, once. What is not there needs words or a photo."""
    line = next((one for one in check.lines if one.id == line_id), None)
    if line is None:
        raise Unseen("unknown-check", N_("This spot check is not known."))
    if line.result:
        raise Refused("checked", N_("This asset is checked already."))
    if result is CheckResult.NOT_FOUND and not (note or photos):
        raise Refused("words-missing", N_("Please say where you looked, or take a photo of the place."))
    line.result, line.note, line.person_id, line.at = result, note, by.id, at.at
    session.flush()
    attach(line.asset, photos, PhotoUse.CHECK, line.id, by=by, at=at)
    words = f"{'✓' if result is CheckResult.FOUND else '✗'} {note}".strip()
    tell(line.asset, Told(AssetVerb.CHECK, check.id, words), by=by, at=at)
    return line
