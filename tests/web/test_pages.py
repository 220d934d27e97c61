"""Every page, for everybody who may open it, in both languages: it answers, and the test client lints it."""

import pytest

from crew_app.people.rules import Role
from tests.support.routes import addresses, expected, readable
from tests.support.tickets import make_ticket
from tests.support.world import World

LOGINS = [role.value for role in Role] + ["foreman", "outsider"]
CASES = [(login, "zh-CN") for login in LOGINS] + [(login, "en") for login in ("requester", "foreman", "administrator")]


@pytest.fixture
def busy(app, world: World):
    """The small hospital with a job in each state."""
    for state in ("accepted", "on_hold", "finished", "verified", "cancelled"):
        make_ticket(app, world, state)
    return make_ticket(app, world, "open")


@pytest.mark.parametrize(("login", "language"), CASES)
def test_every_page_somebody_may_open_answers_and_passes_the_lint(app, world, sign_in, busy, login, language):
    client = sign_in(login, language=language)
    failures = []
    for rule, path in addresses(app, world, busy, readable(app)):
        status = client.get(path).status_code
        if status not in expected(app, world, rule, login):
            failures.append((path, status, expected(app, world, rule, login)))
    assert not failures


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_public_page_answers_and_passes_the_lint(app, world, stranger, busy, language):
    stranger.language = language
    for rule, path in addresses(app, world, busy, readable(app)):
        assert stranger.get(path).status_code in expected(app, world, rule, None), path


@pytest.mark.parametrize("path", ["/", "/tickets", "/stock", "/review", "/more", "/places", "/scan"])
def test_the_bar_at_the_bottom_leads_everywhere_in_one_touch(sign_in, path):
    page = sign_in("supervisor").page(path)
    links = {link.get("href") for bar in page.all("nav") for link in bar.iter("a")}
    assert {"/", "/tickets", "/scan", "/rounds", "/more"} <= links


def test_the_strings_of_the_scripts_come_with_the_page(sign_in):
    page = sign_in("technician").page("/")
    (words,) = page.all("script", id="crew-words")
    assert (words.text or "").strip().startswith("{")
