"""The board: by state and by person, a page at a time, and dispatching from it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import event, insert

from crew_app.core.db import db, session, write_transaction
from crew_app.core.ids import new_id
from crew_app.desk import board
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State
from tests.support.shifts import put_on_duty
from tests.support.tickets import make_ticket, make_tickets


def links(page):
    return [link.get("id") for link in page.all("a") if (link.get("id") or "").startswith("job-")]


def test_columns_by_state_count_and_mark_what_is_overdue(app, world, sign_in):
    make_tickets(app, world, ["open", "accepted", "on_hold", "finished", "verified"])
    late = make_ticket(app, world, at=datetime.now(UTC) - timedelta(hours=5))
    nobody = make_ticket(app, world, job_kind="oxygen")
    page = sign_in("supervisor", language="en").page("/board")
    assert len(links(page)) == 6
    assert {f"job-{late}", f"job-{nobody}"} <= set(links(page))
    assert "1 overdue" in page.text
    assert page.all("div", **{"hx-trigger": "every 20s"})


def test_by_person_it_shows_load_and_who_is_there(app, world, sign_in):
    put_on_duty(app, world, "second")
    make_tickets(app, world, ["accepted", "on_hold"])
    page = sign_in("supervisor").page("/board?by=person")
    assert {"员工second", "员工technician"} <= set(page.text.split())


def test_a_job_offers_everybody_with_reasons_the_best_first(app, world, sign_in):
    put_on_duty(app, world, "second")
    ticket = make_ticket(app, world, at=datetime.now(UTC))
    page = sign_in("supervisor", language="en").page(f"/board/jobs/{ticket}")
    chosen = [radio.get("value") for radio in page.all("input", name="person_id")]
    assert chosen[0] == str(world.people["second"])
    assert "Electrical · on duty · jobs in hand: 1" in page.text


def many(app, world, count):
    first = make_ticket(app, world, at=datetime.now(UTC))
    with app.app_context(), write_transaction():
        ticket = session.get_one(Ticket, first)
        columns = {column.key: getattr(ticket, column.key) for column in Ticket.__table__.columns}
        rows = [columns | {"id": new_id(), "number": f"WX-{number}", "state": State.OPEN} for number in range(count)]
        session.execute(insert(Ticket), rows)


def test_thousands_of_open_jobs_cost_no_more_than_a_few_and_page_by_key(app, world, sign_in):
    make_ticket(app, world)
    boss = sign_in("supervisor")
    few = statements(app, lambda: boss.page("/board"))
    many(app, world, 3000)
    assert statements(app, lambda: boss.page("/board")) <= few + 2
    page = boss.page("/board")
    assert "200+" in page.text
    seen, href = set(links(page)), next(a.get("href") for a in page.all("a") if "key=asked" in (a.get("href") or ""))
    for _ in range(3):
        page = boss.page(href)
        assert not seen & set(links(page))
        seen |= set(links(page))
        href = next(a.get("href") for a in page.all("a") if "key=asked" in (a.get("href") or ""))
    assert len(seen) == 4 * board.SHOWN


def statements(app, do):
    found = []

    def note(_connection, _cursor, statement, *_rest):
        found.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    try:
        do()
    finally:
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", note)
    return len(found)
