"""The very first start: a database, and an administrator who must choose a password before anything else."""

import re

import pytest

from crew_app import create_app
from crew_app.cli.serving import FIRST, prepare
from crew_app.config import read_settings
from crew_app.people.rules import Role
from tests.support.applications import client_of
from tests.support.client import CrewClient, path_of
from tests.support.counting import one, sql

NEW = "neues-Rad-2026"


@pytest.fixture
def started(tmp_path, monkeypatch, capsys):
    """What the first start said, and the application it made."""
    monkeypatch.setenv("CREW_DATA", str(tmp_path))
    for name in ("DATABASE_URL", "PHOTO_STORE", "SECRET_KEY", "PUBLIC_URL", "CREW_DEMO"):
        monkeypatch.delenv(name, raising=False)
    prepare()
    app = create_app(read_settings())
    app.test_client_class = CrewClient
    return app, capsys.readouterr().out


def password_in(words):
    found = re.search(r"password (\S+)", words)
    assert found is not None, words
    return found[1]


def test_it_makes_an_administrator_and_says_how_to_sign_in(started):
    app, words = started
    assert FIRST in words
    assert sql(app, "SELECT login, must_change_password FROM people") == [(FIRST, 1)]
    assert sql(app, "SELECT role FROM memberships") == [(Role.ADMINISTRATOR.value,)]


def test_that_password_is_good_for_one_thing(started):
    app, words = started
    client = client_of(app)
    client.sign_in(FIRST, password_in(words))
    assert path_of(client.get("/people")) == "/password"
    client.post("/password", data={"current": password_in(words), "password": NEW})
    assert client.get("/people").status_code == 200
    assert client_of(app).post("/login", data={"login": FIRST, "password": password_in(words)}).status_code == 422


def test_it_is_another_password_each_time(started, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CREW_DATA", str(tmp_path / "other"))
    prepare()
    assert password_in(capsys.readouterr().out) != password_in(started[1])


def test_the_second_start_makes_nobody_and_says_no_password(started, capsys):
    prepare()
    assert "password" not in capsys.readouterr().out
    assert one(started[0], "SELECT COUNT(*) FROM people") == 1


def test_the_password_is_nowhere_in_the_data(started, tmp_path):
    password = password_in(started[1]).encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(password in path.read_bytes() for path in files)
