"""`crew user add`: people from the command line."""

import shutil

import pytest
from click.testing import CliRunner

from crew_app import create_app
from crew_app.cli import crew, main
from crew_app.config import read_settings
from tests.support.applications import client_of
from tests.support.client import CrewClient
from tests.support.counting import one, sql

PASSWORD = "neues-Rad-2026"


@pytest.fixture
def installation(tmp_path, monkeypatch, empty_file):
    """An installation in a folder of its own, as the environment names it."""
    shutil.copy(empty_file, tmp_path / "crew.db")
    monkeypatch.setenv("CREW_DATA", str(tmp_path))
    for name in ("DATABASE_URL", "PHOTO_STORE", "SECRET_KEY", "PUBLIC_URL", "CREW_DEMO"):
        monkeypatch.delenv(name, raising=False)
    app = create_app(read_settings())
    app.test_client_class = CrewClient
    return app


def run(*arguments, **options):
    return CliRunner().invoke(crew, list(arguments), **options)


def add(*more, login="li", password=PASSWORD):
    return run("user", "add", login, "--role", "technician", "--password", password, *more)


def test_the_first_person_makes_the_site(installation):
    result = add("--name", "李强", "--trade", "electrical", "--site", "east", "--site-name", "东院")
    assert result.exit_code == 0, result.output
    assert "li" in result.output
    assert PASSWORD not in result.output
    assert sql(installation, "SELECT code, name FROM sites") == [("east", "东院")]
    client_of(installation).sign_in("li", PASSWORD)


def test_with_one_site_it_need_not_be_named(installation):
    add("--site", "east")
    assert add(login="wang").exit_code == 0
    assert one(installation, "SELECT COUNT(*) FROM sites") == 1


def test_several_roles_and_trades(installation):
    assert add("--role", "supervisor", "--trade", "plumbing", "--trade", "lift").exit_code == 0
    assert {row[0] for row in sql(installation, "SELECT role FROM memberships")} == {"technician", "supervisor"}
    assert {row[0] for row in sql(installation, "SELECT trade FROM person_trades")} == {"plumbing", "lift"}


def test_with_several_sites_it_must_be_named(installation):
    add("--site", "east")
    add("--site", "west", login="wang")
    result = add(login="zhao")
    assert result.exit_code != 0
    assert one(installation, "SELECT COUNT(*) FROM people") == 2


@pytest.mark.parametrize(
    "arguments",
    [["--role", "emperor"], ["--trade", "magic"], ["--role", ""]],
    ids=str,
)
def test_what_does_not_exist_is_refused_and_nothing_is_added(installation, arguments):
    assert add(*arguments).exit_code != 0
    assert one(installation, "SELECT COUNT(*) FROM people") == 0
    assert one(installation, "SELECT COUNT(*) FROM sites") == 0


def test_a_weak_password_is_refused(installation):
    assert add(password="short").exit_code != 0
    assert one(installation, "SELECT COUNT(*) FROM people") == 0


def test_the_password_is_asked_for_twice_and_not_shown(installation):
    arguments = ["user", "add", "li", "--role", "guard"]
    result = run(*arguments, input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["user", "add", "li", "--role", "emperor", "--password", PASSWORD], "emperor"),
        (["user", "add", "li", "--role", "guard", "--password", "short"], "8"),
    ],
)
def test_mistakes_are_told_in_words_not_in_a_traceback(installation, monkeypatch, arguments, words):
    monkeypatch.setattr("sys.argv", ["crew", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert str(end.value.code).startswith("crew: ")
    assert words in str(end.value.code)


def test_the_database_is_brought_up_to_date_by_a_command(installation, tmp_path):
    (tmp_path / "crew.db").unlink()
    assert run("db", "upgrade").exit_code == 0
    assert add().exit_code == 0


def test_a_bad_setting_is_told_by_name(installation, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    monkeypatch.setattr("sys.argv", ["crew", "db", "upgrade"])
    with pytest.raises(SystemExit) as end:
        main()
    assert "DATABASE_URL" in str(end.value.code)
