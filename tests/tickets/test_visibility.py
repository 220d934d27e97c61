"""Who sees which job: the crew all of their site, requesters their own reports, others nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.client import UNKNOWN_ID, accepted, some_id
from tests.support.counting import sql
from tests.support.tickets import make_ticket, make_tickets

CREW = ["technician", "guard", "supervisor", "storekeeper", "manager", "administrator"]


def links(page):
    found = [a.get("href") for a in page.all("a") if (a.get("href") or "").startswith("/tickets/")]
    return [href for href in found if "/list." not in href]


@pytest.mark.parametrize("login", CREW)
def test_the_crew_sees_every_job_of_its_site(app, world, sign_in, login):
    ticket = make_ticket(app, world)
    client = sign_in(login)
    assert client.get(f"/tickets/{ticket}").status_code == 200
    assert f"/tickets/{ticket}" in links(client.page("/tickets"))


@pytest.mark.parametrize("login", ["requester", "contractor"])
def test_others_see_what_they_reported_themselves(app, world, sign_in, login):
    own, other = make_ticket(app, world, reporter=login), make_ticket(app, world, reporter="guard")
    client = sign_in(login)
    assert client.get(f"/tickets/{own}").status_code == 200
    assert client.get(f"/tickets/{other}").status_code == 404
    assert links(client.page("/tickets")) == [f"/tickets/{own}"]


def test_another_site_sees_nothing(app, world, sign_in):
    ticket = make_ticket(app, world)
    client = sign_in("outsider")
    assert client.get(f"/tickets/{ticket}").status_code == 404
    for path in ("/tickets", "/", "/review", f"/places/{world.places['south-room']}"):
        assert str(ticket) not in client.page(path).html


@pytest.mark.parametrize("ticket_id", [UNKNOWN_ID, "1", "x" * 36])
def test_nothing_looks_the_same_as_not_for_you(app, world, sign_in, ticket_id):
    client = sign_in("outsider")
    hidden = client.get(f"/tickets/{make_ticket(app, world)}")
    nothing = client.get(f"/tickets/{ticket_id}")
    assert hidden.status_code == nothing.status_code == 404


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("", {"open", "accepted", "on_hold", "finished"}),
        ("?all=1", {"open", "accepted", "on_hold", "finished", "verified", "cancelled"}),
        ("?state=open", {"open"}),
        ("?state=verified", {"verified"}),
        ("?mine=1", {"accepted", "on_hold", "finished", "verified"}),
        ("?state=nonsense", {"open", "accepted", "on_hold", "finished", "verified", "cancelled"}),
    ],
)
def test_the_list_is_narrowed_by_state_and_owner(app, world, sign_in, query, states):
    made = {state: str(make_ticket(app, world, state)) for state in sorted(states)}
    make_tickets(app, world, {"open", "accepted", "verified"} - states, owner="second")
    client = sign_in("technician")
    assert set(links(client.page(f"/tickets{query}"))) >= {f"/tickets/{made[state]}" for state in states}
    if "state=" in query and "nonsense" not in query:
        assert len(set(links(client.page(f"/tickets{query}")))) == len(states)


def test_a_number_is_found(app, world, sign_in):
    make_tickets(app, world, ["open"] * 3)
    number = str(sql(app, "SELECT number FROM tickets ORDER BY number")[1][0])
    client = sign_in("technician")
    assert len(links(client.page(f"/tickets?q={number}"))) == 1
    assert len(links(client.page(f"/tickets?q={number.lower()}"))) == 1
    assert links(client.page("/tickets?q=%25")) == []


def test_the_list_goes_on_page_by_page_without_gaps_or_repeats(app, world, sign_in):
    make_tickets(app, world, ["open"] * 7)
    same = datetime(2026, 5, 1, tzinfo=UTC)
    make_tickets(app, world, ["open"] * 53, at=same)
    seen: list[str] = []
    client, path = sign_in("technician"), "/tickets"
    while path:
        page = client.page(path)
        seen += links(page)
        more = [
            a.get("href") for a in page.all("a") if "before=" in (a.get("href") or "") and "/list." not in a.get("href")
        ]
        path = more[0] if more else ""
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("cursor", ["x", "2026-01-01", "2026-01-01T00:00:00Z_x", "_", "0001-01-01T00:00:00+14:00_"])
def test_a_page_that_does_not_exist_is_not_found(sign_in, cursor):
    response = sign_in("technician").get(f"/tickets?before={cursor.replace('+', '%2B')}")
    assert response.status_code in (200, 404)


def test_a_page_before_time_itself_is_no_error(sign_in):
    response = sign_in("technician").get(f"/tickets?before=0001-01-01T00:00:00%2B14:00_{some_id()}")
    assert response.status_code in (200, 404)


def test_today_shows_what_is_mine_and_what_waits_for_my_trade(app, world, sign_in):
    mine = make_ticket(app, world, "accepted")
    lamp = make_ticket(app, world, "open")
    drain = make_ticket(app, world, "open", job_kind="drain")
    shown = links(sign_in("technician").page("/"))
    assert f"/tickets/{mine}" in shown
    assert f"/tickets/{lamp}" in shown
    assert f"/tickets/{drain}" not in shown
    assert f"/tickets/{drain}" in links(sign_in("second").page("/"))


def test_today_puts_what_is_urgent_first(app, world, sign_in):
    normal = make_ticket(app, world, "accepted")
    urgent = make_ticket(app, world, "accepted", job_kind="oxygen")
    shown = links(sign_in("technician").page("/"))
    assert shown.index(f"/tickets/{urgent}") < shown.index(f"/tickets/{normal}")


def test_today_shows_a_supervisor_what_is_late_and_what_waits(app, world, sign_in):
    long_ago = datetime.now(UTC) - timedelta(days=9)
    late = make_ticket(app, world, "accepted", at=long_ago)
    review, held = make_ticket(app, world, "finished"), make_ticket(app, world, "on_hold")
    shown = links(sign_in("supervisor").page("/"))
    assert {f"/tickets/{late}", f"/tickets/{review}", f"/tickets/{held}"} <= set(shown)


def test_todays_way_to_what_a_requester_reported(app, world, sign_in):
    ticket = make_ticket(app, world, reporter="requester")
    assert links(sign_in("requester").page("/")) == [f"/tickets/{ticket}"]


@pytest.mark.parametrize(
    ("login", "state", "shown", "not_shown"),
    [
        ("technician", "open", ["acceptance", "notes"], ["completion", "verification"]),
        ("technician", "accepted", ["completion", "hold", "materials", "photos"], ["acceptance", "resumption"]),
        ("technician", "on_hold", ["resumption", "completion"], ["hold"]),
        ("technician", "finished", ["notes"], ["verification", "return", "completion"]),
        ("supervisor", "finished", ["verification", "return"], ["completion"]),
        ("supervisor", "open", ["acceptance", "cancellation"], ["verification"]),
        ("guard", "open", ["notes"], ["acceptance", "cancellation", "materials"]),
        ("requester", "open", ["notes", "cancellation"], ["acceptance"]),
        ("requester", "accepted", ["notes"], ["cancellation", "completion"]),
        ("foreman", "accepted", ["cancellation"], ["completion", "hold"]),
    ],
)
def test_the_page_offers_what_this_person_can_do_now(app, world, sign_in, login, state, shown, not_shown):
    ticket = make_ticket(app, world, state)
    actions = sign_in(login).page(f"/tickets/{ticket}").actions
    offered = {action.removeprefix(f"/tickets/{ticket}/") for action in actions}
    assert set(shown) <= offered
    assert not set(not_shown) & offered


def test_the_page_tells_the_whole_story(app, world, sign_in):
    ticket = make_ticket(app, world, "verified")
    text = sign_in("guard").page(f"/tickets/{ticket}").text
    for words in ("员工requester", "员工technician", "员工supervisor", "灯管闪烁", "已更换"):
        assert words in text


def test_a_replayed_location_is_a_page(app, world, sign_in):
    ticket, client = make_ticket(app, world), sign_in("technician")
    assert client.page(accepted(client.send(f"/tickets/{ticket}/acceptance"))).text
