"""Sends hostile files to a real server and looks what comes of each."""

import hashlib
import io
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from PIL import Image

from tests.support.hostile import NAMES, SIGN, Named
from tests.support.pictures import announcement
from tests.support.raw_phone import Heard, RawPhone
from tests.support.small_hospital import SmallHospital, memory_of

ACCEPTED = (200, 303)
REFUSED = (422, 413, 400)


@dataclass
class Outcome:
    """What happened to one file."""

    name: str
    status: int
    code: str
    words: str
    seconds: float
    complaints: list[str] = field(default_factory=list)


@dataclass
class Toll:
    """What it took altogether."""

    outcomes: list[Outcome] = field(default_factory=list)
    worker_growth: int = 0
    darkroom_most: int = 0
    darkroom_warm: int = 0

    @property
    def accepted(self) -> list[Outcome]:
        """Files that became photos."""
        return [one for one in self.outcomes if one.status in ACCEPTED]

    @property
    def slowest(self) -> Outcome:
        """The file that took longest."""
        return max(self.outcomes, key=lambda one: one.seconds)


def assault(hospital: SmallHospital, phone: RawPhone, tickets: Sequence[str], files: Iterable[Named]) -> Toll:
    """Send them all, one after the other: every other one as a plain form, under a name of its own."""
    toll, before = Toll(), {pid: memory_of(pid)["VmRSS"] for pid in hospital.workers()}
    for number, (name, data) in enumerate(files):
        began, ticket = time.monotonic(), tickets[number % len(tickets)]
        if number % 2 or not data:
            heard = phone.upload(f"/tickets/{ticket}/photos", {"role": "report"}, NAMES[number % len(NAMES)], data)
        else:
            heard = _announced(phone, ticket, data)
        took = time.monotonic() - began
        outcome = Outcome(name, heard.status, heard.headers.get("Crew-Refusal", ""), heard.words, took)
        outcome.complaints += _looked_at(hospital, outcome, data)
        toll.outcomes.append(outcome)
        if not number:
            toll.darkroom_warm = max((memory_of(pid)["VmRSS"] for pid in hospital.darkrooms()), default=0)
        toll.darkroom_most = max([toll.darkroom_most, *_most(hospital.darkrooms())])
    toll.worker_growth = max(memory_of(pid)["VmHWM"] - before[pid] for pid in before)
    return toll


def _most(pids: list[int]) -> list[int]:
    found = []
    for pid in pids:
        with suppress(OSError, KeyError):  # it ended
            found.append(memory_of(pid)["VmHWM"])
    return found


def _announced(phone: RawPhone, ticket: str, data: bytes) -> Heard:
    fields = announcement(data, role="report")
    heard = phone.send(f"/tickets/{ticket}/photos", fields)
    if heard.status not in ACCEPTED:
        return heard
    return phone.bytes_of(f"/photos/{fields['photo_id']}/original", data)


def _looked_at(hospital: SmallHospital, outcome: Outcome, data: bytes) -> list[str]:
    """What is wrong with how the server took it."""
    if outcome.status not in (*ACCEPTED, *REFUSED):
        return [f"answered with {outcome.status}"]
    if outcome.status in REFUSED:
        return [] if outcome.code and len(outcome.words.split()) > 3 else ["refused without words"]
    sha256, complaints = hashlib.sha256(data).hexdigest(), []
    for kind in ("large", "thumb", "small"):
        shown = (hospital.data / "photos" / kind / sha256[:2] / sha256).read_bytes()
        if SIGN in shown or b"<script" in shown or b"Exif" in shown:
            complaints.append(f"{kind} keeps words of the file")
        with Image.open(io.BytesIO(shown)) as image:
            image.load()
            if (image.format, image.mode) != ("JPEG", "RGB") or set(image.info) - _ORDINARY:
                complaints.append(f"{kind} is no plain JPEG: {image.info}")
    return complaints


_ORDINARY = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
