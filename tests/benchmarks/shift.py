"""A demo hospital that runs, with people of a shift who are signed in already: what load is measured on."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import flask
from flask import Flask
from sqlalchemy import select

from crew_app import create_app
from crew_app.config import read_settings
from crew_app.core.db import db, session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.web.people import sign_in
from tests.acceptance.hospital import Hospital, make_demo
from tests.support.client import stamp

PATIENCE = 300
SITE = "main"


@dataclass(frozen=True)
class Worker:
    """Somebody with a phone of their own."""

    id: UUID
    login: str
    cookie: str


@contextmanager
def demo(data: Path | None, workers: int = 2) -> Iterator[Hospital]:
    """A copy of the demo's data with a server; `data`: a folder that `crew demo` made before."""
    with tempfile.TemporaryDirectory(prefix="crew-load-") as folder:
        template = make_demo(Path(folder) / "demo") if data is None else data
        hospital = Hospital(template, Path(folder) / "hospital")
        hospital.options = ["--workers", str(workers)]
        hospital.start()
        try:
            yield hospital
        finally:
            hospital.stop()
            shutil.rmtree(hospital.data, ignore_errors=True)


def application(hospital: Hospital) -> Flask:
    """The same installation in this process, for what is prepared."""
    return create_app(read_settings({"CREW_DATA": str(hospital.data), "CREW_DEMO": "1"}))


def signed_in(app: Flask, number: int) -> list[Worker]:
    """So many phones of people who work at the first site, each with a sign-in of its own."""
    with app.app_context():
        people = [one for one in session.scalars(select(Person).order_by(Person.login)).unique() if _works(one)]
        ids = [one.id for one in people]
        with write_transaction():
            found = [_sign_in(app, session.get_one(Person, ids[n % len(ids)])) for n in range(number)]
        session.remove()
        db.engine.dispose()
    return found


def _works(person: Person) -> bool:
    sites = {m.site.code: m.site_id for m in person.memberships}
    return person.active and SITE in sites and person.can(Right.WORK, sites[SITE]) and not person.must_change_password


def _sign_in(app: Flask, person: Person) -> Worker:
    with app.test_request_context():
        sign_in(person, "load")
        answer = flask.Response()
        app.session_interface.save_session(app, flask.session, answer)
        return Worker(person.id, person.login, answer.headers["Set-Cookie"].split(";")[0])


def ask(line: HTTPConnection, who: Worker, path: str) -> tuple[HTTPResponse, bytes]:
    """A page, or what a phone takes along."""
    line.request("GET", path, headers=_head(who) | {"Accept-Encoding": "br"})
    answer = line.getresponse()
    return answer, answer.read()


def send(
    line: HTTPConnection, who: Worker, path: str, body: dict[str, str] | bytes, key: UUID | None = None
) -> HTTPResponse:
    """A command from the outbox: fields, or the bytes of a photo."""
    at = stamp(datetime.now(UTC))
    media_type = "image/jpeg" if isinstance(body, bytes) else "application/x-www-form-urlencoded"
    head = {
        "Crew-Outbox": "1",
        "Crew-Key": str(key or new_id()),
        "Crew-Person": str(who.id),
        "Content-Type": media_type,
    }
    data = body if isinstance(body, bytes) else urlencode(body).encode()
    line.request("POST", path, data, _head(who) | head | {"Crew-Made-At": at, "Crew-Sent-At": at})
    answer = line.getresponse()
    answer.read()
    return answer


def _head(who: Worker) -> dict[str, str]:
    return {"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN", "Cookie": who.cookie}


def rooms(hospital: Hospital) -> list[str]:
    """Rooms of the first site, where something can break."""
    query = "SELECT p.id FROM places p JOIN sites s ON s.id = p.site_id WHERE s.code = ? AND p.kind = 'room'"
    return [str(UUID(str(room))) for (room,) in hospital.rows(query, SITE)]


def memory(hospital: Hospital) -> float:
    """Megabytes of the whole service: its processes' share of what they use (PSS)."""
    assert hospital.process
    return sum(_pss(pid) for pid in _tree(hospital.process.pid)) / 1024


def _tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def quantiles(seconds: Sequence[float]) -> str:
    """Median, p95, p99 and the longest, in ms."""
    times = sorted(seconds)
    shown = [times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95, 0.99)]
    return " ".join(f"{name} {at * 1000:.0f} ms" for name, at in zip(("p50", "p95", "p99"), shown, strict=True)) + (
        f" longest {times[-1] * 1000:.0f} ms"
    )


def machine() -> str:
    """What else was going on."""
    return f"{os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}"
