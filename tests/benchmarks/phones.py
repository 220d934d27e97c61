"""A shift begins: phones ask what is new, fetch the pages that changed overnight, and send what waits on them.

`make phones PHONES=500`; DATA=folder of `crew demo` saves making it. Each phone has a sign-in of its own and begins
within SPREAD seconds; it knows the pages of yesterday, so that only what the new day or a job changed is fetched.
"""

import argparse
import json
import random
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import brotli
from flask import Flask

from crew_app.core.clock import now
from crew_app.core.db import db, session
from crew_app.core.ids import new_id
from crew_app.people.models import Person
from crew_app.sync.manifest import Asked, manifest
from crew_app.web.assets import build
from tests.acceptance.hospital import Hospital
from tests.benchmarks import shift
from tests.benchmarks.shift import Worker

AT_ONCE = 25
AGAIN = (429, 503)
LOOK = "zh-Hans-CN"


@dataclass
class Morning:
    """What came of it."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    asked_again: int = 0
    pages: int = 0
    received: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float, size: int = 0, pages: int = 0) -> None:
        """One answer that was good."""
        with self.lock:
            self.took[what].append(seconds)
            self.received += size
            self.pages += pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=500)
    parser.add_argument("--spread", type=float, default=5.0)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--all-pages", action="store_true", help="phones that know no page yet")
    asked = parser.parse_args()
    with shift.demo(asked.data) as hospital:
        app = shift.application(hospital)
        people = shift.signed_in(app, asked.phones)
        known = {} if asked.all_pages else yesterday(app, people)
        said, morning = shift.machine(), Morning()
        began = time.monotonic()
        threads = [Phone(hospital, who, known.get(who.login, {}), morning) for who in people]
        for thread in threads:
            thread.delay = random.Random(thread.who.cookie).uniform(0, asked.spread)
            thread.start()
        for thread in threads:
            thread.join()
        _report(morning, asked.phones, time.monotonic() - began)
        print(f"memory (PSS) {shift.memory(hospital):.0f} MB; {said}")


def yesterday(app: Flask, people: list[Worker]) -> dict[str, dict[str, str]]:
    """The revisions of a day ago, by log-in name: what phones that were updated then have."""
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        found = {}
        for who in {one.login: one for one in people}.values():
            person = session.get_one(Person, who.id)
            asked = Asked(person, f"{build()} {LOOK}", now() - timedelta(days=1), chinese=True)
            found[who.login] = dict(manifest(asked)["pages"])
        session.remove()
        db.engine.dispose()
    return found


class Phone(threading.Thread):
    """One phone from waking up to an empty outbox."""

    delay = 0.0

    def __init__(self, hospital: Hospital, who: Worker, known: dict[str, str], morning: Morning) -> None:
        super().__init__(daemon=True)
        self.hospital, self.who, self.known, self.morning = hospital, who, known, morning

    def run(self) -> None:
        """Whatever goes wrong is counted, and the phone stops."""
        time.sleep(self.delay)
        try:
            with closing(HTTPConnection("127.0.0.1", self.hospital.port, timeout=shift.PATIENCE)) as line:
                began = time.monotonic()
                self._send_all(line)
                self._fetch(line)
                self.morning.note("whole", time.monotonic() - began)
        except (OSError, HTTPException, AssertionError) as error:
            with self.morning.lock:
                self.morning.errors[f"{type(error).__name__} {error}"[:60]] += 1

    def _send_all(self, line: HTTPConnection) -> None:
        ticket, room = str(new_id()), random.choice(shift.rooms(self.hospital))
        opening = {"ticket_id": ticket, "place_id": room, "job_kind": "lamp", "description": "灯管闪烁"}
        self._send(line, "/tickets", opening)
        self._send(line, f"/tickets/{ticket}/acceptance", {})
        for words in ("已到现场", "正在更换灯管"):
            self._send(line, f"/tickets/{ticket}/notes", {"note": words})
        self._send(line, f"/tickets/{ticket}/completion", {"note": "已更换"})

    def _send(self, line: HTTPConnection, path: str, fields: dict[str, str]) -> None:
        key, began = new_id(), time.monotonic()
        while True:
            answer = shift.send(line, self.who, path, fields, key)
            if not self._later(answer.status, answer.headers.get("Retry-After")):
                break
        assert answer.status in (200, 201), answer.status
        self.morning.note("command", time.monotonic() - began)

    def _fetch(self, line: HTTPConnection) -> None:
        found = json.loads(self._get(line, "manifest", "/sync/manifest", 0))
        missing = [url for url, revision in found["pages"] if self.known.get(url) != revision]
        for start in range(0, len(missing), AT_ONCE):
            urls = missing[start : start + AT_ONCE]
            self._get(line, "bundle", f"/sync/bundle?{urlencode([('url', url) for url in urls])}", len(urls))

    def _get(self, line: HTTPConnection, what: str, path: str, pages: int) -> bytes:
        began = time.monotonic()
        while True:
            answer, data = shift.ask(line, self.who, path)
            if not self._later(answer.status, answer.headers.get("Retry-After")):
                break
        assert answer.status == 200, answer.status
        self.morning.note(what, time.monotonic() - began, len(data), pages)
        return brotli.decompress(data) if what == "manifest" and answer.headers.get("Content-Encoding") else data

    def _later(self, status: int, after: str | None) -> bool:
        if status not in AGAIN:
            return False
        with self.morning.lock:
            self.morning.asked_again += 1
        time.sleep(float(after or 1))
        return True


def _report(morning: Morning, phones: int, seconds: float) -> None:
    print(f"{phones} phones were done after {seconds:.1f} s; errors {sum(morning.errors.values())}", end="; ")
    print(f"asked again {morning.asked_again}; {morning.pages} pages, {morning.received / 1e6:.1f} MB received")
    for what, times in morning.took.items():
        print(f"  {what:9} {len(times):6}  {shift.quantiles(times)}")
    for error, count in morning.errors.items():
        print(f"  {count} x {error}")


if __name__ == "__main__":
    main()
