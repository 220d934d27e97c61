"""The policy of every page holds: walked through by several people in Chromium, nothing is refused, nothing fails."""

import pytest

from tests.security.browse import visit, watched
from tests.security.forms import walk
from tests.security.server import cookies_of, serving
from tests.security.tally import count
from tests.support.applications import client_of
from tests.support.client import CrewClient

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
DEMO = "crew-demo"
PEOPLE = ("wang", "li", "zhao", "sun", "wuye", "zhou", "lan", "admin")
INLINE = """() => {
  const one = document.createElement('script');
  one.textContent = 'window.__ran = true';
  document.body.append(one);
  document.body.setAttribute('onclick', 'window.__ran = true');
  document.body.click();
  return Boolean(window.__ran);
}"""


def test_pages_of_the_small_hospital_keep_to_the_policy(app, world, sign_in, chromium):
    client = sign_in("foreman", language="en")
    paths = ["/", "/tickets", "/more", "/scan", "/stock", "/rounds", "/labels", f"/t/{world.tags['room']}", "/offline"]
    with serving(app) as url, watched(chromium, url, bypass=False, cookies=cookies_of(client)) as (page, seen):
        visit(page, seen, paths)
    count("policy", pages=seen.pages, findings=seen.findings)
    assert (seen.violations, seen.errors, seen.strangers, seen.places) == ([], [], [], [])


def test_a_script_in_a_page_is_refused_and_noticed(app, sign_in, chromium):
    """Positive control: a script and an attribute with code, put into a page of ours."""
    client = sign_in("technician", language="en")
    with serving(app) as url, watched(chromium, url, bypass=False, cookies=cookies_of(client)) as (page, seen):
        visit(page, seen, ["/more"])
        assert page.evaluate(INLINE) is False
        page.wait_for_function("window.__violations.length >= 2")
    assert any("script-src" in one for one in seen.violations)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_everybody_walks_through_everything(demo_hospital, chromium):
    app = demo_hospital
    app.test_client_class = CrewClient
    with serving(app) as url:
        for login in (*PEOPLE, ""):
            client = client_of(app, language="en")
            client.lints = False
            if login:
                client.sign_in(login, DEMO)
            found = walk(app, client, 1, ("/", "/more", "/admin", "/login", "/offline", "/v"))
            with watched(chromium, url, bypass=False, cookies=cookies_of(client)) as (page, seen):
                visit(page, seen, found.paths)
            count("policy", people=1, pages=seen.pages, findings=seen.findings)
            assert (login, seen.violations, seen.errors, seen.strangers, seen.places) == (login, [], [], [], [])
