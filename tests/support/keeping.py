"""Photos with their bytes, rules of a site, and the tampering of somebody who may write to the database file."""

import sqlite3
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from crew_app.core.chain_checks import faults
from crew_app.core.clock import now, server_moment
from crew_app.core.db import db, session, write_transaction
from crew_app.evidence import site_rules
from crew_app.evidence.models import Photo
from crew_app.evidence.rule_models import EvidenceKind
from crew_app.web.sealing import seal_what_was_there
from tests.support.client import CrewClient, accepted
from tests.support.pictures import announcement, camera_jpeg
from tests.support.world import World

SIZES = ("original", "large", "thumb")


def add_photo(client: CrewClient, ticket: UUID, data: bytes | None = None, role: str = "before", **more: Any) -> UUID:
    """A photo of a job that is announced and has arrived; its id."""
    data = data or camera_jpeg()
    fields = announcement(data, **more)
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": role}))
    accepted(client.send(f"/photos/{fields['photo_id']}/original", body=data))
    return UUID(fields["photo_id"])


def decide(app: Flask, world: World, days: dict[str, int] | None = None, **more: Any) -> None:
    """What the north wants, as its manager says it."""
    kept = {EvidenceKind(kind): number for kind, number in (days or {}).items()}
    fields = {"position_days": 0, "blur_faces": False, "sample_percent": 100, "costly": Decimal(200), "days": kept}
    with app.app_context(), write_transaction():
        wish = site_rules.Wish(**{**fields, **more})
        site_rules.change(world.sites["north"], wish, by=world.person("manager"), at=server_moment())


def photo_of(app: Flask, photo_id: UUID) -> Photo:
    """A photo as it stands, cut off from the database."""
    with app.app_context():
        found = session.scalars(select(Photo).where(Photo.id == photo_id)).one()
        session.expunge(found)
        return found


def files_of(app: Flask, photo: Photo) -> set[str]:
    """In which sizes there are bytes of it."""
    root = Path(app.config["SETTINGS"].photo_store)
    return {size for size in SIZES if (root / size / photo.sha256[:2] / photo.sha256).exists()}


def adopt_all(app: Flask, at: datetime | None = None) -> None:
    """What the small hospital held before gets its places in the chain."""
    with app.app_context():
        seal_what_was_there(app.config["SETTINGS"], at or now())


def faults_of(app: Flask) -> list[tuple[str, str]]:
    """What the check of the chain finds, by what and kind."""
    with app.app_context():
        return sorted((fault.what, fault.kind) for fault in faults())


def by_hand(app: Flask, *statements: str, tables: tuple[str, ...] = ()) -> None:
    """On the file itself, as somebody with access to the machine would; triggers of these tables are no hindrance."""
    free = [f"DROP TRIGGER {table}_no_{verb}" for table in tables for verb in ("update", "delete", "replace")]
    with app.app_context(), closing(sqlite3.connect(str(db.engine.url.database))) as connection, connection:
        for statement in [*free, *statements]:
            connection.execute(statement)
