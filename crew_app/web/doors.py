"""What stands before a door, for templates: what to know, and what is off there. Read once per request and site."""

from uuid import UUID

from flask import Flask, g

from crew_app.core.clock import now
from crew_app.desk import announcement_queries as announcements
from crew_app.desk.announcement_models import Announcement
from crew_app.people.rules import Right
from crew_app.places.doors import Door, Doors, doors
from crew_app.places.models import Place
from crew_app.web.people import person_or_none

NOTHING = Door()


def start(app: Flask) -> None:
    """Let templates ask."""
    app.add_template_global(door_of)
    app.add_template_global(is_quiet)
    app.add_template_global(outages_at)


def door_of(place: Place) -> Door:
    """What to know before a door; strangers are told nothing of it."""
    if not place.path:
        return NOTHING
    here = _doors(place.site_id)
    return here.of(place.id, place.path) if here else NOTHING


def is_quiet(door: Door, place: Place) -> bool:
    """Whether it has to be quiet there now, by the clock of the site."""
    return door.quiet_from is not None and door.quiet_now(now(), place.site.zone)


def outages_at(place: Place) -> list[Announcement]:
    """What is off there, or will be soon; everybody may know."""
    if not place.path:  # a place that only the phone knows
        return []
    return [one for one in _outages(place.site_id) if announcements.covers(one, place)]


def _doors(site_id: UUID) -> Doors | None:
    """Those of a site for whoever asks, as long as this request asks for the same person."""
    known: dict[tuple[UUID, UUID | None], Doors | None] = g.setdefault("doors", {})
    me = person_or_none()
    key = site_id, me.id if me else None
    if key not in known:
        known[key] = doors(site_id) if me and me.can(Right.REPORT, site_id) else None
    return known[key]


def _outages(site_id: UUID) -> list[Announcement]:
    known: dict[UUID, list[Announcement]] = g.setdefault("outages", {})
    if site_id not in known:
        known[site_id] = list(announcements.outages([site_id], now()))
    return known[site_id]
