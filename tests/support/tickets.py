"""Tickets in any state, brought there by the real actions."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.tickets import actions, queries
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import HoldReason, State
from tests.support.world import World

STATES = tuple(State)


def report_fields(world: World, place: str = "room", **more: Any) -> dict[str, Any]:
    """What the report form sends."""
    fields = {"ticket_id": str(new_id()), "place_id": str(world.places[place]), "job_kind": "lamp"}
    return fields | {"description": "灯管闪烁"} | more


def make_ticket(app: Flask, world: World, state: str = "open", **options: Any) -> UUID:
    """A ticket of the room, in this state; its owner is the technician unless `owner` says otherwise."""
    with app.app_context(), write_transaction():
        return bring_to(world, State(state), **options).id


def make_tickets(app: Flask, world: World, states: Iterable[str], **options: Any) -> None:
    """Many tickets, in one transaction."""
    with app.app_context(), write_transaction():
        for state in states:
            bring_to(world, State(state), **options)


def bring_to(
    world: World,
    state: State,
    *,
    owner: str = "technician",
    reporter: str | None = "requester",
    place: str = "room",
    job_kind: str = "lamp",
    at: datetime | None = None,
) -> Ticket:
    """The same within a transaction that is already there. Each step happens a minute after the one before."""
    moments = (
        server_moment((at or datetime.now(UTC) - timedelta(minutes=10)) + timedelta(minutes=n)) for n in range(9)
    )
    kind = queries.job_kind(job_kind)
    assert kind is not None
    report = actions.Report(new_id(), world.place(place), kind, description="灯管闪烁")
    ticket = actions.open_ticket(report, by=world.person(reporter) if reporter else None, at=next(moments))
    if state is State.CANCELLED:
        actions.cancel(ticket, "误报", by=world.person("supervisor"), at=next(moments))
    if state in (State.OPEN, State.CANCELLED):
        return ticket
    worker = world.person(owner)
    actions.accept(ticket, by=worker, at=next(moments))
    if state is State.ON_HOLD:
        actions.hold(ticket, HoldReason.MATERIAL, "等灯管", by=worker, at=next(moments))
    if state in (State.FINISHED, State.VERIFIED):
        actions.finish(ticket, "已更换", by=worker, at=next(moments))
    if state is State.VERIFIED:
        actions.verify(ticket, by=world.person("supervisor"), at=next(moments))
    return ticket


def state_of(app: Flask, ticket_id: UUID) -> str:
    """The state of a ticket now."""
    with app.app_context():
        return session.get_one(Ticket, ticket_id).state.value
