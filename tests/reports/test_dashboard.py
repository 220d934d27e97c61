"""The dashboard: every number is as long as the list it leads to, by site and role, in a fixed number of queries."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.people.models import Site
from crew_app.reports import day_figures, standing
from crew_app.reports.trends import TOPICS
from crew_app.reports.windows import Window
from crew_app.tickets import now_lists
from crew_app.tickets.now_lists import Now
from crew_app.tickets.rules import State
from tests.support.counting import statements
from tests.support.lint import words_of
from tests.support.tickets import bring_to

PAGES = ("/reports", "/reports/trends", "/reports/trends/view", "/reports/trends.xlsx", "/reports/wall")
MAY, MAY_NOT = ("supervisor", "manager", "administrator", "desk"), ("technician", "guard", "storekeeper", "requester")


@pytest.fixture
def year(app, world):
    """Jobs of a year in all states, counted."""
    now = datetime.now(UTC)
    with app.app_context():
        with write_transaction():
            for number, days in enumerate((0.1, 0.2, 1, 2, 3, 5, 8, 20, 40, 70, 100, 200, 300, 370, 400)):
                at = now - timedelta(days=days, hours=1)
                state = list(State)[number % 6]
                bring_to(world, state, at=at, job_kind=("lamp", "drain")[number % 2])
                bring_to(world, State.VERIFIED, at=at, place="store-room")
        day_figures.catch_up(datetime.now(UTC))
    return app


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see_it(year, sign_in, page):
    for login in MAY:
        assert sign_in(login).get(page).status_code == 200
    for login in MAY_NOT:
        assert sign_in(login).get(page).status_code == 403
    assert sign_in("supervisor").get(f"{page}?site=south").status_code == 404


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_number_of_now_is_as_long_as_its_list(year, world, sign_in, language):
    phone = sign_in("supervisor")
    phone.language = language
    page = phone.page("/reports")
    tiles = {tile.get("href"): tile for tile in page.all("a", class_="stat")}
    lists = [href for href in tiles if href.startswith("/tickets")]
    assert len(lists) >= 10
    for href in lists:
        number = next(int(one.text) for one in tiles[href].iter("span") if one.get("class") == "stat-number")
        assert len(phone.page(href).all("h3", class_="row-title")) == number, href


def test_now_counts_what_stands_so(year, world):
    with year.app_context():
        counted = standing.jobs_now(world.sites["north"], datetime.now(UTC))
        states = {Now.OPEN: 3, Now.WORKING: 3, Now.MATERIAL: 3, Now.FINISHED: 2, Now.LIVE: 11}
        assert {now: counted[now] for now in states} == states
        assert counted[Now.OVERDUE] >= 4
        south = standing.jobs_now(world.sites["south"], datetime.now(UTC))
        assert set(south.values()) == {0}


def test_every_bar_of_trends_leads_to_as_many_jobs(year, sign_in):
    phone = sign_in("manager")
    checked = 0
    for by in ("kind", "place", "department", "time"):
        page = phone.page(f"/reports/trends/view?topic=reported&by={by}&window=year")
        table = page.all("table", class_="figures")[0]
        for row in table.iter("tr"):
            link = row.find("th/a")
            if link is not None:
                amount = int(words_of(row.findall("td")[0]).replace(",", ""))
                listed = phone.page(link.get("href"))
                assert len(listed.all("h3", class_="row-title")) == amount, link.get("href")
                checked += 1
    assert checked > 12


def test_sabotage_a_count_that_is_not_of_its_list_is_found(year, sign_in, monkeypatch):
    right = now_lists.condition
    monkeypatch.setattr(standing, "condition", lambda _now, at: right(Now.LIVE, at))
    with pytest.raises(AssertionError):
        test_every_number_of_now_is_as_long_as_its_list(year, None, sign_in, "en")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_along_all_its_dimensions(year, sign_in, topic):
    phone = sign_in("manager")
    for number, by in enumerate(TOPICS[topic].by):
        address = f"topic={topic}&by={by}&window={list(Window)[number % 3]}"
        phone.page(f"/reports/trends/view?{address}")
        assert phone.get(f"/reports/trends.xlsx?{address}").status_code == 200


def test_charts_say_what_they_show_and_have_their_table(year, sign_in):
    page = sign_in("manager").page("/reports/trends")
    pictures = page.all("{http://www.w3.org/2000/svg}svg", role="img")
    assert len(pictures) >= 7
    assert all(len(one.get("aria-label", "")) > 10 for one in pictures)
    cards = page.all("section", class_="figure-card")
    assert all(list(card.iter("table")) for card in cards if list(card.iter("svg")) and "asset" not in words_of(card))


def test_the_wall_names_no_one_who_reported_and_no_phone(app, world, sign_in):
    with app.app_context(), write_transaction():
        ticket = bring_to(world, State.OPEN)
        ticket.reporter_name, ticket.reporter_phone = "赵护士长", "13912345678"
    html = sign_in("supervisor").page("/reports/wall").html
    assert "赵护士长" not in html
    assert "13912345678" not in html
    assert not re.search(r"1[3-9]\d{9}", html)


def test_nothing_yet_is_shown_kindly(app, sign_in):
    phone = sign_in("manager")
    for page in ("/reports", "/reports/trends", "/reports/wall", "/reports/trends/view?topic=cost&by=item"):
        phone.page(page)


@pytest.mark.parametrize(
    ("path", "most"),
    [("/reports", 40), ("/reports/trends", 40), ("/reports/trends/view?by=place", 12), ("/reports/wall", 30)],
)
def test_statements_do_not_grow_with_what_is_shown(year, sign_in, path, most):
    phone = sign_in("manager")
    phone.page(path)
    with statements(year) as found:
        phone.page(path)
    assert len(found) <= most, len(found)


@pytest.mark.parametrize("path", ["/reports", "/reports/trends", "/reports/trends/view?by=place", "/reports/wall"])
def test_no_page_reads_all_jobs(year, world, sign_in, path):
    """No sequential scan of the tables that grow with the years."""
    with statements(year) as found:
        sign_in("manager").page(path)
    scanned = [plan for statement in found for plan in _plans(year, statement) if _scans(plan)]
    assert scanned == []


def test_sabotage_a_scan_is_seen(year):
    assert any(_scans(plan) for plan in _plans(year, "SELECT COUNT(*) FROM tickets WHERE finished_at > 1"))


def _plans(app, statement):
    if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    with app.app_context():
        connection = session.connection().connection
        marks = statement.count("?")
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", [""] * marks).fetchall()]


def _scans(plan):
    return bool(re.match(r"SCAN (tickets|ticket_events|day_figures|moves|ledger_entries|runs|visits)\b", plan))


def test_a_site_is_looked_at_alone(app, world, sign_in):
    with app.app_context():
        with write_transaction():
            bring_to(world, State.OPEN, at=datetime.now(UTC) - timedelta(hours=1))
        north = session.get_one(Site, world.sites["north"])
        assert standing.jobs_today(north, datetime.now(UTC))["reported"] in (0, 1)
    page = sign_in("outsider").page("/reports")
    numbers = {
        tile.get("href"): words_of(tile) for tile in page.all("a", class_="stat") if "now=" in tile.get("href", "")
    }
    assert all(words.startswith("0") for words in numbers.values())
