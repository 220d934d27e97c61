"""`crew backup` and `crew restore` as they are called: keys, exit codes, options that do not go together, following."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crew_app.backups.manifest import listed
from crew_app.cli import crew
from tests.support.backups import KEY, Safe, flip
from tests.support.keeping import add_photo, photo_of
from tests.support.tickets import make_ticket

CREW = str(Path(sys.executable).with_name("crew"))
EMPTY = ("DATABASE_URL", "PHOTO_STORE", "SECRET_KEY", "PUBLIC_URL", "CREW_DEMO", "BACKUP_KEY", "CREW_BACKUP_SCRATCH")


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    """Calls the command in the installation of this test: exit code and what it said."""
    monkeypatch.setenv("CREW_DATA", str(tmp_path))
    for name in EMPTY:
        monkeypatch.delenv(name, raising=False)

    def call(*arguments):
        done = CliRunner().invoke(crew, [str(argument) for argument in arguments])
        return done.exit_code, done.output + str(done.exception or "")

    return call


def test_a_backup_with_a_key_file_comes_back_with_it(app, world, sign_in, run, tmp_path):
    photo = photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world))).sha256
    target, key = tmp_path / "backups", tmp_path / "key"
    key.write_text(KEY.decode() + "\n")
    assert run("backup", target, "--key-file", key)[0] == 0
    code, said = run("backup", target, "--key-file", key, "--keep", 1)
    assert code == 0, said
    assert "Removed: 1 older backups" in said
    code, said = run("restore", target, "--to", tmp_path / "new", "--key-file", key)
    assert code == 0, said
    assert "Everything fits." in said
    assert "1 photos in 4 files" in said
    flip(Safe(app, target, KEY).file_of(photo))
    code, said = run("restore", target, "--check", "--key-file", key)
    assert code == 1
    assert "1 problems." in said


def test_faults_of_the_installation_end_it_with_1(app, world, sign_in, run, tmp_path):
    photo = photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world))).sha256
    (tmp_path / "photos" / "original" / photo[:2] / photo).unlink()
    code, said = run("backup", tmp_path / "backups")
    assert code == 1
    assert f"original/{photo} is named by the database and is nowhere" in said
    assert len(listed(tmp_path / "backups")) == 1


def test_a_disk_that_is_full_makes_no_backup_and_is_said(run, tmp_path):
    """No file may have more than 100 kB: neither the copy of the database nor a large photo fits."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        code, said = run("backup", tmp_path / "backups")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code == 1
    assert "No backup was made" in said
    assert listed(tmp_path / "backups") == []
    assert not (tmp_path / "backup-scratch").exists()
    assert run("backup", tmp_path / "backups")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("backup", "{}/t", "--follow", "60"), "--follow needs --keep"),
        (("backup", "{}/t", "--key-file", "{}/weak"), "too weak"),
        (("backup", "{}/t", "--key-file", "{}/none"), "cannot be read"),
        (("restore", "{}", "--check", "--to", "{}/x"), "either --to FOLDER or --check"),
        (("restore", "{}"), "either --to FOLDER or --check"),
        (("restore", "{}", "--check"), "no backup"),
        (("restore", "{}/nowhere", "--check"), "does not exist"),
    ],
)
def test_what_cannot_be_meant_is_said(run, tmp_path, arguments, words):
    (tmp_path / "weak").write_text("password" * 5)
    code, said = run(*(argument.format(tmp_path) for argument in arguments))
    assert code != 0
    assert words in said
    assert not (tmp_path / "t").exists()


def test_following_makes_one_after_the_other_until_it_is_ended(run, tmp_path):
    target = tmp_path / "backups"
    environment = {name: value for name, value in os.environ.items() if name not in EMPTY}
    command = [CREW, "backup", str(target), "--follow", "0.1", "--keep", "2"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(5)]
        process.kill()
    assert sum("database" in line for line in lines) >= 3, lines
    assert sum("Removed: 1 older" in line for line in lines) >= 1, lines
    assert 1 <= len(listed(target)) <= 3
    code, said = run("restore", target, "--check")
    assert code == 0, said
