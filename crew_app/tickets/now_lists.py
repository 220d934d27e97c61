"""Lists of jobs as they stand now, at one site: what the dashboard counts and the list behind it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import LIVE, HoldReason, Kind, Priority, State


class Now(StrEnum):
    """How a job may stand."""

    LIVE = "live"
    OPEN = "open"
    WORKING = "working"
    OVERDUE = "overdue"
    MATERIAL = "material"
    ACCESS = "access"
    PATIENT = "patient"
    FINISHED = "finished"
    EMERGENCY = "emergency"
    HAZARD = "hazard"


NOW_LABELS = {
    Now.LIVE: N_("Not closed"),
    Now.OPEN: N_("Nobody has accepted it"),
    Now.WORKING: N_("In progress"),
    Now.OVERDUE: N_("Overdue"),
    Now.MATERIAL: N_("Waiting for material"),
    Now.ACCESS: N_("Waiting for access"),
    Now.PATIENT: N_("Patient in the room"),
    Now.FINISHED: N_("To be verified"),
    Now.EMERGENCY: N_("Emergencies and urgent jobs"),
    Now.HAZARD: N_("Hazards not put right"),
}
_HELD = {Now.MATERIAL: HoldReason.MATERIAL, Now.ACCESS: HoldReason.ACCESS, Now.PATIENT: HoldReason.PATIENT}
_NOT_DONE = (State.OPEN, State.ACCEPTED, State.ON_HOLD)


def condition(now: Now, at: datetime) -> ColumnElement[bool]:
    """Which jobs stand so at a moment; every list is narrowed by the state first, which has an index."""
    if now in _HELD:
        return and_(Ticket.state == State.ON_HOLD, Ticket.hold_reason == _HELD[now])
    if now is Now.OVERDUE:
        unanswered = and_(Ticket.state == State.OPEN, Ticket.response_due_at < at)
        undone = and_(Ticket.state == State.ACCEPTED, Ticket.resolution_due_at < at)
        return and_(Ticket.state.in_((State.OPEN, State.ACCEPTED)), or_(unanswered, undone))
    if now is Now.EMERGENCY:
        return and_(Ticket.state.in_(_NOT_DONE), Ticket.priority <= Priority.URGENT)
    if now is Now.HAZARD:
        return and_(Ticket.state.in_(_NOT_DONE), Ticket.kind == Kind.HAZARD)
    states = {Now.OPEN: (State.OPEN,), Now.WORKING: (State.ACCEPTED,), Now.FINISHED: (State.FINISHED,)}
    return Ticket.state.in_(states.get(now, tuple(LIVE)))


@dataclass(frozen=True, slots=True)
class NowList:
    """One of these lists, of one person's jobs if `owner_id` says so."""

    site: Site
    now: Now
    owner_id: UUID | None = None

    def conditions(self, at: datetime) -> list[ColumnElement[bool]]:
        """The same as conditions on `Ticket`."""
        found = [Ticket.site_id == self.site.id, condition(self.now, at)]
        return [*found, Ticket.owner_id == self.owner_id] if self.owner_id else found


def asked_for(person: Person, asked: Mapping[str, str]) -> NowList | None:
    """What an address asks for, at a site whose jobs the person may see; nothing for any other list."""
    if asked.get("now", "") not in set(Now):
        return None
    query = select(Site).where(Site.id.in_(person.sites_with(Right.SEE_SITE))).order_by(Site.code)
    sites = session.scalars(query).all()
    if not sites:
        return None
    site = next((one for one in sites if one.code == asked.get("site")), sites[0])
    return NowList(site, Now(asked["now"]), _uuid(asked.get("owner", "")))


def address(site_code: str, now: Now, owner_id: UUID | None = None) -> str:
    """The address of a list."""
    return f"/tickets?now={now.value}&site={site_code}" + (f"&owner={owner_id}" if owner_id else "")


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
