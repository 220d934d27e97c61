"""Playbooks: the ready ones, one's own, and their versions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.ids import new_id
from crew_app.core.revisions import apart, kept
from crew_app.core.words import N_
from crew_app.emergencies.models import Playbook, PlaybookVersion
from crew_app.emergencies.rules import Step, Who
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right

ORDER = ("lift", "burst", "power", "fire", "oxygen", "typhoon")
MOST_STEPS = 30
LONGEST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Written:
    """A playbook as somebody wrote it."""

    name: str
    name_en: str
    steps: Sequence[Step]


@cache
def ready() -> tuple[Mapping[str, Any], ...]:
    """The playbooks that come with the software, the most frequent first."""
    folder = files(__package__).joinpath("library")
    found = {code: json.loads(folder.joinpath(f"{code}.json").read_text(encoding="utf-8")) for code in ORDER}
    return tuple(found.values())


def bring_ready(site: Site, *, by: Person | None, at: Moment) -> int:
    """Give a site the ready playbooks that it does not have yet; how many came."""
    known = set(session.scalars(select(Playbook.code).where(Playbook.site_id == site.id)))
    missing = [one for one in ready() if one["code"] not in known]
    for one in missing:
        playbook = _add(site, one["code"], one["icon"], one["asset_kind"])
        steps = [Step(**step | {"who": Who(step["who"])}) for step in one["steps"]]
        _write(playbook, Written(one["name"], one["name_en"], steps), by=by, at=at)
    return len(missing)


def create(playbook_id: UUID, site: Site, written: Written, *, by: Person, at: Moment) -> Playbook:
    """Write a playbook of one's own."""
    if session.get(Playbook, playbook_id):
        raise Refused("playbook-known", N_("This entry was already sent."))
    playbook = _add(site, f"own-{playbook_id.hex[:12]}", "siren", "", playbook_id)
    _write(playbook, _checked(written), by=by, at=at)
    return playbook


def rewrite(playbook: Playbook, written: Written, *, by: Person, at: Moment) -> PlaybookVersion:
    """Write a new version; what runs already keeps the one it began with."""
    return _write(playbook, _checked(written), by=by, at=at)


def retire(playbook: Playbook, *, at: Moment) -> None:
    """No longer offer it; what was done by it stays to be read."""
    playbook.retired_at = playbook.retired_at or at.at
    session.flush()


def reinstate(playbook: Playbook) -> None:
    """Offer it again."""
    playbook.retired_at = None
    session.flush()


def playbook(person: Person, playbook_id: UUID, right: Right = Right.REPORT) -> Playbook:
    """A playbook of a site where the person has this right."""
    query = select(Playbook).where(Playbook.id == playbook_id, Playbook.site_id.in_(person.sites_with(right)))
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-playbook", N_("This playbook is not known here."))
    return found


def for_site(found: Playbook, site_id: UUID) -> Playbook:
    """The same playbook at another site, where it turned out to be; itself where that site has none."""
    if found.site_id == site_id:
        return found
    query = select(Playbook).where(Playbook.site_id == site_id, Playbook.code == found.code)
    return session.scalar(query.where(Playbook.retired_at.is_(None))) or found


def current(found: Playbook) -> PlaybookVersion:
    """The version that a new emergency begins with."""
    return session.get_one(PlaybookVersion, found.current_id)


def offered(person: Person, right: Right = Right.REPORT, *, retired: bool = False) -> list[PlaybookVersion]:
    """What can be started at the sites where the person has this right, the most frequent first."""
    query = select(PlaybookVersion).join(Playbook, Playbook.current_id == PlaybookVersion.id)
    query = query.where(Playbook.site_id.in_(person.sites_with(right)))
    if not retired:
        query = query.where(Playbook.retired_at.is_(None))
    query = query.options(joinedload(PlaybookVersion.playbook).joinedload(Playbook.site))
    return list(session.scalars(query.order_by(Playbook.site_id, Playbook.position, Playbook.id)))


def about_assets(site_id: UUID) -> dict[str, list[PlaybookVersion]]:
    """What can be started at a site about a kind of asset, by its code; belongs to no session, to be read only."""
    return kept(("lists", "people"), ("playbooks", site_id), lambda: apart(partial(_about_assets, site_id)))


def _about_assets(site_id: UUID, own: Session) -> dict[str, list[PlaybookVersion]]:
    query = select(PlaybookVersion).join(Playbook, Playbook.current_id == PlaybookVersion.id)
    query = query.where(Playbook.site_id == site_id, Playbook.retired_at.is_(None), Playbook.asset_kind != "")
    query = query.options(joinedload(PlaybookVersion.playbook).joinedload(Playbook.site))
    found: dict[str, list[PlaybookVersion]] = {}
    for one in own.scalars(query.order_by(Playbook.position, Playbook.id)):
        found.setdefault(one.playbook.asset_kind, []).append(one)
    return found


def _add(site: Site, code: str, icon: str, asset_kind: str, playbook_id: UUID | None = None) -> Playbook:
    position = ORDER.index(code) if code in ORDER else len(ORDER)
    found = Playbook(
        id=playbook_id or new_id(), site_id=site.id, code=code, icon=icon, asset_kind=asset_kind, position=position
    )
    session.add(found)
    session.flush()
    return found


def _write(found: Playbook, written: Written, *, by: Person | None, at: Moment) -> PlaybookVersion:
    last = session.scalar(
        select(PlaybookVersion.number)
        .where(PlaybookVersion.playbook_id == found.id)
        .order_by(PlaybookVersion.number.desc())
        .limit(1)
    )
    version = PlaybookVersion(
        id=new_id(),
        site_id=found.site_id,
        playbook_id=found.id,
        number=(last or 0) + 1,
        name=written.name,
        name_en=written.name_en,
        content=json.dumps({"steps": [asdict(step) for step in written.steps]}, ensure_ascii=False),
        made_at=at.at,
        made_by_id=by.id if by else None,
    )
    session.add(version)
    session.flush()
    found.current_id = version.id
    session.flush()
    return version


def _checked(written: Written) -> Written:
    if not written.name:
        raise Refused("words-missing", N_("Please give the playbook a name."))
    if not written.steps:
        raise Refused("steps-missing", N_("A playbook needs at least one step."))
    if len(written.steps) > MOST_STEPS:
        raise Refused("too-many-steps", N_("A playbook has at most %(most)s steps."), most=MOST_STEPS)
    return written
