"""Making backups: what is in them, what a second one costs, what happens to photos meanwhile, and removing old ones."""

import hashlib
import sqlite3
from contextlib import closing

import pytest

from crew_app.backups import making
from crew_app.backups import manifest as lists
from crew_app.backups.manifest import listed
from crew_app.backups.pool import HALF, alone
from crew_app.backups.troubles import BackupTrouble
from crew_app.core import heartbeat
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.evidence import removing
from crew_app.evidence.models import Photo
from crew_app.web import keeping
from tests.support.backups import KEY, Safe, flip
from tests.support.client import accepted
from tests.support.keeping import add_photo, adopt_all, photo_of
from tests.support.pictures import jpeg
from tests.support.tickets import make_ticket

SIZES = ("original", "large", "small", "thumb")


@pytest.fixture
def safe(app, tmp_path):
    return Safe(app, tmp_path / "backups")


@pytest.fixture
def photo(app, world, sign_in):
    """One that is there: its fingerprint."""
    return photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world, "accepted"))).sha256


def remove(app, world, sha256):
    """Somebody removes a picture, and the worker deletes its bytes."""
    with app.app_context():
        with write_transaction():
            found = session.query(Photo).filter_by(sha256=sha256).one()
            removing.remove(found, "a patient is seen", by=world.person("manager"), at=server_moment())
        keeping.delete_removed(app.config["SETTINGS"], server_moment().at)


def test_everything_is_in_it_and_comes_back(app, world, sign_in, safe, photo, tmp_path):
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/notes", {"note": "vor der Sicherung"}))
    adopt_all(app)
    (tmp_path / "secret_key").write_text("k" * 64)
    made = safe.make()
    assert made.worries == []
    accepted(sign_in("technician").send(f"/tickets/{ticket}/notes", {"note": "danach"}))
    found = safe.restore(tmp_path / "new")
    assert found.problems == []
    with closing(sqlite3.connect(tmp_path / "new" / "crew.db")) as connection:
        notes = {row[0] for row in connection.execute("SELECT note FROM ticket_events")}
    assert "vor der Sicherung" in notes
    assert "danach" not in notes
    kept = {size: tmp_path / "new" / "photos" / size / photo[:2] / photo for size in SIZES}
    live = {size: tmp_path / "photos" / size / photo[:2] / photo for size in SIZES}
    assert {size: path.read_bytes() for size, path in kept.items()} == {k: p.read_bytes() for k, p in live.items()}
    assert (tmp_path / "new" / "secret_key").read_text() == "k" * 64
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["crew.db", "photos", "secret_key"]


def test_its_list_says_what_is_in_it(app, safe, photo):
    made = safe.make().manifest
    assert (made.photos, made.photo_files) == (1, 4)
    assert made.counts["people"] > 5
    assert made.heads
    assert made.ledger
    assert made.database_size == sum(part[1] for part in made.parts)
    assert made.revision


def test_a_second_one_writes_only_what_is_new(app, world, sign_in, safe, photo):
    first = safe.make()
    again = safe.make()
    assert again.written < first.written / 5
    add_photo(sign_in("technician"), make_ticket(app, world, "accepted"), jpeg(90, 50))
    third = safe.make()
    assert third.manifest.photos == 2
    assert third.written < first.written
    assert safe.check().problems == []


def test_a_photo_that_is_gone_from_the_pool_is_written_again(safe, photo):
    safe.make()
    safe.file_of(photo).unlink()
    assert safe.check().problems
    safe.make()
    assert safe.check().problems == []


def test_the_doctor_hears_of_it(app, safe):
    made = safe.make()
    with app.app_context():
        found = heartbeat.last_beat(making.BEAT)
        assert found is not None
        assert found.where == str(made.path)[:120]


def test_a_photo_removed_in_between_is_in_the_backup_with_its_row(app, world, safe, photo, monkeypatch):
    """Copied ahead, then the database is copied, then it is removed: what the copy names must be there."""
    copy = making.copy_database

    def copy_and_remove(*arguments):
        copy(*arguments)
        remove(app, world, photo)

    monkeypatch.setattr(making, "copy_database", copy_and_remove)
    made = safe.make()
    assert made.worries == []
    assert made.manifest.photos == 1
    assert safe.check().problems == []


def test_one_that_came_and_went_in_between_is_said_to_be_removed(app, world, sign_in, safe, monkeypatch):
    copy = making.copy_database
    came: list[str] = []

    def add_copy_and_remove(pool, found, manifest, known):
        copy(pool, found, manifest, known)
        remove(app, world, came[0])

    ahead = making.copy_ahead

    def ahead_and_add(*arguments):
        ahead(*arguments)
        came.append(photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world, "accepted"))).sha256)

    monkeypatch.setattr(making, "copy_database", add_copy_and_remove)
    monkeypatch.setattr(making, "copy_ahead", ahead_and_add)
    made = safe.make()
    assert made.worries == []
    assert f"original/{came[0]}" in made.manifest.removed
    assert safe.check().problems == []


