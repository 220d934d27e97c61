"""The service desk in the small hospital, used as phones use it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from tests.support.client import CrewClient, accepted, some_id
from tests.support.lint import Page
from tests.support.world import World

ZONE = ZoneInfo("Asia/Shanghai")


def call_fields(world: World, place: str = "room", **more: Any) -> dict[str, Any]:
    """What the form of a call sends."""
    fields = {"ticket_id": some_id(), "place_id": str(world.places[place]), "job_kind": "lamp", "caller": "韦护士"}
    return fields | {"phone": "8105", "description": "灯不亮"} | more


def outage_fields(world: World, *places: str, begins: float = -1, hours: float = 3, **more: Any) -> dict[str, Any]:
    """What the form of an outage sends: hours from now until it begins, and how long it lasts."""
    start = datetime.now(UTC).astimezone(ZONE) + timedelta(hours=begins)
    fields = {"announcement_id": some_id(), "kind": "outage", "utility": "water", "words": "换阀门"}
    times = {"starts_at": stamp(start), "ends_at": stamp(start + timedelta(hours=hours))}
    return fields | times | {"place_ids": [str(world.places[place]) for place in places or ("north-floor",)]} | more


def notice_fields(**more: Any) -> dict[str, Any]:
    """What the form of a notice sends."""
    return {"announcement_id": some_id(), "kind": "notice", "title": "防冻检查", "words": "包扎水管"} | more


def stamp(at: datetime) -> str:
    """A time as a field for day and time sends it, by the clock of the site."""
    return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def pages(app: Flask, world: World, sign_in: Callable[[str], CrewClient]) -> list[Page]:
    """Every page with a form, as those see it who have the most of them."""
    desk, boss, worker = sign_in("desk"), sign_in("supervisor"), sign_in("technician")
    fields = call_fields(world)
    accepted(desk.send("/desk/calls", fields), 201)
    accepted(boss.send(f"/tickets/{fields['ticket_id']}/cancellation", {"note": "误报"}))
    outage = accepted(desk.send("/announcements", outage_fields(world)), 201)
    notice = accepted(desk.send("/announcements", notice_fields()), 201)
    accepted(worker.send(f"{notice}/reads", {"version": "1"}))
    kept = ["/desk/calls", "/desk/calls/new", "/announcements/new", outage, notice]
    door = f"/places/{world.places['room']}/door"
    return [*(desk.page(path) for path in kept), boss.page(door), worker.page(outage)]
