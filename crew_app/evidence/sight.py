"""What is seen of pictures, in the darkroom: bytes in, small facts out."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from crew_app.evidence import screens
from crew_app.evidence.closeness import Placement, closeness
from crew_app.evidence.prints import Print, kept_parts, looks, opened, trimmed

PRINTED, COMPARED = 320, 320


@dataclass(frozen=True, slots=True)
class Signs:
    """How sure it is, from 0 to 1, that a picture is no photo of the thing itself."""

    screenshot: float = 0.0
    screen_photo: float = 0.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What is kept of a picture, what is asked with, what it looks like."""

    kept: list[Print]
    looks: list[Print]
    signs: Signs


def see(data: bytes, shape: str, camera: str) -> Sight:
    """Look at a picture; `shape` and `camera` are what is known of its file."""
    picture = trimmed(opened(data, PRINTED))
    with Image.open(io.BytesIO(data)) as whole:
        signs = Signs(screens.screenshot(whole, shape, camera), screens.screen_photo(whole))
    return Sight(kept_parts(picture), looks(picture), signs)


def compare(new: bytes, old: bytes, starts: Sequence[Placement], mirrored: bool) -> float:  # noqa: FBT001 - sent on
    """How close two pictures are, as `closeness` says it."""
    pictures = [trimmed(opened(data, COMPARED)) for data in (new, old)]
    return closeness(pictures[0], pictures[1], starts, mirrored=mirrored)
