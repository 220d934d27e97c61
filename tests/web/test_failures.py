"""When the server cannot keep anything safe: it says so, and nothing is half done."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import crew_app.core.db
from crew_app.core.ids import new_id
from tests.support.client import accepted
from tests.support.counting import counts, one
from tests.support.pictures import announcement, jpeg
from tests.support.tickets import make_ticket, report_fields


@pytest.fixture
def locked(monkeypatch, settings):
    """Another program that holds the write lock of the database for longer than anybody waits."""
    monkeypatch.setattr(crew_app.core.db, "BUSY_TIMEOUT_MS", 50)
    connection = sqlite3.connect(settings.data / "crew.db", isolation_level=None)
    yield connection
    connection.close()


def test_a_locked_database_is_told_to_the_outbox_and_nothing_is_half_done(locked, app, world, sign_in):
    client, key, fields = sign_in("technician"), new_id(), report_fields(world)
    before = counts(app)
    locked.execute("BEGIN IMMEDIATE")
    response = client.send("/tickets", fields, key=key)
    assert response.status_code == 503
    assert response.headers["Crew-Refusal"] == "busy"
    assert int(response.headers["Retry-After"]) > 0
    assert counts(app) == before
    locked.execute("ROLLBACK")
    accepted(client.send("/tickets", fields, key=key), 201)


def test_a_locked_database_is_told_to_a_person_as_well(locked, world, sign_in):
    client = sign_in("technician")
    locked.execute("BEGIN IMMEDIATE")
    response = client.form("/tickets", report_fields(world))
    assert response.status_code == 503
    assert response.mimetype == "text/html"


def test_reading_goes_on_while_another_program_writes(locked, app, world, sign_in):
    ticket, client = make_ticket(app, world), sign_in("technician")
    locked.execute("BEGIN IMMEDIATE")
    assert client.get(f"/tickets/{ticket}").status_code == 200


def test_signing_in_waits_for_better_times(locked, stranger):
    locked.execute("BEGIN IMMEDIATE")
    response = stranger.post("/login", data={"login": "technician", "password": "x"})
    assert response.status_code == 503


def test_a_full_disk_is_told_and_the_photo_stays_on_the_phone(app, world, sign_in, monkeypatch):
    ticket, client, photo = make_ticket(app, world), sign_in("technician"), jpeg()
    fields = announcement(photo)
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    key = new_id()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        response = client.send(f"/photos/{fields['photo_id']}/original", body=photo, key=key)
    assert response.status_code == 507
    assert response.headers["Crew-Refusal"] == "disk-full"
    assert int(response.headers["Retry-After"]) > 0
    assert one(app, "SELECT stored_at FROM photos") is None
    accepted(client.send(f"/photos/{fields['photo_id']}/original", body=photo, key=key))


def test_a_full_disk_is_not_filled_further(app, world, sign_in, monkeypatch, settings):
    """Every try would otherwise leave another part of a file behind."""
    photo = jpeg()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    sign_in("technician").send(f"/photos/{new_id()}/original", body=photo)
    assert [path for path in settings.photo_store.rglob("*") if path.is_file()] == []


KILLED = """
import os, signal, sys
from crew_app import create_app
from crew_app.core import receipts
from crew_app.core.db import session
from tests.support.applications import signing_in
from tests.support.client import CrewClient
from tests.support.database import settings_for, sqlite_url
from pathlib import Path

def killed(*args):
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)

folder, person, path = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
app = create_app(settings_for(folder, sqlite_url(folder)))
app.test_client_class = CrewClient
client = app.test_client()
client.sign_in("technician")
receipts.keep = killed
client.send(path, {"note": "written before the power failed"}, person=person)
"""


def test_a_server_that_dies_in_the_middle_leaves_nothing_half_done(app, world, settings, sign_in):
    ticket = make_ticket(app, world)
    before = counts(app)
    script = [sys.executable, "-c", KILLED, str(settings.data), str(world.people["technician"])]
    died = subprocess.run(
        [*script, f"/tickets/{ticket}/notes"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert counts(app) == before
    accepted(sign_in("technician").send(f"/tickets/{ticket}/notes", {"note": "once more"}))
