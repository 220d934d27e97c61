"""The manifest: the pages a phone should keep, for this person only, with revisions that can be believed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Map

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import PersonTrade
from crew_app.people.rules import Role, Trade
from crew_app.routes.sync import TAKEN_ALONG
from crew_app.sync import manifest as rules
from tests.support.client import accepted
from tests.support.counting import statements
from tests.support.taken import manifest, revisions, take
from tests.support.tickets import make_ticket, make_tickets

CREW = tuple(role.value for role in Role)


def page_of(ticket):
    return f"/tickets/{ticket}"


def jobs(client):
    return {url for url in revisions(client) if url.startswith("/tickets/")}


def endpoints(app: Flask, urls):
    routes: Map = app.url_map
    return {routes.bind("localhost").match(url.partition("?")[0])[0] for url in urls}


@pytest.mark.parametrize("login", CREW)
def test_every_page_it_names_can_be_taken_along_and_read(app, world, sign_in, login):
    make_tickets(app, world, ("open", "accepted", "on_hold", "finished", "verified", "cancelled"))
    client = sign_in(login)
    named = revisions(client)
    assert endpoints(app, named) <= TAKEN_ALONG
    assert set(take(client, named)) == set(named)


def test_it_says_whose_it_is_of_when_and_for_which_frame(world, sign_in):
    found = manifest(sign_in("technician", language="en"))
    assert found["person"] == str(world.people["technician"])
    assert found["as_of"].endswith("+00:00")
    assert found["lang"] == "en"
    assert set(found) == {"as_of", "person", "build", "lang", "pages", "open", "stops", "thumbs"}


def test_the_most_needed_comes_first_and_there_is_an_end(app, world, sign_in, monkeypatch):
    mine = make_ticket(app, world, "accepted")
    make_tickets(app, world, ["open"] * 6)
    client = sign_in("technician")
    named = list(revisions(client))
    assert named[0] == "/"
    assert named.index(page_of(mine)) < min(named.index(url) for url in jobs(client) - {page_of(mine)})
    monkeypatch.setattr(rules, "MOST_PAGES", 5)
    assert list(revisions(client)) == named[:5]


def test_a_technician_takes_the_jobs_of_their_own_trades(app, world, sign_in):
    lamp, drain = make_ticket(app, world, job_kind="lamp"), make_ticket(app, world, job_kind="drain")
    assert jobs(sign_in("technician")) == {page_of(lamp)}
    assert jobs(sign_in("second")) == {page_of(lamp), page_of(drain)}
    with app.app_context(), write_transaction():
        me = world.person("technician")
        me.trades[:] = [PersonTrade(trade=Trade.PLUMBING)]
    assert jobs(sign_in("technician")) == {page_of(lamp), page_of(drain)}, "the lamp was dispatched before"


def test_ones_own_job_of_another_trade_comes_along(app, world, sign_in):
    oxygen = make_ticket(app, world, "accepted", job_kind="oxygen")
    assert page_of(oxygen) in jobs(sign_in("technician"))


@pytest.mark.parametrize("login", ["supervisor", "manager"])
def test_who_looks_after_the_site_takes_all_of_it(app, world, sign_in, login):
    kinds = [make_ticket(app, world, job_kind=kind) for kind in ("lamp", "drain", "oxygen", "paint")]
    client = sign_in(login)
    assert jobs(client) == {page_of(ticket) for ticket in kinds}
    assert "/review" in revisions(client)


def test_a_requester_takes_only_what_they_reported(app, world, sign_in):
    own = make_ticket(app, world, reporter="requester")
    make_ticket(app, world, reporter="guard")
    client = sign_in("requester")
    assert jobs(client) == {page_of(own)}
    assert [row[0] for row in manifest(client)["open"]] == [str(own)]
    assert not {"/review", "/stock"} & set(revisions(client))


@pytest.mark.parametrize("login", ["outsider", "southerner", "contractor"])
def test_nothing_of_another_site_or_of_anybody_elses_is_in_it(app, world, sign_in, login):
    ticket = make_ticket(app, world, "accepted")
    found = manifest(sign_in(login))
    assert str(ticket) not in str(found)
    assert found["open"] == []


def test_what_was_closed_before_this_week_stays_behind(app, world, sign_in):
    now = datetime.now(UTC)
    last_month = make_ticket(app, world, "verified", at=now - timedelta(days=20))
    old_but_live = make_ticket(app, world, "open", at=now - timedelta(days=60))
    this_week = make_ticket(app, world, "verified", at=now - timedelta(days=5))
    found = jobs(sign_in("technician"))
    assert {page_of(this_week), page_of(old_but_live)} <= found
    assert page_of(last_month) not in found


def test_what_is_open_where_is_listed_for_the_pages_of_tags(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    make_ticket(app, world, "verified")
    ((id_, number, kind, state, since, place, asset),) = manifest(sign_in("guard", language="en"))["open"]
    assert (UUID(id_), kind, state, UUID(place), asset) == (ticket, "Lamp", "accepted", world.places["room"], None)
    assert number.startswith("WX-")
    assert datetime.fromisoformat(since).tzinfo


def test_what_has_not_changed_is_not_sent_again(app, world, sign_in):
    client = sign_in("technician")
    ticket = make_ticket(app, world)
    etag = client.get("/sync/manifest").headers["ETag"]
    unchanged = client.get("/sync/manifest", headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    accepted(client.send(f"{page_of(ticket)}/notes", {"note": "明天再来"}))
    assert client.get("/sync/manifest", headers={"If-None-Match": etag}).status_code == 200
    assert sign_in("second").get("/sync/manifest", headers={"If-None-Match": etag}).status_code == 200


def test_it_is_private_and_asked_for_again_each_time(world, sign_in):
    response = sign_in("technician").get("/sync/manifest")
    assert response.headers["Crew-Person"] == str(world.people["technician"])
    assert response.cache_control.private
    assert response.cache_control.no_cache


def test_it_needs_a_sign_in(stranger):
    for path in ("/sync/manifest", "/sync/bundle?url=/"):
        assert stranger.get(path).status_code == 302


@pytest.mark.parametrize("login", ["supervisor", "technician"])
def test_it_costs_the_same_for_five_and_for_fifty_jobs(app, world, sign_in, login):
    client = sign_in(login)
    states = ("open", "accepted", "finished", "on_hold", "verified")
    costs = []
    for times in (1, 9):
        make_tickets(app, world, states * times)
        client.get("/sync/manifest")
        with statements(app) as found:
            client.get("/sync/manifest")
        costs.append([one for one in found if one.startswith("SELECT")])
    assert len(costs[0]) == len(costs[1]) <= 40, "\n".join(costs[1])


def test_moving_material_renews_the_stock_pages_and_the_job_but_no_other(app, world, sign_in):
    ticket, other = make_ticket(app, world, "accepted"), make_ticket(app, world, "accepted")
    client = sign_in("technician")
    before = revisions(client)
    fields = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "1"}
    accepted(client.send(f"{page_of(ticket)}/materials", fields))
    after = revisions(client)
    changed = {url for url in after if before.get(url) != after[url]}
    assert {"/stock", f"/stock/items/{world.items['tube']}", page_of(ticket)} <= changed
    assert not {page_of(other), f"/stock/items/{world.items['cable']}", "/scan"} & changed


def test_a_new_source_needs_one_function(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(rules, "SOURCES", (*rules.SOURCES, lambda _asked: [("/tickets?state=open", "x"), ("/new", 7)]))
    named = revisions(sign_in("technician"))
    assert list(named).count("/tickets?state=open") == 1
    assert list(named)[-1] == "/new"
