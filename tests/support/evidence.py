"""Photos that have arrived, bound to jobs, and looked at by the worker."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from PIL import Image

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.evidence.actions import Announcement, arrive, store_original
from crew_app.evidence.challenges import Challenge
from crew_app.evidence.models import Photo, PhotoSource
from crew_app.evidence.proof_models import PhotoFlag
from crew_app.evidence.store import LocalStore
from crew_app.tickets import photos
from crew_app.tickets.models import PhotoRole, Ticket
from crew_app.web import looking
from tests.bench.scenery import corridor, shelf
from tests.support.applications import SignIn
from tests.support.lint import Page
from tests.support.pictures import encoded
from tests.support.tickets import make_ticket
from tests.support.world import World


@dataclass
class Camera:
    """Takes pictures for jobs of the small hospital and lets the worker look at them."""

    app: Flask
    world: World

    def take(self, ticket: UUID, role: str, data: bytes, **options: Any) -> UUID:
        """A photo of a job that has arrived; `by` a log-in name or None, `at` when, and fields of its announcement."""
        by, stored = options.pop("by", "technician"), options.pop("stored", True)
        at = options.pop("at", None) or datetime.now(UTC)
        moment = at if isinstance(at, Moment) else server_moment(at)
        fields: dict[str, Any] = {"source": PhotoSource.CAMERA, "taken_at": moment.at} | options
        photo = Announcement(new_id(), _sha256(data), len(data), "image/jpeg", data=data, **fields)
        with self.app.app_context(), write_transaction():
            person = self.world.person(by) if by else None
            photos.attach(session.get_one(Ticket, ticket), PhotoRole(role), [photo], by=person, at=moment)
            if stored:
                store_original(session.get_one(Photo, photo.photo_id), arrive(data, self.store), at=moment)
        return photo.photo_id

    def arrive(self, photo_id: UUID, data: bytes) -> None:
        """The bytes of a photo that was only announced."""
        with self.app.app_context(), write_transaction():
            photo = session.get_one(Photo, photo_id)
            store_original(photo, arrive(data, self.store), at=server_moment(photo.received_at))

    def look(self) -> int:
        """The worker's turn."""
        with self.app.app_context():
            return looking.look(self.app.config["SETTINGS"], datetime.now(UTC))

    def flags(self) -> set[tuple[UUID, str, UUID | None]]:
        """All flags: photo, kind, the other photo."""
        with self.app.app_context():
            return {(flag.photo_id, flag.kind.value, flag.other_id) for flag in session.query(PhotoFlag)}

    @property
    def store(self) -> LocalStore:
        """Where the application keeps its photos."""
        found: LocalStore = self.app.extensions["crew_store"]
        return found


def challenge(ago: timedelta = timedelta(minutes=1)) -> Challenge:
    """A challenge that was given a while ago."""
    return Challenge(new_id(), datetime.now(UTC) - ago)


def shot(subject: int, number: int = 1) -> Image.Image:
    """A picture of something, by somebody."""
    return corridor(subject, number) if subject % 2 else shelf(subject, number)


def jpeg_of(picture: Image.Image, quality: int = 85) -> bytes:
    """Its bytes."""
    return encoded(picture, "JPEG", quality=quality)


def flag_page(app: Flask, world: World, sign_in: SignIn) -> Page:
    """The list of flags with one in it."""
    camera = Camera(app, world)
    camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(11)), source=PhotoSource.GALLERY)
    camera.look()
    return sign_in("supervisor").page("/photo-flags")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
