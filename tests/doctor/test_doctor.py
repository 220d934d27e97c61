"""`crew doctor`: each thing is broken for real, and is named together with what to do."""

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from click.testing import CliRunner

from crew_app.cli import checkup, crew
from crew_app.cli.checkup import database, machine
from crew_app.cli.checkup.findings import Health
from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.people.models import Site
from tests.support.backups import Safe
from tests.support.database import SECRET_KEY
from tests.support.doctor import named
from tests.support.keeping import adopt_all, by_hand


def test_a_healthy_installation_has_nothing_that_fails(app, photo, examined, tmp_path):
    adopt_all(app)
    with app.app_context(), write_transaction():
        heartbeat.beat(now(), "here 1")
    Safe(app, tmp_path / "backups").make()
    found = examined(*checkup.CHECKS, deep=True)
    assert [one for one in found if one.failed] == []
    assert {one.check for one in found} >= {"integrity", "photos", "backups", "worker", "audit-chain", "books"}


def test_there_is_nothing(examined, monkeypatch, tmp_path):
    monkeypatch.setenv("CREW_DATA", str(tmp_path / "mistyped"))
    named(examined("settings"), Health.FAIL, "no installation", "CREW_DATA")
    assert not (tmp_path / "mistyped").exists()


def test_a_setting_that_cannot_be_meant(examined, monkeypatch):
    monkeypatch.setenv("PHONE_GRACE_MINUTES", "soon")
    named(examined("settings"), Health.FAIL, "PHONE_GRACE_MINUTES", "systemctl edit")


def test_the_secret_key(examined, tmp_path):
    named(examined("secret-key"), Health.OK, "strong")
    (tmp_path / "secret_key").chmod(0o644)
    named(examined("secret-key"), Health.FAIL, "read by others", "chmod 600")
    (tmp_path / "secret_key").chmod(0o600)
    (tmp_path / "secret_key").write_text("secret")
    named(examined("secret-key"), Health.FAIL, "weak", "delete")
    (tmp_path / "secret_key").unlink()
    named(examined("settings"), Health.FAIL, "missing", "backup")
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("url", "health", "word"),
    [
        ("", Health.WARN, "not set"),
        ("http://crew.example.org", Health.FAIL, "HTTPS only"),
        ("https://10.1.2.3", Health.WARN, "passkeys need a name"),
        ("https://crew.example.org", Health.OK, "crew.example.org"),
    ],
)
def test_the_public_address(examined, monkeypatch, url, health, word):
    monkeypatch.setenv("PUBLIC_URL", url)
    named(examined("public-url"), health, word)


@pytest.mark.parametrize(
    ("url", "hops", "health"),
    [("https://a.example.org", "0", Health.WARN), ("", "1", Health.WARN), ("https://a.example.org", "1", Health.OK)],
)
def test_proxies(examined, monkeypatch, url, hops, health):
    monkeypatch.setenv("PUBLIC_URL", url)
    monkeypatch.setenv("TRUSTED_PROXIES", hops)
    named(examined("proxies"), health, "" if health is Health.OK else "Set TRUSTED_PROXIES")


def test_a_data_folder_that_is_open(examined, tmp_path):
    tmp_path.chmod(0o755)
    named(examined("data-folder"), Health.FAIL, "open to others", "chmod 700")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_files_of_somebody_else(examined, tmp_path):
    os.chown(tmp_path / "crew.db", 12345, -1)
    named(examined("data-folder"), Health.FAIL, "another owner", "chown")


def test_a_database_over_a_network(examined, tmp_path, monkeypatch):
    line = f"36 35 0:40 / {tmp_path} rw - nfs4 nas:/crew rw\n"
    assert machine.network_file_system(tmp_path / "below", line) == "nfs4"
    assert machine.network_file_system(tmp_path.parent, line) == ""
    assert machine.network_file_system(tmp_path, line + f"37 36 8:1 / {tmp_path} rw - ext4 /dev/sda1 rw\n") == ""
    monkeypatch.setattr("crew_app.cli.checkup.setting.network_file_system", lambda *_: "nfs4")
    named(examined("data-folder"), Health.FAIL, "nfs4", "PostgreSQL")


def test_a_database_that_is_damaged(examined, tmp_path):
    with (tmp_path / "crew.db").open("r+b") as file:
        for page in range(3, 300, 7):
            file.seek(page * 4096)
            file.write(b"\xff" * 200)
    named(examined("integrity"), Health.FAIL, "damaged", "crew restore")


def test_a_database_that_is_gone(examined, tmp_path):
    (tmp_path / "crew.db").unlink()
    named(examined("integrity"), Health.FAIL, "There is no database", "crew restore")
    assert not (tmp_path / "crew.db").exists()


