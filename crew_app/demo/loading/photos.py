"""Rows of photos; their pictures are drawn, and put into the store as if they had come from a phone."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from crew_app.demo.loading.ids import Row, known, timed
from crew_app.demo.loading.work import person_id
from crew_app.demo.pictures import again, photo
from crew_app.demo.records import DemoPhoto, DemoTicket
from crew_app.evidence.actions import arrive
from crew_app.evidence.store import Store
from crew_app.tickets.models import PhotoRole

SEED = 1839
WAY = timedelta(seconds=3)


class PhotoRows(NamedTuple):
    """A photo, and what binds it to its ticket."""

    photo: Row
    binding: Row


def photo_rows(tickets: Iterable[DemoTicket], ids: dict[int, UUID], store: Store) -> Iterator[PhotoRows]:
    """Every photo of every ticket; its bytes are on the disk before its row is known."""
    dice = Random(SEED)  # noqa: S311 - the same every time
    taken: dict[str, bytes] = {}
    for ticket in tickets:
        for position, demo_photo in enumerate(ticket.photos):
            id_ = timed(demo_photo.at, dice)
            data = _drawn(demo_photo, dice.getrandbits(32), taken)
            row = _photo(demo_photo, ticket.site, data, store) | {"id": id_}
            binding = {
                "photo_id": id_,
                "ticket_id": ids[ticket.serial],
                "site_id": known("site", ticket.site),
                "role": demo_photo.role,
                "position": position,
            }
            yield PhotoRows(row, binding)


def _drawn(demo_photo: DemoPhoto, hand: int, taken: dict[str, bytes]) -> bytes:
    """The picture, or an earlier one again; `taken` keeps the last ones by what they may be used for again."""
    fixed = demo_photo.role is PhotoRole.AFTER
    if demo_photo.again:
        return again(taken[f"{demo_photo.again} {demo_photo.scene}"], demo_photo.at)
    data = photo(demo_photo.scene, fixed=fixed, taken_at=demo_photo.at, hand=hand)
    taken[f"{'copied' if fixed else 'before'} {demo_photo.scene}"] = data
    return data


def _photo(demo_photo: DemoPhoto, site: str, data: bytes, store: Store) -> Row:
    arrival = arrive(data, store)
    return {
        "site_id": known("site", site),
        "person_id": person_id(demo_photo.person),
        "sha256": arrival.sha256,
        "byte_size": arrival.byte_size,
        "media_type": arrival.picture.media_type,
        "source": demo_photo.source,
        "taken_at": demo_photo.at,
        "at": demo_photo.at,
        "received_at": demo_photo.at + WAY,
        "stored_at": demo_photo.at + 2 * WAY,
        "width": arrival.picture.width,
        "height": arrival.picture.height,
        "exif_at": arrival.picture.exif_at,
        "latitude": None,
        "longitude": None,
        "camera": arrival.picture.camera,
    }
