"""The server's clock jumps: a day ahead, an hour back, to 2038. Work, sign-ins, chain and worker bear it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from crew_app.core.ids import new_id
from tests.faults.books import wrong_books
from tests.faults.site import round_template
from tests.support.database import Template
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import SmallHospital, founded
from tests.support.tickets import report_fields

pytestmark = pytest.mark.timeout(300)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CLOCK = Path(__file__).with_name("clock")
BEAT = "SELECT COUNT(*) FROM heartbeats WHERE name = 'worker' AND at BETWEEN ? AND ?"


class Clock:
    """The server's, which does what it is told."""

    def __init__(self, path: Path, hospital: SmallHospital) -> None:
        self.path, self.hospital, self.wrong_by = path, hospital, timedelta()

    def jump(self, to: timedelta) -> None:
        """Be wrong by so much from now on, and wait until the worker goes by that."""
        self.wrong_by = to
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(to.total_seconds()))
        fresh.replace(self.path)
        began = datetime.now(UTC) + to
        self.hospital.until(BEAT, _text(began - timedelta(seconds=2)), _text(began + timedelta(minutes=5)), seconds=60)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@pytest.fixture
def hospital(sqlite_template: Template, tmp_path: Path) -> Iterator[SmallHospital]:
    built = founded(sqlite_template, tmp_path)
    built.environment |= {"PYTHONPATH": str(CLOCK), "CREW_TEST_CLOCK": str(tmp_path / "clock")}
    built.start()
    yield built
    built.stop()


def test_work_goes_on_whatever_the_clock_says(
    sqlite_template: Template, hospital: SmallHospital, tmp_path: Path
) -> None:
    clock, world = Clock(tmp_path / "clock", hospital), sqlite_template.world
    round_template(hospital, world)
    phone, first, key = RawPhone(hospital.port, "technician"), report_fields(world), new_id()
    answer = phone.send("/tickets", first, key)
    assert answer.status == 201
    ticket = first["ticket_id"]

    clock.jump(DAY)
    assert phone.send(f"/tickets/{ticket}/acceptance", {}).status == 200, "a day is no reason to be signed out"
    clock.jump(-HOUR)
    assert phone.send(f"/tickets/{ticket}/notes", {"note": "eine Stunde zurück"}).status == 200
    again = phone.send("/tickets", first, key)
    assert (again.status, again.headers["Crew-Location"]) == (201, answer.headers["Crew-Location"])

    year_2038 = datetime(2038, 1, 20, 3, tzinfo=UTC) - datetime.now(UTC)
    clock.jump(year_2038)
    assert phone.send(f"/tickets/{ticket}/completion", {"note": "2038"}).status == 401, (
        "a sign-in does not last so long"
    )
    later = RawPhone(hospital.port, "technician")
    assert later.send(f"/tickets/{ticket}/completion", {"note": "2038"}).status == 200
    second = report_fields(world)
    assert later.send("/tickets", second).status == 201
    assert deadline(hospital, second["ticket_id"]).year == 2038

    clock.jump(timedelta())
    assert later.send(f"/tickets/{second['ticket_id']}/acceptance", {}).status == 200
    assert later.ask("GET", f"/tickets/{ticket}").status == 200
    assert wrong_books(hospital.data) == []
    for one in (ticket, second["ticket_id"]):
        assert in_order(hospital, one)


def deadline(hospital: SmallHospital, ticket: str) -> datetime:
    found = hospital.value("SELECT resolution_due_at FROM tickets WHERE id = ?", UUID(ticket).hex)
    return datetime.fromisoformat(str(found))


def in_order(hospital: SmallHospital, ticket: str) -> bool:
    """Whether no state of a job began before the one it followed; notes keep the time of their own."""
    states = "SELECT at FROM ticket_events WHERE verb IN ('open', 'accept', 'finish') AND ticket_id = ?"
    rows = hospital.rows(f"{states} ORDER BY position", UUID(ticket).hex)
    times = [str(at) for (at,) in rows]
    return times == sorted(times)
