"""What a stop's form says, as typed values or a refusal."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crew_app.core.clock import Moment, moment, plausible
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.phones.models import Device
from crew_app.rounds.answers import parse
from crew_app.rounds.content import StopPlan
from crew_app.rounds.rules import How
from crew_app.rounds.visits import Seen, Shot
from crew_app.tickets.forms import text, uuid

_HASH = re.compile(r"[0-9a-f]{16}")
_POSITION = re.compile(r"(-?\d{1,2}\.\d{1,8}) (-?\d{1,3}\.\d{1,8}) (\d{1,7}(?:\.\d)?)")
FRAME = "frame"
"""The photo that is the camera's frame of the scan, and no photo of a check."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The photos of a form and what each is for: the key of a check, or nothing for the stop as a whole."""

    photos: Sequence[Announcement]
    named: Sequence[str]

    @property
    def purposes(self) -> list[str]:
        """One for each photo; `Refused` when there are more purposes than photos."""
        if len(self.named) > len(self.photos):
            raise Refused("photo-fields", N_("The photo could not be announced. Please choose it again."))
        return [*(name[:40] for name in self.named), *[""] * (len(self.photos) - len(self.named))]


def parse_seen(
    form: Mapping[str, str], plan: StopPlan, pictures: Pictures, at: Moment, device: Device | None, *, skipped: bool
) -> Seen:
    """How somebody left a stop; answers only where it was visited."""
    pairs = list(zip(pictures.photos, pictures.purposes, strict=True))
    shots = [Shot(photo, purpose) for photo, purpose in pairs if purpose != FRAME]
    frames = [photo for photo, purpose in pairs if purpose == FRAME]
    counted = Counter(shot.check_key for shot in shots)
    return Seen(
        visit_id=uuid(form, "visit_id"),
        answers=() if skipped else parse(plan, form, counted),
        how=_how(form.get("how", "")),
        tag_code=form.get("tag", "")[:60],
        scanned_at=_scanned(form.get("scanned_at", ""), at),
        frame_hash=form["frame_hash"] if _HASH.fullmatch(form.get("frame_hash", "")) else "",
        frame=frames[0] if frames else None,
        photos=shots,
        challenge_answer=text(form, "challenge")[:60],
        reason=text(form, "reason"),
        note=text(form, "note"),
        device=device,
        position=_position(form.get("position", "")),
    )


def _position(value: str) -> tuple[float, float, float] | None:
    """Latitude, longitude and accuracy in metres; what makes no sense is no position, and no reason to refuse."""
    found = _POSITION.fullmatch(value)
    latitude, longitude, accuracy = map(float, found.groups()) if found else (91.0, 0.0, 0.0)
    known = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004 - the earth
    return (latitude, longitude, accuracy) if known else None


def _how(value: str) -> How:
    try:
        return How(value)
    except ValueError:
        return How.TAP


def _scanned(value: str, at: Moment) -> datetime | None:
    """When the tag was scanned, in corrected time; the device's own time like all others of this command."""
    try:
        told = plausible(datetime.fromisoformat(value)) if value else None
    except ValueError:
        return None
    if told is None or at.offset is None:
        return None
    return moment(at.received_at, told, at.received_at - at.offset).at
