"""So many changes a second, a fifth of them photos of 300 kB, whatever the server makes of it (an open loop).

`make load SECONDS=300 RATE=50`; DATA=folder of `crew demo` saves making it. A time counts from when a change should
have been sent. A job is opened, accepted, noted; its photo is announced and sent; each step a second after the other.
"""

import argparse
import hashlib
import random
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from PIL import Image

from crew_app.core.ids import new_id
from tests.acceptance.hospital import Hospital
from tests.benchmarks import shift
from tests.benchmarks.shift import Worker
from tests.support.client import stamp
from tests.support.pictures import encoded

STEPS = ("open", "accept", "note", "announce", "photo")
LINES = 64
PEOPLE = 30
PHOTO_BYTES = 300_000


@dataclass
class Result:
    """Seconds by kind of change, answers by status."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Job:
    """One job, who has it, and the photo that belongs to it."""

    who: Worker
    ticket: str
    room: str
    photo: str
    salt: bytes
    over: tuple[threading.Event, ...] = field(default_factory=lambda: tuple(threading.Event() for _ in STEPS))
    """Steps that are over: a phone sends one after the other, and waiting for the one before counts as well."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--data", type=Path, default=None)
    asked = parser.parse_args()
    with shift.demo(asked.data) as hospital:
        people = shift.signed_in(shift.application(hospital), PEOPLE)
        said, before = shift.machine(), shift.memory(hospital)
        result = Load(hospital, people, asked.rate).run(asked.seconds)
        _report(result, asked.seconds, asked.rate)
        print(f"memory (PSS) {before:.0f} MB before, {shift.memory(hospital):.0f} MB after; {said}")
        print(hospital.check_ledger().strip())


class Load:
    """Changes that come by the clock, each in a thread of its own as soon as one is free."""

    def __init__(self, hospital: Hospital, people: list[Worker], rate: int) -> None:
        self.hospital, self.people, self.rate = hospital, people, rate
        self.rooms, self.picture, self.result = shift.rooms(hospital), picture(), Result()
        self.jobs: dict[int, Job] = {}
        self.line = threading.local()

    def run(self, seconds: int) -> Result:
        """Send at the rate for so long, then wait for what is on its way."""
        with ThreadPoolExecutor(LINES) as pool:
            began = time.monotonic()
            for number in range(seconds * self.rate):
                due = began + number / self.rate
                time.sleep(max(0.0, due - time.monotonic()))
                pool.submit(self._change, number, due)
        return self.result

    def _change(self, number: int, due: float) -> None:
        """One change: which step of which job follows from its number."""
        step = number % len(STEPS)
        which = number // len(STEPS) - step * (self.rate // len(STEPS))
        job = self.jobs.get(which) if step else None
        if job is None:  # the first seconds have no jobs yet to go on with
            step, job = 0, self._new(number)
            if number % len(STEPS) == 0:
                self.jobs[number // len(STEPS)] = job
        if step:
            job.over[step - 1].wait(shift.PATIENCE)
        status = self._send(STEPS[step], job)
        job.over[step].set()
        with self.result.lock:
            self.result.took[STEPS[step]].append(time.monotonic() - due)
            self.result.answers[status] += 1

    def _new(self, number: int) -> Job:
        who = self.people[number % len(self.people)]
        room = self.rooms[number % len(self.rooms)]
        return Job(who, str(new_id()), room, str(new_id()), new_id().bytes * 2)

    def _send(self, step: str, job: Job) -> str:
        ticket = f"/tickets/{job.ticket}"
        data = salted(self.picture, job.salt) if step in ("announce", "photo") else b""
        opening = {"ticket_id": job.ticket, "place_id": job.room, "job_kind": "lamp", "description": "灯管闪烁"}
        steps: dict[str, tuple[str, dict[str, str] | bytes]] = {
            "open": ("/tickets", opening),
            "accept": (f"{ticket}/acceptance", {}),
            "note": (f"{ticket}/notes", {"note": "已到现场，准备更换灯管"}),
            "announce": (f"{ticket}/photos", announced(job, data)),
            "photo": (f"/photos/{job.photo}/original", data),
        }
        path, body = steps[step]
        try:
            return str(shift.send(self._line(), job.who, path, body).status)
        except (OSError, HTTPException) as error:
            self.line.open = None
            return type(error).__name__

    def _line(self) -> HTTPConnection:
        if getattr(self.line, "open", None) is None:
            self.line.open = HTTPConnection("127.0.0.1", self.hospital.port, timeout=shift.PATIENCE)
        found: HTTPConnection = self.line.open
        return found


def picture() -> bytes:
    """A photo of some 300 kB."""
    chance = random.Random(7)
    small = Image.frombytes("RGB", (400, 300), chance.randbytes(400 * 300 * 3)).resize((1600, 1200))
    made = [encoded(small, "JPEG", quality=quality) for quality in range(40, 96, 5)]
    return min(made, key=lambda data: abs(len(data) - PHOTO_BYTES))


def salted(data: bytes, salt: bytes) -> bytes:
    """The same picture with a comment of its own, so that nobody has seen these bytes before."""
    return data[:2] + b"\xff\xfe" + (len(salt) + 2).to_bytes(2, "big") + salt + data[2:]


def announced(job: Job, data: bytes) -> dict[str, str]:
    """The fields with which a phone announces the photo of a job."""
    return {
        "photo_id": job.photo,
        "photo_sha256": hashlib.sha256(data).hexdigest(),
        "photo_bytes": str(len(data)),
        "photo_type": "image/jpeg",
        "photo_taken_at": stamp(datetime.now(UTC)),
        "photo_source": "camera",
        "role": "before",
    }


def _report(result: Result, seconds: int, rate: int) -> None:
    everything = [one for times in result.took.values() for one in times]
    print(f"{rate} changes a second for {seconds} s: {len(everything)} changes; {shift.quantiles(everything)}")
    for step in STEPS:
        if result.took[step]:
            print(f"  {step:9} {len(result.took[step]):6}  {shift.quantiles(result.took[step])}")
    errors = sum(count for status, count in result.answers.items() if status not in ("200", "201"))
    print(f"errors {errors}; answers {dict(result.answers)}")


if __name__ == "__main__":
    main()
