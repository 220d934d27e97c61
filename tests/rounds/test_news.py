"""Watching rounds: the page hears of each step within seconds, and says which phone was not heard since when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.phones.models import DevicePerson
from crew_app.phones.rules import Contact
from crew_app.rounds import news
from crew_app.rounds.models import Run
from crew_app.rounds.rules import RunState
from tests.support.client import accepted
from tests.support.rounds import make_run, visiting

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WALKER = UUID(int=1)


@pytest.fixture
def ids(app, world):
    return make_run(app, world)


def told(person, path):
    response = person.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.mark.parametrize("page", ["/rounds", "run", "/"])
def test_a_step_changes_what_the_page_of_the_watcher_asks_for(ids, sign_in, page):
    boss, path = sign_in("supervisor"), f"/rounds/runs/{ids['run']}" if page == "run" else page
    asked = f"{path}/news" if page == "run" else "/rounds/news"
    before = told(boss, asked)
    html = boss.page(path).response.get_data(as_text=True)
    assert f'data-live="{asked}" data-stand="{before}"' in html
    assert told(boss, asked) == before
    accepted(sign_in("technician").send(f"/rounds/stops/{ids['room']}/visits", visiting()), 201)
    after = told(boss, asked)
    assert after != before
    accepted(sign_in("technician").send(f"/rounds/stops/{ids['end']}/omissions", visiting(reason="锁着")), 201)
    assert told(boss, asked) != after
    assert "1/3" in boss.page("/rounds").text


def test_who_does_not_watch_is_not_asked_to(ids, sign_in):
    worker = sign_in("technician")
    assert "data-live" not in worker.page(f"/rounds/runs/{ids['run']}").response.get_data(as_text=True)
    assert worker.get("/rounds/news").status_code == 403
    assert sign_in("manager").get(f"/rounds/runs/{new_id()}/news").status_code == 404


def stood(contacts, *, at=NOW, state=RunState.WALKING, begun=True, grace=2 * HOUR):
    run = Run(state=state, opens_at=NOW - HOUR, closes_at=NOW + HOUR, grace_minutes=15)
    run.begun_at, run.begun_by_id = (NOW - HOUR, WALKER) if begun else (None, None)
    return news.silence(run, {WALKER: contacts}, at, grace)


def test_a_phone_is_silent_after_ten_minutes_or_when_it_holds_something_back():
    assert stood([Contact(NOW - 9 * MINUTE)]) is None
    assert stood([Contact(NOW - 11 * MINUTE)]) == news.Silence(Contact(NOW - 11 * MINUTE), late=False)
    assert stood([Contact(NOW, unsent=2)]).contact.unsent == 2
    assert stood([Contact(NOW - 3 * HOUR), Contact(NOW)]) is None
    assert stood([]) is None
    assert stood([Contact(NOW - HOUR)], begun=False) is None
    assert stood([Contact(NOW - HOUR)], state=RunState.DONE) is None


def test_after_the_grace_a_silent_phone_is_waited_for_and_not_for_ever():
    over = NOW + HOUR + 20 * MINUTE
    assert stood([Contact(NOW)], at=over).late
    assert not stood([Contact(over - MINUTE, unsent=0)], at=over)
    assert not stood([Contact(NOW)], at=over + 3 * HOUR).late


def test_the_watcher_reads_since_when_the_phone_was_not_heard(app, ids, sign_in):
    accepted(sign_in("technician").send(f"/rounds/stops/{ids['room']}/visits", visiting()), 201)
    boss = sign_in("supervisor")
    assert "无消息" not in boss.page("/rounds").text
    before = told(boss, "/rounds/news")
    with app.app_context(), write_transaction():
        session.execute(update(DevicePerson).values(seen_at=datetime.now(UTC) - 20 * MINUTE))
    assert told(boss, "/rounds/news") != before
    assert "无消息" in boss.page("/rounds").text
    assert "无消息" in boss.page(f"/rounds/runs/{ids['run']}").text
    assert "无消息" not in sign_in("technician").page(f"/rounds/runs/{ids['run']}").text


def test_a_copy_of_the_page_on_a_phone_is_old_once_a_step_was_taken(ids, sign_in):
    boss = sign_in("supervisor")
    kept = dict(boss.get("/sync/manifest").json["pages"])
    accepted(sign_in("technician").send(f"/rounds/stops/{ids['room']}/visits", visiting()), 201)
    now = dict(boss.get("/sync/manifest").json["pages"])
    assert {path for path in ("/", "/rounds") if kept[path] != now[path]} == {"/", "/rounds"}
