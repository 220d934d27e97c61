"""Photos in a bucket: safe on this disk first, moved there with equal fingerprints, had again from anywhere."""

import hashlib
import os
import signal
import subprocess
import sys

import pytest

from crew_app.evidence import draining
from crew_app.evidence.breaker import FAILURES
from crew_app.evidence.draining import drain
from crew_app.evidence.s3 import S3, StoreUnreachable
from crew_app.evidence.spool import waiting
from tests.support import faults
from tests.support.project import ROOT

PHOTOS = [f"photo {number}".encode() * 5_000 for number in range(5)]
FAULTS = {
    "reset": faults.reset,
    "lost-answer": faults.deliver_and_drop,
    "cut": faults.cut_upload,
    "500": faults.status(500),
    "403": faults.status(403),
    "portal": faults.portal,
}


def name(data, kind="original"):
    return f"{kind}/{hashlib.sha256(data).hexdigest()}"


def fill(store):
    for data in PHOTOS:
        store.put(name(data), data)
        store.put(name(data, "thumb"), data[:99])


def all_there(far):
    there = far.there
    return all(there.get(name(data)) == data and there.get(name(data, "thumb")) == data[:99] for data in PHOTOS)


def test_nothing_is_asked_of_the_bucket_when_something_is_kept(spooled, far):
    far.proxy.refuse()
    fill(spooled)
    assert spooled.get(name(PHOTOS[0])) == PHOTOS[0]
    assert spooled.waits().files == 10
    assert far.proxy.passed() == []


def test_what_waits_is_moved_and_had_again_from_there(spooled, far):
    fill(spooled)
    done = drain(spooled)
    assert (done.moved, done.trouble) == (10, "")
    assert spooled.waits().files == 0
    assert all_there(far)
    assert not spooled.near(name(PHOTOS[0]))
    assert spooled.get(name(PHOTOS[0])) == PHOTOS[0]
    assert spooled.has(name(PHOTOS[0]))
    assert not spooled.has("original/" + "0" * 64)


def test_shown_copies_stay_near_as_far_as_there_is_room(spooled):
    fill(spooled)
    drain(spooled)
    assert spooled.near(name(PHOTOS[0], "thumb"))
    spooled.room = 200
    fill(spooled)
    drain(spooled)
    assert sum(path.stat().st_size for path in waiting(spooled.cache)) <= 200
    assert spooled.get(name(PHOTOS[0], "thumb")) == PHOTOS[0][:99]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_fails_nothing_is_lost_and_all_is_moved_later(spooled, far, fault):
    fill(spooled)
    with far.proxy.broken(FAULTS[fault]):
        assert drain(spooled).trouble
        assert spooled.waits().files == 10
    assert drain(spooled).moved == 10
    assert all_there(far)


def test_wrong_bytes_do_not_count_as_moved(spooled, far):
    """Sabotage of the check itself: what comes back differs by one bit."""
    fill(spooled)
    with far.proxy.broken(faults.wrong_bytes, method="GET"):
        assert "something else" in drain(spooled).trouble
        assert spooled.waits().files == 10
    assert drain(spooled).moved == 10


def test_without_the_check_they_would(spooled, far, monkeypatch):
    """The test above can fail: a drainer that does not look again loses what it was to keep."""
    fill(spooled)
    monkeypatch.setattr(S3, "get", lambda _self, key: spooled.spool.get(key))
    with far.proxy.broken(faults.wrong_bytes, method="GET"):
        assert drain(spooled).moved == 10


def test_wrong_bytes_are_never_shown(spooled, far):
    spooled.room = 0
    fill(spooled)
    drain(spooled)
    with far.proxy.broken(faults.wrong_bytes, method="GET"):
        for kind in ("original", "thumb"):
            with pytest.raises(StoreUnreachable):
                spooled.get(name(PHOTOS[0], kind))
    assert spooled.get(name(PHOTOS[0])) == PHOTOS[0]


def test_after_a_few_failures_nobody_waits_for_it_any_more(spooled, far):
    fill(spooled)
    drain(spooled)
    with far.proxy.broken(faults.reset):
        for _ in range(FAILURES + 5):
            with pytest.raises(StoreUnreachable):
                spooled.get(name(PHOTOS[0]))
    assert len(far.proxy.passed("GET", "original")) <= 10 + FAILURES  # those of the drainer, and the first three
    spooled.breaker.reset()
    assert spooled.get(name(PHOTOS[0])) == PHOTOS[0]


def test_what_is_deleted_is_gone_at_once_and_from_the_bucket_when_it_answers(spooled, far):
    fill(spooled)
    drain(spooled)
    key = name(PHOTOS[0])
    far.proxy.refuse()
    spooled.delete(key)
    with pytest.raises(FileNotFoundError):
        spooled.get(key)
    assert far.there.has(key)
    far.proxy.accept_again()
    assert drain(spooled).deleted == 1
    assert not far.there.has(key)


def test_what_is_put_again_after_it_was_deleted_stays(spooled, far):
    fill(spooled)
    drain(spooled)
    key = name(PHOTOS[0])
    spooled.delete(key)
    spooled.put(key, PHOTOS[0])
    drain(spooled)
    assert far.there.get(key) == PHOTOS[0]


def test_what_is_deleted_while_it_is_being_moved_does_not_come_back(spooled, far, monkeypatch):
    fill(spooled)
    key, put = name(PHOTOS[0]), S3.put

    def deleted_meanwhile(self, asked, data):
        put(self, asked, data)
        if asked == key:
            spooled.delete(key)

    monkeypatch.setattr(S3, "put", deleted_meanwhile)
    drain(spooled)
    drain(spooled)
    assert not far.there.has(key)
    assert not spooled.near(key)


def test_an_original_that_is_damaged_on_this_disk_stays_and_is_told(spooled, far):
    spooled.put(name(PHOTOS[0]), b"rotten")
    done = drain(spooled)
    assert (done.moved, done.damaged) == (0, 1)
    assert not far.there.has(name(PHOTOS[0]))


def test_only_one_process_of_a_machine_moves_them(spooled):
    with draining._alone(spooled.lock):  # noqa: SLF001 - as another process would hold it
        assert drain(spooled).elsewhere


DRAINER = """
import sys
from pathlib import Path
from crew_app.config import Bucket
from crew_app.evidence.draining import drain
from crew_app.evidence.s3 import S3
from crew_app.evidence.spool import SpooledStore
store = SpooledStore(Path(sys.argv[1]), S3(Bucket(sys.argv[2], "photos", sys.argv[3], "us-east-1", "k", "s")), 1 << 20)
print("ready", flush=True)
drain(store)
"""


def test_killed_at_any_point_it_begins_again(spooled, far, tmp_path):
    """SIGKILL after so many requests: before, during and after a put, a check, a deletion."""
    for requests in range(1, 12):
        fill(spooled)
        passed = len(far.proxy.passed())
        command = [sys.executable, "-c", DRAINER, str(tmp_path / "spool"), far.name, far.bucket.endpoint]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            far.proxy.wait_for(passed + requests)
            os.kill(process.pid, signal.SIGKILL)
        assert drain(spooled).trouble == ""
        assert spooled.waits().files == 0
        assert all_there(far)
