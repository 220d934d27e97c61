"""`crew store`: what waits, moving it, and moving a whole installation into a bucket."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crew_app.evidence.store import LocalStore
from tests.support.database import SECRET_KEY

CREW = str(Path(sys.executable).with_name("crew"))
PHOTOS = [f"photo {number}".encode() for number in range(3)]


@pytest.fixture
def crew(far, tmp_path):
    def run(*arguments):
        environment = os.environ | far.environment | {"CREW_DATA": str(tmp_path / "data"), "SECRET_KEY": SECRET_KEY}
        done = subprocess.run([CREW, "store", *arguments], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def key(data):
    return f"original/{hashlib.sha256(data).hexdigest()}"


def test_an_installation_is_copied_and_checked_and_may_be_copied_again(crew, far, tmp_path):
    folder = LocalStore(tmp_path / "photos")
    for data in PHOTOS:
        folder.put(key(data), data)
    assert crew("move", str(folder.root)) == (
        0,
        "Copied: 3. There already: 0. Left out: 0. The folder stays as it is.\n",
    )
    assert all(far.there.get(key(data)) == data for data in PHOTOS)
    folder.path(key(PHOTOS[0])).write_bytes(b"rotten")
    status, words = crew("move", str(folder.root))
    assert status == 1
    assert "not those of its fingerprint" in words
    assert "Copied: 0. There already: 2. Left out: 1." in words


def test_what_waits_is_told_and_moved(crew, far, tmp_path):
    LocalStore(tmp_path / "data" / "spool" / "waiting").put(key(PHOTOS[0]), PHOTOS[0])
    far.proxy.refuse()
    status, words = crew("status")
    assert status == 0
    assert "waiting: 1 files" in words
    assert "does not answer" in words
    assert "secret" not in words
    assert crew("drain")[0] == 1
    far.proxy.accept_again()
    assert crew("drain") == (0, "Moved: 1. Deleted: 0. Damaged here: 0.\n")
    assert crew("status") == (0, "waiting: nothing\nbucket: answers\n")
    assert far.there.get(key(PHOTOS[0])) == PHOTOS[0]
