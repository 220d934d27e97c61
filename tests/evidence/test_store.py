"""The store: by fingerprint, never changed, on the disk before the commit that names it."""

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event

from crew_app.core.db import db
from crew_app.evidence import store as store_module
from crew_app.evidence.store import LocalStore
from tests.support.client import accepted
from tests.support.pictures import announcement, camera_jpeg, jpeg
from tests.support.tickets import make_ticket

KEY = "original/" + "ab" * 32


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "photos")


def files(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_bytes_come_back_as_they_were(store):
    store.put(KEY, b"bytes")
    assert store.get(KEY) == b"bytes"


def test_what_is_there_is_never_changed(store):
    store.put(KEY, b"first")
    store.put(KEY, b"second")
    assert store.get(KEY) == b"first"


def test_nothing_is_not_found(store):
    with pytest.raises(FileNotFoundError):
        store.get(KEY)


def test_putting_the_same_at_once_leaves_one_file(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.put(KEY, b"bytes" * 1000), range(32)))
    assert files(store.root) == ["original/ab/" + "ab" * 32]


def test_a_store_that_cannot_be_written_to_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        LocalStore(tmp_path / "file" / "photos").check()


def test_a_check_leaves_nothing_behind(store):
    store.check()
    assert files(store.root) == []


def test_file_and_folders_are_synced_before_put_returns(store, synced):
    store.put(KEY, b"bytes")
    path = store.path(KEY)
    assert synced[0] == "file"
    assert {str(path.parent), str(path.parent.parent), str(store.root)} <= set(synced[1:])


def test_an_interrupted_write_is_not_taken_for_a_photo(store, monkeypatch):
    def interrupted(_descriptor):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.put(KEY, b"half")
    assert not store.path(KEY).exists()
    store.put(KEY, b"whole")
    assert store.get(KEY) == b"whole"


def test_a_photo_is_on_the_disk_before_the_commit_that_names_it(app, world, sign_in, synced):
    ticket, client, data = make_ticket(app, world), sign_in("technician"), camera_jpeg()
    fields = announcement(data)
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    with app.app_context():
        event.listen(db.engine, "commit", lambda _connection: synced.append("commit"))
    synced.clear()
    accepted(client.send(f"/photos/{fields['photo_id']}/original", body=data))
    assert synced.count("commit") == 1
    before, after = synced[: synced.index("commit")], synced[synced.index("commit") + 1 :]
    assert before.count("file") == 4
    assert len(before) > 6
    assert after == []


def test_the_store_is_named_by_what_is_in_it(app, world, sign_in, settings):
    """The original bit for bit, and three copies; the same picture of two people is kept once."""
    data = jpeg()
    for login in ("technician", "second"):
        ticket, client, fields = make_ticket(app, world), sign_in(login), announcement(data)
        accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
        accepted(client.send(f"/photos/{fields['photo_id']}/original", body=data))
    name = hashlib.sha256(data).hexdigest()
    wanted = sorted(f"{kind}/{name[:2]}/{name}" for kind in ("original", "large", "thumb", "small"))
    assert files(settings.photo_store) == wanted
    assert LocalStore(settings.photo_store).get(f"original/{name}") == data


@pytest.fixture
def synced(monkeypatch):
    """What was forced to the disk, in order: "file", or the path of a folder."""
    found: list[str] = []
    real = os.fsync

    def record(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        found.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()) if is_folder else "file")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", record)
    return found


def test_a_name_that_a_killed_process_left_behind_is_forced_onto_the_disk(tmp_path, monkeypatch):
    """The file is there, its name perhaps only in memory: whoever sends it again must not be told yes before it is."""
    local, forced = LocalStore(tmp_path / "photos"), list[Path]()

    def killed(_folder):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "_sync_folder", killed)
        with pytest.raises(KeyboardInterrupt):
            local.put("original/abcd", b"photo")
    assert local.has("original/abcd")
    monkeypatch.setattr(store_module, "_sync_folder", forced.append)
    local.put("original/abcd", b"photo")
    assert forced == [tmp_path / "photos/original/ab", tmp_path / "photos/original", tmp_path / "photos", tmp_path]
