"""What the evidence sheet of a round says: each stop by both clocks, and the pictures taken there."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from crew_app.core.chain import Link
from crew_app.core.chain_links import links_of
from crew_app.core.db import session
from crew_app.evidence.models import Photo
from crew_app.evidence.papers import Group, Paper, Shot, Signature, Table
from crew_app.people.models import NAMED, Person, Site
from crew_app.rounds.models import Run, RunStop, Visit
from crew_app.web.filters import label
from crew_app.web.languages import in_chinese, named, said
from crew_app.web.proof_sheets import FAR, NONE, foot, shot_of
from crew_app.web.stamps import in_zone


def photos_of(run: Run) -> list[Photo]:
    """All photos of a run that was loaded whole."""
    return [shot.photo for stop in run.stops for visit in stop.visits for shot in visit.photos]


def run_paper(run: Run, *, by: Person, at: datetime) -> Paper:
    """The sheet of a run that was loaded whole; in a fixed number of queries."""
    site = session.get_one(Site, run.site_id)
    photos, visits = photos_of(run), [visit for stop in run.stops for visit in stop.visits]
    links, people = links_of(photos) | links_of(visits), _people(photos)
    walker = run.begun_by or run.person
    return Paper(
        title=gettext("Evidence sheet %(number)s", number=run.number),
        site=named(site),
        facts=tuple(_facts(run, site, walker)),
        tables=(_stops(run, site, links),),
        groups=tuple(group for stop in run.stops if (group := _group(stop, site, people, links)).shots),
        signatures=(
            Signature(gettext("Walked by"), named(walker)),
            Signature(gettext("Checked by")),
            Signature(gettext("For the department")),
            Signature(gettext("Date")),
        ),
        foot=tuple(foot(site, by=by, at=at)),
        chinese=in_chinese(),
        empty=gettext("No photo"),
    )


def _facts(run: Run, site: Site, walker: Person | None) -> list[tuple[str, str]]:
    counted = gettext("%(visited)s of %(all)s stops", visited=run.visited_count, all=run.stop_count)
    facts = [
        (gettext("Round"), named(run.template)),
        (gettext("Window"), f"{in_zone(run.opens_at, site)} – {in_zone(run.closes_at, site)}"),
        (gettext("Walked by"), named(walker)),
        (gettext("Begun"), in_zone(run.begun_at, site) if run.begun_at else ""),
        (gettext("Ended"), in_zone(run.ended_at, site) if run.ended_at else ""),
        (gettext("State"), f"{label(run.state)} · {counted}"),
        (gettext("Reason"), run.end_reason),
    ]
    return [(term, value) for term, value in facts if value]


def _stops(run: Run, site: Site, links: dict[UUID, Link]) -> Table:
    heads = (gettext("Stop"), gettext("Who"), gettext("Happened"), gettext("At the server"))
    rows = [
        _visit(stop, visit, site, links) for stop in run.stops for visit in sorted(stop.visits, key=lambda one: one.at)
    ]
    unseen = [(_title(stop), NONE, label(stop.state), NONE, NONE, NONE) for stop in run.stops if not stop.visits]
    columns = (*heads, gettext("The phone said"), gettext("Chain"))
    return Table(gettext("What happened"), columns, (28, 14, 17, 17, 15, 9), (*rows, *unseen))


def _visit(stop: RunStop, visit: Visit, site: Site, links: dict[UUID, Link]) -> tuple[str, ...]:
    parts = (_title(stop), gettext("Left out") if visit.skipped else label(visit.how), visit.reason, visit.note)
    far = visit.device_at and abs(visit.received_at - visit.device_at) > FAR
    phone = in_zone(visit.device_at, site) if visit.device_at and (far or visit.clock_suspect) else NONE
    link = links.get(visit.id)
    times = (in_zone(visit.at, site), in_zone(visit.received_at, site))
    return " · ".join(part for part in parts if part), named(visit.person), *times, phone, _position(link)


def _position(link: Link | None) -> str:
    return str(link.position) if link else NONE


def _title(stop: RunStop) -> str:
    title = named(stop.subject) if stop.plan.where.kind and stop.subject else said(stop.plan.title)
    return f"{stop.position + 1}. {title}"


def _group(stop: RunStop, site: Site, people: dict[UUID, Person], links: dict[UUID, Link]) -> Group:
    shots: list[Shot] = []
    for visit in stop.visits:
        for shot in visit.photos:
            about = stop.plan.check(shot.check_key)
            words = said(about.label) if about else said(stop.plan.title)
            shots.append(shot_of(shot.photo, words, site, people, links))
    return Group(_title(stop), tuple(shots))


def _people(photos: list[Photo]) -> dict[UUID, Person]:
    ids = {photo.person_id for photo in photos if photo.person_id}
    query = select(Person).where(Person.id.in_(ids)).options(*NAMED)
    return {person.id: person for person in session.scalars(query)} if ids else {}
