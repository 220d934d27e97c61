"""Texts that would be code: through every field of every form, and straight into the database; then in Chromium.

The browser lets everything run that a page contains (`bypass_csp`): the policy must not be what saves a page.
"""

import os
import shutil
from itertools import count as counter

import pytest

from crew_app import create_app
from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.people import actions as people
from crew_app.people.models import Site
from crew_app.people.rules import Role
from tests.security.browse import visit, watched
from tests.security.forms import fill, fresh, walk
from tests.security.payloads import fired_by, payload
from tests.security.poison import poison
from tests.security.server import cookies_of, serving
from tests.security.tally import count
from tests.support.applications import client_of
from tests.support.client import CrewClient
from tests.support.database import settings_for, sqlite_url
from tests.support.people import PASSWORD
from tests.support.tickets import make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
EACH = int(os.environ.get("SECURITY_PAGES", "2"))
"""Pages of each view that are looked at."""
SOME = (
    "/",
    "/tickets",
    "/more",
    "/places",
    "/stock",
    "/rounds",
    "/registers",
    "/people",
    "/admin/words",
    "/labels/print",
)
LEAST, FIELDS, PAGES, UNKNOWN = 1000, 100, 150, 401


def test_there_are_more_than_a_thousand():
    made = [payload(number) for number in range(2000)]
    assert len(set(made)) > LEAST
    assert sum("__xss(" in one or "__xss%28" in one for one in made) > LEAST


def test_no_page_runs_what_stands_in_the_database(app, world, sign_in, chromium):
    """Some pages of the small hospital; all of them after a year `make security` looks at."""
    ticket, client = make_ticket(app, world), sign_in("foreman", language="en")
    put = poison(app, payload)
    paths = [*SOME, f"/tickets/{ticket}", f"/places/{world.places['room']}", f"/t/{world.tags['room']}"]
    with serving(app) as url, watched(chromium, url, bypass=True, cookies=cookies_of(client)) as (page, seen):
        visit(page, seen, paths)
    count("xss", cells=put, pages=seen.pages, findings=seen.findings)
    assert put > 100
    assert (seen.fired, seen.places, seen.violations, seen.errors, seen.strangers) == ([], [], [], [], [])


def test_without_escaping_they_do_run(app, world, sign_in, chromium):
    """Positive control: the same pages when templates escape nothing; with the policy they are refused and said."""
    client = sign_in("foreman", language="en")
    client.lints = False
    app.jinja_env.bytecode_cache = None
    app.jinja_env.autoescape = False
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()
    poison(app, fired_by)
    paths = ["/tickets", f"/places/{world.places['room']}"]
    with serving(app) as url:
        with watched(chromium, url, bypass=True, cookies=cookies_of(client)) as (page, seen):
            visit(page, seen, paths)
            page.wait_for_function("window.performance.now() > 0")
        with watched(chromium, url, bypass=False, cookies=cookies_of(client)) as (page, held):
            visit(page, held, paths)
    assert seen.fired
    assert seen.places
    assert held.fired == []
    assert held.violations
    count("xss", controls_fired=len(seen.fired), controls_refused=len(held.violations))


@pytest.fixture(scope="module")
def hospital(demo_hospital, tmp_path_factory):
    """A copy of the demo where somebody has every role at the main site."""
    folder = tmp_path_factory.mktemp("xss")
    shutil.copytree(demo_hospital.config["SETTINGS"].data, folder, dirs_exist_ok=True)
    app = create_app(settings_for(folder, sqlite_url(folder)))
    app.test_client_class = CrewClient
    with app.app_context(), write_transaction():
        main = session.query(Site).filter_by(code="main").one()
        people.add_person("insider", "内部", PASSWORD, main, list(Role), [], at=now())
    yield app
    with app.app_context():
        db.engine.dispose()


def somebody(app, login="insider"):
    client = client_of(app, language="en")
    client.lints = False
    if login:
        client.sign_in(login)
    return client


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_field_of_every_form_and_every_page_after_a_year(hospital, chromium):
    client, numbers, broken = somebody(hospital), counter(1), []
    taken: set[tuple[str, str]] = set()
    lost: set[str] = set()
    refused: set[tuple[str, str]] = set()

    def say():
        return payload(next(numbers))

    forms = walk(hospital, client, EACH).forms
    for form in forms:
        for only in ["", *form.typed]:
            status = fill(client, fresh(hospital, client, form), say, only)
            broken += [(form.endpoint, only, status)] if status >= 500 else []
            fields = {(form.endpoint, name) for name in ([only] if only else form.typed)}
            (taken if status < 400 else refused).update(fields)
            lost |= {form.endpoint} if status == UNKNOWN else set()
    sent = next(numbers) - 1
    put = poison(hospital, payload, sent)
    found = walk(hospital, client, EACH)
    with serving(hospital) as url, watched(chromium, url, bypass=True, cookies=cookies_of(client)) as (page, seen):
        visit(page, seen, found.paths)
    count("xss", forms=len(forms), actions=len({form.endpoint for form in forms}), fields_taken=len(taken))
    count("xss", fields_refused=len(refused - taken), payloads_sent=sent, cells=put, pages=seen.pages)
    count("xss", findings=seen.findings + len(broken))
    assert sent >= LEAST
    assert lost == set()  # nobody was signed out on the way: what follows would look at nothing
    assert len(taken) >= FIELDS
    assert seen.pages >= PAGES
    assert broken == []
    assert (seen.fired, seen.places, seen.violations, seen.errors, seen.strangers) == ([], [], [], [], [])
