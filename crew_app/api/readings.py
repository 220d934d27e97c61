"""Readings (读数): what gauges and meters said, and new ones from a building control system."""

from uuid import UUID

from crew_app.api.common import ASSET_REF, PLACE_REF, SHORT, both, href, maybe, maybe_time, time, where
from crew_app.api.declared import Asked, Page, changes, lists, shows, sliced
from crew_app.api.kinds import Choice, Exact, Field, Flag, Id, Shape, Text, Time
from crew_app.connections import lists as rows
from crew_app.connections.scopes import Scope
from crew_app.connections.telling import API
from crew_app.people.rules import Right
from crew_app.rounds import sent
from crew_app.rounds.content import CheckKind
from crew_app.rounds.rules import Outcome
from crew_app.rounds.series_models import ReadingSeries
from crew_app.web.answers import Done
from crew_app.web.commands import this_moment
from crew_app.web.tokens import TokenRule

READ = TokenRule(Scope.READINGS_READ, Right.SEE_SITE)
NUMBER = Exact(10, 4)
SERIES = Shape(
    "ReadingSeries",
    (
        Field("id", Id()),
        Field("check", SHORT, "Key of the check", lambda series: series.check_key),
        *both("label"),
        Field("kind", Choice(CheckKind)),
        Field("unit", SHORT),
        maybe("low", NUMBER, "Lower limit"),
        maybe("high", NUMBER, "Upper limit"),
        maybe("asset", ASSET_REF),
        maybe("place", PLACE_REF),
        Field("last_value", NUMBER, get=lambda series: series.last_number),
        time("last_at"),
        Field("last_outcome", Choice(Outcome)),
        Field("odd", Flag(), "Whether the newest value is unlike those before"),
        maybe_time("alarm_at", "When a value was outside the limits the last time"),
        href("readings"),
    ),
    "The readings of one check at one asset or place",
)
VALUE = Shape(
    "Reading",
    (
        Field("id", Id()),
        time("at"),
        Field("value", NUMBER, get=lambda answer: answer.number),
        Field("outcome", Choice(Outcome), "`fail` is outside the limits"),
        Field("note", Text()),
    ),
)
SENDING = Shape(
    "SendReading",
    (
        Field("value", NUMBER, "In the unit of the series"),
        Field("at", Time(), "When it was read: within the last seven days; now unless said", needed=False),
        Field("note", Text(500), needed=False),
        Field("open_ticket", Flag(), "Open a job if the value is outside the limits", needed=False),
    ),
)


@lists(
    "/readings",
    SERIES,
    READ,
    about="Series of readings with their newest value",
    query=(Field("asset_id", Id(), needed=False), Field("place_id", Id(), needed=False)),
)
def list_readings(asked: Asked) -> Page:
    """What is read at the site."""
    found = rows.series(where(asked), asked.query.get("asset_id"), asked.query.get("place_id"))
    return sliced(found, asked.limit)


@shows("/readings/<uuid:series_id>", SERIES, READ, about="One series")
def show_reading(asked: Asked, series_id: UUID) -> ReadingSeries:
    """A series."""
    return rows.of_site(ReadingSeries, asked.site_id, series_id)


@lists(
    "/readings/<uuid:series_id>/values",
    VALUE,
    READ,
    about="The readings of a series from the newest on",
    query=(
        Field("from", Time(), needed=False),
        Field("until", Time(), "Before this moment", needed=False),
    ),
)
def list_values(asked: Asked, series_id: UUID) -> Page:
    """Readings."""
    found = rows.of_site(ReadingSeries, asked.site_id, series_id)
    return sliced(rows.values(found, where(asked), asked.query.get("from"), asked.query.get("until")), asked.limit)


@changes(
    "/readings/<uuid:series_id>/values",
    SENDING,
    TokenRule(Scope.READINGS_WRITE, Right.WALK),
    status=201,
    about="Send a reading; limits, alarms and the chain treat it as one that somebody read off",
)
def send_reading(asked: Asked, series_id: UUID) -> Done:
    """A reading of a building control system."""
    found, said = rows.of_site(ReadingSeries, asked.site_id, series_id), asked.body
    at = this_moment()
    reading = sent.Reading(said["value"], said["at"] or at.at, said["note"] or "", bool(said["open_ticket"]))
    sent.record(found, reading, by=asked.me, at=at)
    return Done(f"{API}/readings/{found.id}", found.site_id, 201)
