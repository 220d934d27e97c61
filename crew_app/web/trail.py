"""Settings that leave a trace by themselves: what a command changes in these tables is written down, old and new.

What has its own words for its changes calls `core.changes` itself and is not listed here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from crew_app.core.changes import NEW, PARTS, REMOVED, VALUE, Trace, note, said
from crew_app.core.db import Base, session
from crew_app.desk.chain_models import EscalationStep
from crew_app.notifications.models import ChatHook
from crew_app.people.models import Person, Site
from crew_app.places.models import Department, Place, PlaceContext
from crew_app.registers.credential_models import CredentialKind
from crew_app.registers.shift_models import ShiftPost
from crew_app.roster.models import Responsibility, RosterRules, Rota, ShiftPattern
from crew_app.rounds.models import RoundPlan, RoundTemplate
from crew_app.storeroom.ward_models import DepartmentLimit, DepartmentPerson
from crew_app.surveys.models import SurveyQuestion
from crew_app.tickets.models import JobKind
from crew_app.tickets.review_models import ShotRule
from crew_app.tickets.target_models import ServiceHours, TargetRule
from crew_app.trips.models import Vehicle


@dataclass(frozen=True, slots=True)
class Watch:
    """Which values of a row count, and what the row is called; `whole`: making and removing it counts too."""

    fields: tuple[str, ...]
    name: Callable[[Any], str]
    whole: bool = True


def _own(row: Any) -> str:
    return str(row.name)


def _of(model: type[Any], field: str) -> Callable[[Any], str]:
    def name(row: Any) -> str:
        found = session.get(model, getattr(row, field)) if getattr(row, field) else None
        return str(found.name) if found else ""

    return name


WATCHED: dict[type[Base], Watch] = {
    Site: Watch(("write_off_limit",), _own, whole=False),
    TargetRule: Watch(("response_minutes", "resolution_minutes", "hours", "raise_to"), lambda row: str(row.scope)),
    ServiceHours: Watch(("periods",), _of(Site, "site_id")),
    EscalationStep: Watch(("off_at",), lambda row: str(row.key)),
    ShotRule: Watch(("before", "after"), _of(JobKind, "job_kind_id")),
    ShiftPattern: Watch(("name", "name_en", "weekdays", "on_holidays", "trade", "active"), _own),
    Rota: Watch(("from_on", "until_on", "every"), _of(Person, "person_id")),
    RosterRules: Watch(("swap_approval", "rest_hours", "dispatching"), _of(Site, "site_id")),
    Responsibility: Watch(("person_id", "trade"), _of(Place, "place_id")),
    DepartmentLimit: Watch(("monthly",), _of(Department, "department_id")),
    DepartmentPerson: Watch(("person_id",), _of(Department, "department_id")),
    ChatHook: Watch(("name", "active"), _own),
    SurveyQuestion: Watch(("name_en", "asked"), _own),
    ShiftPost: Watch(("name", "name_en", "trade", "active"), _own),
    CredentialKind: Watch(("name", "name_en", "advance_days", "active"), _own),
    RoundTemplate: Watch(("name", "version", "retired_at"), _own),
    RoundPlan: Watch(("name", "rule", "times", "minutes", "grace_minutes", "active", "ends_on"), _own),
    PlaceContext: Watch(("care", "isolation", "quiet_from", "quiet_until", "access"), _of(Place, "place_id")),
    Vehicle: Watch(("plate",), lambda row: str(row.plate), whole=False),
}
_NAMES: dict[str, type[Any]] = {"person_id": Person, "place_id": Place, "department_id": Department}


def start() -> None:
    """Watch from now on; connected once."""
    if not event.contains(Session, "before_flush", _write_down):
        event.listen(Session, "before_flush", _write_down)


def _write_down(found: Session, *_: Any) -> None:
    trace = _trace()
    if trace is None:
        return
    for row in list(found.dirty):
        for field, before, after in _differences(row):
            note(row, field, before, after, trace, name=_watch(row).name(row))
    for row in list(found.new):
        if _watch(row).whole:
            note(row, NEW, None, _summary(row), trace, name=_watch(row).name(row))
    for row in list(found.deleted):
        if _watch(row).whole:
            note(row, REMOVED, _summary(row), None, trace, name=_watch(row).name(row))


def _trace() -> Trace | None:
    """Who changes something now; nobody where no command is carried out."""
    asked = g.get("command") if has_request_context() else None
    return Trace(asked.person_id, asked.when.at) if asked else None


def _watch(row: Any) -> Watch:
    return WATCHED.get(type(row), Watch((), lambda _row: "", whole=False))


def _differences(row: Any) -> Iterator[tuple[str, Any, Any]]:
    state = inspect(row)
    for field in _watch(row).fields:
        history = state.attrs[field].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
            if said(before) != said(after):
                yield field, _say(field, before), _say(field, after)


def _summary(row: Any) -> str:
    values = [(field, _say(field, getattr(row, field))) for field in _watch(row).fields]
    return PARTS.join(f"{field}{VALUE}{value}" for field, value in values if value)


def _say(field: str, value: Any) -> str:
    model = _NAMES.get(field)
    found = session.get(model, value) if model and isinstance(value, UUID) else None
    return str(found.name) if found else said(value)
