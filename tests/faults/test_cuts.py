"""After a power cut everything acknowledged is there, whole; the same look finds what a careless program would lose."""

import random
from pathlib import Path

import pytest

from tests.faults import recorder
from tests.faults.cuts import Record, cuts, record
from tests.faults.disk import Disk, Loss, Write
from tests.support.database import Template

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("cuts"),  # one record for all of them
    pytest.mark.skipif(not recorder.works(), reason="strace is not installed, or may not watch programs here"),
]
COMMANDS, CUTS, CONTROLS, SEED = 24, 10, 2, 7


@pytest.fixture(scope="module")
def seen(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A server at work, recorded once."""
    return record(sqlite_template, tmp_path_factory.mktemp("recorded"), COMMANDS, SEED)


def test_everything_acknowledged_survives_a_power_cut(seen: Record, tmp_path: Path) -> None:
    damage = cuts(seen, tmp_path / "image", CUTS, SEED)
    assert damage.found == []
    assert damage.images == CUTS
    assert damage.promised > 0


def test_a_database_that_is_not_forced_onto_the_disk_is_found_out(seen: Record, tmp_path: Path) -> None:
    """What `synchronous=NORMAL` would do: the log is written, and not waited for."""
    damage = cuts(seen.without("/crew.db-wal"), tmp_path / "image", CONTROLS, SEED, (Loss.ALL,), after=0.9)
    assert [one for one in damage.found if one.startswith("lost: ")]


@pytest.mark.parametrize("careless", ["/photos/original/", "/photos/"])
def test_a_photo_that_is_not_forced_onto_the_disk_is_found_out(seen: Record, tmp_path: Path, careless: str) -> None:
    damage = cuts(seen.without(careless), tmp_path / "image", CONTROLS, SEED, (Loss.ALL,), after=0.9)
    assert [one for one in damage.found if one.startswith("missing: original")]


def test_a_cut_keeps_what_was_forced_and_no_more(tmp_path: Path) -> None:
    root = tmp_path / "disk"
    root.mkdir()
    (root / "there").write_bytes(b"before")
    disk = Disk(root)
    write(disk, "there", b"A" * 6, at=1)
    disk.force(str(root / "there"), before=2)
    write(disk, "there", b"B" * 6, at=3)
    for loss, wanted in ((Loss.ALL, b"A" * 6), (Loss.NONE, b"B" * 6)):
        disk.cut(tmp_path / loss.name, loss, random.Random(SEED))
        assert (tmp_path / loss.name / "there").read_bytes() == wanted


def write(disk: Disk, name: str, data: bytes, at: int) -> None:
    file = disk.file(str(disk.root / name))
    assert file
    file.change(Write(0, data), at)
