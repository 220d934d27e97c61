"""Bundles: many main parts in one answer, each as this person would get it alone, whatever is asked for."""

import gzip

import pytest

from crew_app.core.db import write_transaction
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from crew_app.web import gate
from tests.support.counting import statements
from tests.support.taken import bundle, parts_of, settled, take, unpacked
from tests.support.tickets import make_ticket, make_tickets

HOSTILE = [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "/sync/manifest",
    "/sync/bundle?url=/",
    "/sync/directory",
    "/login",
    "/sign-out",
    "/people",
    "/photos/{id}/thumb",
    "/photos/{id}/original",
    "/t/{tag}",
    "/static/dist/manifest.json",
    "/service-worker.js",
    "/tickets/{id}/acceptance",
    "/tickets/{id}/",
    "/tickets/%2e%2e/login",
    "/tickets/../login",
    "/tickets?q=WX",
    "/tickets?before=1",
    "/stock?q=x",
    "/stock?state=open",
    "/?x=1",
    "/#top",
    "/scan\n5 /more",
    "/scan ",
    "tickets",
    "",
    "?",
    "/" + "x" * 5000,
    "/技工",
    "/\x00",
    "/\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
]


def test_a_part_is_what_htmx_gets(app, world, sign_in):
    ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
    urls = ["/", "/tickets?state=open", f"/tickets/{ticket}", "/stock", "/scan", "/offline/tag"]
    found = parts_of(bundle(client, urls))
    assert list(found) == urls
    for url, content in found.items():
        alone = client.get(url, headers={"HX-Request": "true"}).get_data(as_text=True)
        assert settled(content) == settled(alone)
        assert content.lstrip().startswith("<title>")
        assert content.count("<main ") == 1


@pytest.mark.parametrize("login", ["outsider", "contractor", "southerner"])
def test_pages_a_person_may_not_see_are_left_out(app, world, sign_in, login):
    ticket = make_ticket(app, world)
    found = parts_of(bundle(sign_in(login), [f"/tickets/{ticket}", "/more"]))
    assert list(found) == ["/more"]
    assert "701" not in str(found)


def test_rights_hold_page_by_page(app, world, sign_in):
    own, other = make_ticket(app, world), make_ticket(app, world, reporter="guard")
    found = parts_of(bundle(sign_in("requester"), [f"/tickets/{own}", f"/tickets/{other}", "/stock", "/review"]))
    assert list(found) == [f"/tickets/{own}"]


def test_a_right_that_ends_takes_its_pages_along(app, world, sign_in):
    client = sign_in("supervisor")
    assert "/review" in take(client, ["/review"])
    with app.app_context(), write_transaction():
        person = world.person("supervisor")
        person.memberships[:] = [Membership(site_id=world.sites["north"], role=Role.GUARD)]
    assert take(client, ["/review", "/more"]).keys() == {"/more"}


@pytest.mark.parametrize("url", HOSTILE)
def test_only_pages_of_the_list_come_and_nothing_breaks(app, world, sign_in, url):
    ticket = make_ticket(app, world)
    asked = url.format(id=ticket, tag=world.tags["room"])
    response = bundle(sign_in("foreman"), [asked, "/more"])
    assert response.status_code == 200
    assert list(parts_of(response)) == ["/more"]


def test_the_same_page_many_times_is_one_page(sign_in):
    assert list(parts_of(bundle(sign_in("technician"), ["/more"] * 500))) == ["/more"]


def test_thousands_are_refused_before_any_work(app, sign_in):
    client = sign_in("technician")
    with statements(app) as found:
        response = client.get("/sync/bundle", query_string={"url": [f"/tickets?{n}" for n in range(3_000)]})
    assert (response.status_code, response.headers["Crew-Refusal"]) == (422, "too-many-pages")
    assert len(found) < 12


def test_nothing_asked_is_nothing_answered(sign_in):
    assert parts_of(bundle(sign_in("technician"), [])) == {}


@pytest.mark.parametrize("accept", ["br", "gzip", "", "br;q=0.5, gzip;q=0.1", "nonsense;;q=x"])
def test_it_comes_packed_as_the_phone_accepts(app, world, sign_in, accept):
    make_tickets(app, world, ["open"] * 5)
    response = bundle(sign_in("supervisor"), ["/", "/tickets", "/more"], accept)
    assert list(parts_of(response)) == ["/", "/tickets", "/more"]
    packed = response.headers.get("Content-Encoding", "")
    assert packed == ("br" if accept.startswith("br") else "gzip" if accept == "gzip" else "")
    assert "Accept-Encoding" in response.headers["Vary"]


def test_together_they_are_smaller_than_alone(app, world, sign_in):
    client = sign_in("supervisor")
    urls = [f"/tickets/{make_ticket(app, world)}" for _ in range(8)]
    response = bundle(client, urls)
    alone = sum(len(gzip.compress(part.encode())) for part in parts_of(response).values())
    assert len(response.get_data()) * 2 < alone
    assert len(unpacked(response)) > 8 * 5_000


def test_it_says_for_whom_and_for_which_frame(world, sign_in):
    response = bundle(sign_in("technician", language="en"), ["/more"])
    assert response.headers["Crew-Person"] == str(world.people["technician"])
    assert response.headers["Content-Language"] == "en"
    assert response.headers["Crew-Build"]
    assert response.cache_control.private


def test_each_page_takes_its_own_turn_among_all_requests(app, world, sign_in, monkeypatch):
    """Otherwise a bundle would keep one of the two working places for seconds."""
    client, turns = sign_in("technician"), []
    work = gate.Gate._work  # noqa: SLF001 - what is watched here

    def watched(gate, environ, start_response):
        turns.append(environ["PATH_INFO"])
        return work(gate, environ, start_response)

    monkeypatch.setattr(gate.Gate, "_work", watched)
    bundle(client, ["/more", "/scan"])
    assert turns == ["/sync/bundle", "/more", "/scan"]


def test_a_sign_in_that_ends_midway_ends_the_bundle(app, world, sign_in):
    client = sign_in("technician")
    pieces = client.get("/sync/bundle?url=/more&url=/scan", buffered=False).iter_encoded()
    assert b"/more" in next(pieces)
    with app.app_context(), write_transaction():
        world.person("technician").active = False
    assert list(pieces) == []


def test_queries_are_those_of_the_pages_and_the_request(app, world, sign_in):
    client, urls = sign_in("technician"), ["/more", "/scan", "/outbox"]

    def cost(*asked):
        bundle(client, list(asked))
        with statements(app) as found:
            bundle(client, list(asked))
        return len([one for one in found if one.startswith("SELECT")])

    request = cost()
    assert cost(*urls) - request == sum(cost(url) - request for url in urls)