@pytest.mark.parametrize(("version", "word"), [("0030", "crew db upgrade"), ("9999", "newer program")])
def test_a_program_and_a_database_that_do_not_belong_together(app, examined, version, word):
    by_hand(app, f"UPDATE alembic_version SET version_num = '{version}'")
    named(examined("migrations"), Health.FAIL, word)


def test_a_log_that_grows(examined, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "LONG_WAL", 1 << 20)
    with (
        closing(sqlite3.connect(tmp_path / "crew.db")) as reader,
        closing(sqlite3.connect(tmp_path / "crew.db")) as one,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM people").fetchone()
        one.execute("CREATE TABLE heap (what BLOB)")
        one.execute("INSERT INTO heap VALUES (zeroblob(3000000))")
        one.commit()
        named(examined("write-ahead-log"), Health.WARN, "reads for very long", "restart")


def test_a_queue_that_somebody_holds(examined, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    path = tmp_path / "crew.db.queue"
    path.touch()
    script = (
        "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline()
        named(examined("write-queue"), Health.FAIL, "let nobody else write", str(holder.pid))
        holder.communicate("\n")
    named(examined("write-queue"), Health.OK, "move on")
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the doctor has let go of it


def test_a_zone_that_is_not_there(app, examined):
    with app.app_context(), write_transaction():
        session.query(Site).order_by(Site.code)[0].timezone = "Asia/Nowhere"
    named(examined("time-zones"), Health.FAIL, "Asia/Nowhere", "tzdata")


def test_a_front_end_that_was_not_built(examined, monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "DIST", tmp_path / "dist")
    named(examined("built"), Health.FAIL, "not built", "make setup")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "manifest.json").write_text(json.dumps({"app.js": "app-1.js"}))
    named(examined("built"), Health.FAIL, "app-1.js")


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 40, 1), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_sqlite_with_the_bug_that_damages(version, has_it):
    assert machine.resets_wrongly(version) is has_it


def test_a_disk_that_is_full():
    megabyte = 1 << 20
    assert machine.room("Disk", 100 * megabyte)[0] is Health.FAIL
    assert machine.room("Disk", 1000 * megabyte)[0] is Health.WARN
    assert machine.room("Disk", 9000 * megabyte)[0] is Health.OK
    assert [machine.names("Disk", free)[0] for free in (10, 9000, 10**6)] == [Health.FAIL, Health.WARN, Health.OK]


def test_little_memory(examined, monkeypatch):
    monkeypatch.setattr(machine, "LITTLE_MEMORY", 1 << 60)
    named(examined("memory"), Health.WARN, "memory")
    monkeypatch.setattr(machine, "NO_MEMORY", 1 << 60)
    named(examined("memory"), Health.FAIL, "memory")


def test_a_clock_that_nobody_keeps(examined, monkeypatch):
    monkeypatch.setattr(machine, "kernel_clock", lambda: 5)
    named(examined("clock"), Health.WARN, "unsynchronised", "timedatectl")
    monkeypatch.setattr(machine, "kernel_clock", lambda: 0)
    named(examined("clock"), Health.OK, "NTP")


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(app, examined):
    by_hand(app, "DROP TABLE heartbeats")
    found = examined("worker", "books")
    named(found, Health.FAIL, "could not be looked at", "heartbeats")
    named(found, Health.OK, "books fit")


def test_the_command_ends_with_1_and_speaks_json(examined, monkeypatch):
    examined("worker")
    done = CliRunner().invoke(crew, ["doctor"])
    assert done.exit_code == 1
    assert "fail worker: " in done.output
    assert "→ Look at" in done.output
    done = CliRunner().invoke(crew, ["doctor", "--json"])
    said = json.loads(done.output)
    assert done.exit_code == 1
    assert said["failed"] is True
    assert {one["check"] for one in said["findings"]} == {"settings", "worker"}


@pytest.mark.postgres
def test_on_postgresql_it_looks_at_what_there_is(postgres_app, monkeypatch, tmp_path):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("CREW_DATA", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("DATABASE_URL", postgres_app.config["SETTINGS"].database_url)
    wanted = ("integrity", "migrations", "database-clock", "audit-chain", "books", "photos", "notices", "webhooks")
    monkeypatch.setattr(checkup, "CHECKS", {name: checkup.CHECKS[name] for name in wanted})
    found = checkup.examine(deep=False)
    assert [one for one in found if one.failed] == []
    assert {one.check for one in found} == {"settings", *wanted}
    monkeypatch.setattr(database, "APART", -1.0)
    named(checkup.examine(deep=False), Health.FAIL, "clock of the database's machine")
