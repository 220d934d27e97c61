"""A disk that is full under a running server: 507 in words, nothing half done, and it recovers by itself."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest

from crew_app.core.ids import new_id
from tests.faults.books import wrong_books
from tests.support.database import Template
from tests.support.pictures import announcement, jpeg
from tests.support.raw_phone import Heard, RawPhone
from tests.support.small_hospital import SmallHospital, small_hospital
from tests.support.tickets import report_fields

pytestmark = pytest.mark.timeout(240)
SIZE_MB, MOST_TRIES = 24, 400
TABLES = ("tickets", "ticket_events", "receipts", "photos")


@dataclass
class Disk:
    """A small one of its own, or where nobody may mount anything, a limit of how long files may get."""

    folder: Path
    mounted: bool

    def fill(self, hospital: SmallHospital) -> None:
        """Nothing can be added from now on."""
        if not self.mounted:
            self._limit(hospital, 0)
            return
        with (self.folder / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                return

    def free(self, hospital: SmallHospital) -> None:
        """There is room again."""
        if self.mounted:
            (self.folder / "filler").unlink()
        else:
            self._limit(hospital, resource.RLIM_INFINITY)

    @staticmethod
    def _limit(hospital: SmallHospital, size: int) -> None:
        for pid in hospital.workers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture(params=["small", pytest.param("limited", marks=pytest.mark.soak)])
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "limited":
        yield Disk(folder, mounted=False)
        return
    mount = [shutil.which("mount") or "/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield Disk(folder, mounted)
    if mounted:
        subprocess.run([shutil.which("umount") or "/bin/umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_told_and_everything_arrives_once_there_is_room(sqlite_template: Template, disk: Disk) -> None:
    with small_hospital(sqlite_template, disk.folder) as hospital:
        phone, data = RawPhone(hospital.port, "technician"), jpeg(320, 240)
        (ticket,) = hospital.tickets(sqlite_template)
        photo = announcement(data, role="before")
        assert phone.send(f"/tickets/{ticket}/photos", photo).status == HTTPStatus.OK
        disk.fill(hospital)
        sent, key = report_fields(sqlite_template.world), new_id()
        told(until_full(hospital, phone, ticket))
        before = counts(hospital)
        told(phone.send("/tickets", sent, key))
        told(phone.bytes_of(f"/photos/{photo['photo_id']}/original", data))
        assert counts(hospital) == before
        assert half_written(hospital) == []
        assert phone.ask("GET", f"/tickets/{ticket}").status == HTTPStatus.OK
        disk.free(hospital)
        assert phone.send("/tickets", sent, key).status == HTTPStatus.CREATED
        assert phone.send("/tickets", sent, key).status == HTTPStatus.CREATED
        assert phone.bytes_of(f"/photos/{photo['photo_id']}/original", data).status == HTTPStatus.OK
        assert counts(hospital)["tickets"] == before["tickets"] + 1
        assert wrong_books(hospital.data) == []


def until_full(hospital: SmallHospital, phone: RawPhone, ticket: str) -> Heard:
    """The log of the database has some room of its own, which a full disk leaves: work until that is used up."""
    for number in range(MOST_TRIES):
        heard = phone.send(f"/tickets/{ticket}/notes", {"note": f"{number} " + "满" * 1500})
        if heard.status != HTTPStatus.OK:
            return heard
    raise AssertionError("the disk was never full")


def told(heard: Heard) -> None:
    """It says what happened, that it is kept, and when to try again."""
    assert heard.status == HTTPStatus.INSUFFICIENT_STORAGE, (heard.status, heard.words)
    assert heard.headers["Crew-Refusal"] == "disk-full"
    assert int(heard.headers["Retry-After"]) > 0
    assert "disk is full" in heard.words


def counts(hospital: SmallHospital) -> dict[str, int]:
    return {table: int(str(hospital.value(f"SELECT COUNT(*) FROM {table}"))) for table in TABLES}


def half_written(hospital: SmallHospital) -> list[Path]:
    return [path for path in (hospital.data / "photos").rglob(".*") if path.is_file()]
