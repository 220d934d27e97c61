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
    me = person_or_none()
    if not place.path or me is None or not me.can(Right.REPORT, place.site_id):
        return NOTHING
    return _doors(place.site_id).of(place.id, place.path)


def is_quiet(door: Door, place: Place) -> bool:
    """Whether it has to be quiet there now, by the clock of the site."""
    return bool(door.quiet) and door.quiet_now(now(), place.site.zone)


def outages_at(place: Place) -> list[Announcement]:
    """What is off there, or will be soon; everybody may know."""
    if not place.path:  # a place that only the phone knows
        return []
    return [one for one in _outages(place.site_id) if announcements.covers(one, place)]


def _doors(site_id: UUID) -> Doors:
    known: dict[UUID, Doors] = g.setdefault("doors", {})
    if site_id not in known:
        known[site_id] = doors(site_id)
    return known[site_id]


def _outages(site_id: UUID) -> list[Announcement]:
    known: dict[UUID, list[Announcement]] = g.setdefault("outages", {})
    if site_id not in known:
        known[site_id] = list(announcements.outages([site_id], now()))
    return known[site_id]