def test_a_photo_that_is_nowhere_is_named_when_the_backup_is_made_and_when_it_is_checked(safe, photo, tmp_path):
    (tmp_path / "photos" / "original" / photo[:2] / photo).unlink()
    assert any(photo in worry and "nowhere" in worry for worry in safe.make().worries)
    assert any(photo in problem and "nowhere" in problem for problem in safe.check().problems)


def test_a_photo_that_an_earlier_backup_has_is_kept(safe, photo, tmp_path):
    safe.make()
    (tmp_path / "photos" / "original" / photo[:2] / photo).unlink()
    assert any("an earlier backup has it" in worry for worry in safe.make().worries)
    found = safe.restore(tmp_path / "new")
    assert found.problems == []
    data = (tmp_path / "new" / "photos" / "original" / photo[:2] / photo).read_bytes()
    assert hashlib.sha256(data).hexdigest() == photo


def test_a_photo_that_is_damaged_is_named_each_time(safe, photo, tmp_path):
    flip(tmp_path / "photos" / "original" / photo[:2] / photo)
    for _ in range(2):
        assert any("damaged" in worry for worry in safe.make().worries)
        assert any("damaged already" in problem for problem in safe.check().problems)


def test_two_at_once_are_refused(safe):
    safe.make()
    with alone(safe.target), pytest.raises(BackupTrouble, match="Another backup is being made"):
        safe.make()


def test_what_a_killed_run_leaves_is_no_backup_and_is_not_trusted(safe, photo, monkeypatch):
    """Killed before its list was written: half files lie about, one of them under the name of a whole one."""
    monkeypatch.setattr(lists, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        safe.make()
    monkeypatch.undo()
    with pytest.raises(BackupTrouble, match="no backup"):
        safe.check()
    for path in safe.files:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (safe.target / f"{HALF}abc.backup").write_bytes(b"half of a list")
    safe.make()
    assert len(listed(safe.target)) == 1
    assert safe.check().problems == []


def test_old_ones_go_with_what_only_they_needed(app, world, sign_in, safe, photo):
    add_photo(sign_in("technician"), make_ticket(app, world, "accepted"), jpeg(90, 50))
    safe.make()
    gone = safe.file_of(photo)
    remove(app, world, photo)
    for _ in range(3):
        safe.make()
    (safe.target / "pool" / "00").mkdir(exist_ok=True)
    (safe.target / "pool" / "00" / f"{HALF}x").write_bytes(b"half")
    backups, files = safe.keep(2)
    assert backups == 2
    assert files > 4
    assert not gone.exists()
    assert len(listed(safe.target)) == 2
    assert not any(path.name.startswith(HALF) for path in safe.files)
    assert safe.check().problems == []
    assert safe.keep(2) == (0, 0)


def test_nothing_goes_while_one_that_stays_cannot_be_read(safe):
    for _ in range(3):
        safe.make()
    flip(listed(safe.target)[-1])
    before = safe.files
    with pytest.raises(BackupTrouble, match="No backup was removed"):
        safe.keep(1)
    assert len(listed(safe.target)) == 3
    assert safe.files == before


def test_with_a_key_nothing_can_be_read_without_it(app, safe, photo, tmp_path):
    (tmp_path / "secret_key").write_text("the secret of this installation")
    safe.key = KEY
    safe.make()
    again = safe.make()
    assert again.written < 10
    everything = b"".join(path.read_bytes() for path in safe.files) + safe.newest.read_bytes()
    for secret in (b"SQLite format 3", b"the secret of this", photo.encode(), b"technician"):
        assert secret not in everything
    assert not any(photo in path.name for path in safe.files)
    assert safe.check().problems == []
    with pytest.raises(BackupTrouble, match="is encrypted: give its key"):
        Safe(app, safe.target).check()
    with pytest.raises(BackupTrouble, match="not the one it was encrypted with"):
        Safe(app, safe.target, KEY[::-1]).check()
    assert safe.keep(1)[0] == 1
    assert safe.check().problems == []


def test_following_takes_over_what_the_last_one_has(app, world, sign_in, safe, photo):
    safe.make()
    add_photo(sign_in("technician"), make_ticket(app, world, "accepted"), jpeg(90, 50))
    made = safe.make(quick=True)
    assert made.manifest.photos == 2
    assert safe.check().problems == []
