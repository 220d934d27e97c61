"""More than five hundred files that no phone should send, posted to a real server: none of them breaks anything."""

import time

import pytest

from tests.support.assault import ACCEPTED, assault
from tests.support.hostile import SIGN, files
from tests.support.pictures import jpeg
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import small_hospital

pytestmark = pytest.mark.timeout(900)
MEGABYTE = 1024
"""In the kilobytes of the kernel."""


def test_no_file_breaks_the_server_or_shows_itself(sqlite_template, tmp_path):
    with small_hospital(sqlite_template, tmp_path) as hospital:
        phone, tickets = RawPhone(hospital.port, "technician"), hospital.tickets(sqlite_template, 100)
        workers = hospital.workers()
        toll = assault(hospital, phone, tickets, files())
        assert len(toll.outcomes) >= 500
        assert {one.name: one.complaints for one in toll.outcomes if one.complaints} == {}
        assert hospital.workers() == workers, "a worker was lost"
        assert 50 < len(toll.accepted) < len(toll.outcomes) - 50
        assert toll.darkroom_most - toll.darkroom_warm < 150 * MEGABYTE
        assert toll.worker_growth < 150 * MEGABYTE
        last = phone.upload(f"/tickets/{tickets[0]}/photos", {"role": "report"}, "last.jpg", jpeg())
        assert last.status in ACCEPTED
        page = phone.ask("GET", f"/tickets/{tickets[0]}")
        assert page.status == 200
        assert SIGN not in page.body


PATIENCE = 20


def went_down(hospital, workers):
    """Whether the server or a worker of it ended; the system tells it a moment later."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if hospital.process.poll() is not None or hospital.workers() != workers:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("cut", ["copies", "process"])
def test_without_its_protection_the_same_test_would_fail(sqlite_template, tmp_path, cut):
    """Served as it came, a file shows its marker; a decoder that dies in the worker takes the worker along."""
    from tests.acceptance.sabotage import Cut, sabotaged  # noqa: PLC0415 - only here

    actions = "crew_app/evidence/actions.py"
    here = "__import__('os').abort() if b'WARD' in data else examine(data)"
    cuts = {
        "copies": Cut(actions, 'f"large/{sha256}", picture.large', 'f"large/{sha256}", data'),
        "process": Cut(actions, "develop(examine, data)", f"({here})"),
    }
    program = sabotaged(tmp_path / "program", cuts[cut])
    with small_hospital(sqlite_template, tmp_path, program) as hospital:
        phone, tickets = RawPhone(hospital.port, "technician"), hospital.tickets(sqlite_template)
        workers, marked = hospital.workers(), ("marked", jpeg() + SIGN)
        try:
            toll = assault(hospital, phone, tickets, [("first", jpeg()), marked])
        except (OSError, KeyError):
            assert cut == "process"
            assert went_down(hospital, workers)
        else:
            assert cut == "copies"
            assert any(one.complaints for one in toll.outcomes)
