"""Calendars as other programs read them (RFC 5545). The only module that knows icalendar, loaded when one is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Event

MAKER = "-//crew_app//Hospital crew//ZH"
AGAIN = timedelta(hours=1)
"""How often a calendar should look again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. Moments are told in the calendar's zone; a day begins and ends without one."""

    uid: str
    text: str
    starts: datetime | date
    ends: datetime | date | None
    stamp: datetime
    url: str = ""
    where: str = ""


def write(name: str, zone: ZoneInfo, lines: Iterable[Line]) -> bytes:
    """A calendar with the rules of its zone; the same lines always give the same bytes."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for line in lines:
        calendar.add_component(_event(line, zone))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(line: Line, zone: ZoneInfo) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", line.uid)
    event.add("dtstamp", line.stamp.astimezone(UTC))
    event.add("summary", line.text)
    event.add("dtstart", _local(line.starts, zone))
    if line.ends:
        event.add("dtend", _local(line.ends, zone))
    if line.where:
        event.add("location", line.where)
    if line.url:
        event.add("url", line.url)
    return event


def _local(moment: datetime | date, zone: ZoneInfo) -> datetime | date:
    return moment.astimezone(zone) if isinstance(moment, datetime) else moment
