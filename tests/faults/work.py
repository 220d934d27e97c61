"""What phones send while everything fails: a job from report to completion, its photo, a round; each with its key."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from PIL import Image

from crew_app.core.ids import new_id
from tests.support.pictures import announcement, encoded
from tests.support.world import World

CREW = ("technician", "second", "foreman")
"""Log-in names of those who send; all may work and walk."""


@dataclass(frozen=True)
class Order:
    """One command of one person, and what it must leave in the books, once."""

    what: str
    login: str
    path: str
    fields: dict[str, Any]
    subject: UUID
    """The row it makes, or the job it changes."""
    photo: bytes = b""
    key: UUID = field(default_factory=new_id)

    @property
    def body(self) -> bytes:
        """What goes over the line."""
        return self.photo or urlencode(self.fields).encode()

    @property
    def media_type(self) -> str:
        """How it is sent."""
        return "image/jpeg" if self.photo else "application/x-www-form-urlencoded"

    @property
    def sha256(self) -> str:
        """Of a photo."""
        return hashlib.sha256(self.photo).hexdigest() if self.photo else ""


def work(world: World, login: str, template: UUID, chance: random.Random, side: int = 400) -> Iterator[Order]:
    """Orders of one person without end, in the order in which their phone sends them; photos are `side` pixels wide."""
    while True:
        yield from _job(world, login, chance, side)
        yield from _round(login, template)


def _job(world: World, login: str, chance: random.Random, side: int) -> Iterator[Order]:
    ticket = new_id()
    fields = {"ticket_id": str(ticket), "place_id": str(world.places["room"]), "job_kind": "lamp"}
    yield Order("open", login, "/tickets", fields | {"description": f"灯管闪烁 {ticket}"}, ticket)
    yield Order("accept", login, f"/tickets/{ticket}/acceptance", {}, ticket)
    yield material(world, login, ticket)
    yield from photo(login, ticket, chance, side)
    yield Order("finish", login, f"/tickets/{ticket}/completion", {"note": "已更换"}, ticket)


def material(world: World, login: str, ticket: UUID) -> Order:
    """A little cable for a job; what a bag does not hold is a discrepancy, and no reason to refuse."""
    move = new_id()
    fields = {"move_id": str(move), "item_id": str(world.items["cable"]), "quantity": "0.05"}
    return Order("material", login, f"/tickets/{ticket}/materials", fields, move)


def photo(login: str, ticket: UUID, chance: random.Random, side: int) -> Iterator[Order]:
    """A photo that is announced, and its bytes."""
    data = picture(chance, side)
    fields = announcement(data, role="before")
    photo_id = UUID(fields["photo_id"])
    yield Order("announce", login, f"/tickets/{ticket}/photos", fields, photo_id)
    yield Order("photo", login, f"/photos/{photo_id}/original", {}, photo_id, data)


def picture(chance: random.Random, side: int) -> bytes:
    """One that nobody took before: noise, so that a line needs a while for it."""
    small = Image.frombytes("RGB", (side // 4, side // 4), chance.randbytes(3 * (side // 4) ** 2))
    return encoded(small.resize((side, side)), "JPEG", quality=90)


def _round(login: str, template: UUID) -> Iterator[Order]:
    """A round begun without a plan; `visit()` follows when it is known which stops it has."""
    run = new_id()
    yield Order("begin", login, f"/rounds/templates/{template}/runs", {"run_id": str(run)}, run)


def visit(login: str, stop: UUID) -> Order:
    """A stop of a round with everything in order."""
    visit_id = new_id()
    fields = {"visit_id": str(visit_id), "c-door": "yes", "c-lamp": "pass"}
    return Order("visit", login, f"/rounds/stops/{stop}/visits", fields, visit_id)
