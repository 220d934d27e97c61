"""Photos of jobs as evidence: taken, shown, covered."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from PIL import Image

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import Cover
from tests.support.client import CrewClient, accepted
from tests.support.pictures import announcement, jpeg


def take(
    client: CrewClient, ticket: UUID | str, data: bytes | None = None, role: str = "before", **changes: Any
) -> str:
    """A photo of a job, announced and sent; its id."""
    data = data or jpeg(640, 480)
    headers = changes.pop("headers", {})
    fields = announcement(data, **changes)
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": role}, headers=headers))
    accepted(client.send(f"/photos/{fields['photo_id']}/original", body=data))
    return str(fields["photo_id"])


def row(app: Flask, photo_id: str) -> Photo:
    """The photo as the database has it."""
    with app.app_context():
        found = session.get_one(Photo, UUID(photo_id))
        session.expunge(found)
        return found


def change(app: Flask, photo_id: str, **columns: Any) -> None:
    """Set columns of a photo behind the application's back."""
    with app.app_context(), write_transaction():
        for name, value in columns.items():
            setattr(session.get_one(Photo, UUID(photo_id)), name, value)


def cover(app: Flask, photo_id: str, area: tuple[int, int, int, int]) -> None:
    """Blur an area of a photo, in thousandths, as whoever may do that does."""
    with app.app_context(), write_transaction():
        photo = session.get_one(Photo, UUID(photo_id))
        left, top, width, height = area
        place = {"x": left, "y": top, "width": width, "height": height}
        session.add(Cover(id=new_id(), site_id=photo.site_id, photo_id=photo.id, made_at=datetime.now(UTC), **place))
        photo.version += 1


def opened(data: bytes) -> Image.Image:
    """A picture as anybody sees it."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def stripes(width: int = 640, height: int = 480) -> bytes:
    """Black and white lines: whatever blurs them leaves grey."""
    image = Image.new("RGB", (width, height), "white")
    for x in range(0, width, 16):
        image.paste("black", (x, 0, x + 8, height))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def contrast(image: Image.Image, box: tuple[float, float, float, float]) -> int:
    """How far apart the darkest and the lightest pixel of a part are (parts of the whole)."""
    width, height = image.size
    part = image.crop((int(box[0] * width), int(box[1] * height), int(box[2] * width), int(box[3] * height)))
    pixels = part.convert("L").tobytes()
    return max(pixels) - min(pixels)
