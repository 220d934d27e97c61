"""`crew user unlock` and `crew user sign-out`: for when nobody gets into the office any more."""

import pytest
from click.testing import CliRunner

from crew_app.cli import crew
from tests.support.applications import client_of
from tests.support.counting import one, sql
from tests.support.guessing import FREE, attempt
from tests.support.people import PASSWORD


@pytest.fixture
def run(app, settings, monkeypatch):
    monkeypatch.setenv("CREW_DATA", str(settings.data))
    return lambda *arguments: CliRunner().invoke(crew, ["user", *arguments])


def test_somebody_may_try_again(app, world, run):
    client = client_of(app)
    for _ in range(FREE):
        attempt(client, "technician")
    assert attempt(client, "technician", PASSWORD) == 429
    done = run("unlock", "technician")
    assert done.exit_code == 0, done.output
    assert "technician may try again" in done.output
    assert attempt(client, "technician", PASSWORD) == 302
    assert sql(app, "SELECT how, login FROM access_records WHERE what = 'unlocked'") == [("command", "technician")]


def test_one_person_is_signed_out(app, world, run, sign_in):
    gone, other = sign_in("technician"), sign_in("second")
    assert run("sign-out", "technician").exit_code == 0
    assert gone.get("/more").status_code == 302
    assert other.get("/more").status_code == 200


def test_everybody_is_signed_out(app, world, run, sign_in):
    for login in ("technician", "second", "administrator"):
        sign_in(login)
    assert run("sign-out", "--all").exit_code == 0
    assert one(app, "SELECT COUNT(*) FROM login_sessions") == 0


@pytest.mark.parametrize("arguments", [("unlock", "nobody-at-all"), ("sign-out",), ("sign-out", "technician", "--all")])
def test_what_cannot_be_meant_is_refused(world, run, arguments):
    assert run(*arguments).exit_code != 0
