"""The service desk from end to end: reported without an account, the right hands, true clocks, a nurse who is heard."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance import nurse
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.pushing import ask_for_notices, pusher, shown, touch
from tests.acceptance.work import Room, Work
from tests.support import stubs

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
FIRST, SECOND = "shui1", "shui2"
REPORTED = "SELECT id FROM tickets WHERE follow_hash IS NOT NULL ORDER BY opened_at DESC LIMIT 1"
WARD = """
    SELECT p.id, t.code FROM tags t JOIN places p ON p.id = t.place_id
    WHERE p.code LIKE 'Z1-03%' AND p.kind = 'room' AND t.retired_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM tickets k WHERE k.place_id = p.id AND k.state NOT IN ('verified', 'cancelled'))
    ORDER BY p.code LIMIT 1
"""
STORY = [
    "open", "assign", "join", "decline", "assign", "escalate", "accept", "hold", "resume", "finish", "not_fixed",
    "finish", "confirm", "rate", "verify",
]  # fmt: skip


@pytest.fixture
def room(hospital: Hospital) -> Room:
    """A room in the area of the first of two plumbers, who are both on call now and have nothing else to do."""
    plumbers = "(SELECT person_id FROM person_trades WHERE trade = 'plumbing')"
    hospital.change(f"DELETE FROM duty_shifts WHERE person_id IN {plumbers}")
    hospital.change(
        "UPDATE tickets SET state = 'cancelled', hold_reason = NULL, closed_at = changed_at"
        f" WHERE state IN ('open', 'accepted', 'on_hold') AND (owner_id IN {plumbers} OR assignee_id IN {plumbers})"
    )
    begun, over = time_of("'now', '-1 hour'"), time_of("'now', '+8 hours'")
    for login in (FIRST, SECOND, "li"):
        hospital.change(
            "INSERT INTO duty_shifts (id, site_id, person_id, starts_at, ends_at, duty, name)"
            f" SELECT lower(hex(randomblob(16))), m.site_id, p.id, {begun},"
            f" {over}, 'on_call', ''"
            " FROM people p JOIN memberships m ON m.person_id = p.id WHERE p.login = ? LIMIT 1",
            login,
        )
    ((place, code),) = hospital.rows(WARD)
    return Room(str(place), str(code))


def time_of(what: str) -> str:
    """A time as the application writes it."""
    return f"strftime('%Y-%m-%d %H:%M:%f000', {what})"


def asked(hospital: Hospital) -> object:
    """Who is to accept what was reported."""
    return hospital.value(
        f"SELECT login FROM people WHERE id = (SELECT assignee_id FROM tickets WHERE id = ({REPORTED}))"
    )


def half_an_hour_passes(hospital: Hospital) -> None:
    """Since somebody was asked; then the worker looks."""
    earlier = time_of("assigned_at, '-31 minutes'")
    hospital.change(f"UPDATE tickets SET assigned_at = {earlier} WHERE id = ({REPORTED})")
    hospital.tick()


def test_from_the_ward_over_two_plumbers_to_the_rating(
    hospital: Hospital, phone: Callable[..., Phone], browser: Browser, room: Room
) -> None:
    ward, neighbour = nurse.stranger(browser, hospital), nurse.stranger(browser, hospital)
    first = phone(FIRST).switch_on().sign_in()
    with stubs.Service().running() as service:
        rings = stubs.Browser()
        ask_for_notices(first, hospital, f"{service.url}/{FIRST}", rings.fields)
        nurse.report(ward, room.code, "tap")
        assert asked(hospital) == FIRST
        nurse.join(neighbour, room.code)
        nurse.look(ward, "1 more has this, too")
        hospital.tick()
        letters = [rings.read(one.body) for one in service.asked]
    ticket = UUID(str(hospital.value(REPORTED)))
    rung_and_declined(hospital, first, letters, ticket)

    assert asked(hospital) == SECOND
    second = phone(SECOND, "en").switch_on().sign_in()  # his phone is heard from: nobody waits for what it may bring
    half_an_hour_passes(hospital)
    boss = phone("li").switch_on().sign_in()
    late = boss.say("%(name)s has not accepted it: %(job)s, %(place)s").replace("%(name)s", "马德福").partition("%")[0]
    boss.open("/notices")
    expect(boss.page.locator(f"a[href='/tickets/{ticket}']").filter(has_text=late)).to_be_visible()
    boss.open(f"/tickets/{ticket}")
    expect(boss.page.get_by_text(boss.say("The supervisor knows"), exact=True)).to_be_visible()

    work = accept_from_today(second, hospital, ticket)
    nurse.look(ward, "Ma Defu takes care of it.")
    wait_for_material(second, work)
    nurse.look(ward, "Waiting for material")
    second.button("Resume").click()
    work.state("accepted")
    work.finish("Washer replaced")
    second.nothing_waits()

    nurse.refuse(ward, "It still drips")
    second.open(f"/tickets/{ticket}")
    expect(second.page.get_by_text("Not fixed, says the reporter").first).to_be_visible()
    expect(second.page.get_by_text("It still drips").first).to_be_visible()
    work.finish("New tap")
    second.nothing_waits()
    nurse.judge(ward, quality=5, service=4)
    nurse.look(neighbour, "Is it fixed?")
    seen_and_passed(boss, hospital, ticket)


def rung_and_declined(hospital: Hospital, first: Phone, letters: list[dict[str, str]], ticket: UUID) -> None:
    """What was pushed is shown, once however often it came; a touch opens the job, which he cannot take."""
    push = pusher(first, hospital)
    for letter in letters:
        if letter["href"] == f"/tickets/{ticket}":
            push(letter)
    ((title, tag, path),) = shown(first)
    assert title.startswith(first.say("Job for you: %(job)s, %(place)s").partition("%")[0])
    assert path == f"/tickets/{ticket}"
    touch(first, tag)
    first.page.wait_for_url(f"**{path}")
    first.link("Decline the job").click()
    first.page.locator("#refusal-note").fill("在抢修水泵")
    first.button("Decline the job").click()
    first.nothing_waits()
    expect(first.page.get_by_text(first.say("Job declined")).first).to_be_visible()


def accept_from_today(second: Phone, hospital: Hospital, ticket: UUID) -> Work:
    """The first page says what is asked of him."""
    second.open("/")
    second.page.locator(f"#for-me a[href='/tickets/{ticket}']").click()
    work = Work(second, hospital)
    work.accept()
    return work


def wait_for_material(second: Phone, work: Work) -> None:
    """The clock stops: he names what is missing."""
    fold = second.page.locator("details", has=second.page.locator("form[action$='/hold']"))
    fold.locator("summary").first.click()
    fold.get_by_role("radio", name="Waiting for material").check()
    fold.locator("[data-pick-item]").first.click()
    fold.get_by_role("button", name="Put the job on hold").click()
    work.state("on_hold")
    second.nothing_waits()


def seen_and_passed(boss: Phone, hospital: Hospital, ticket: UUID) -> None:
    """The supervisor reads all of it, and verifies."""
    boss.open(f"/tickets/{ticket}")
    for words in ("在抢修水泵", "It still drips", "5 / 5 · 4 / 5"):
        expect(boss.page.get_by_text(words).first).to_be_visible()
    expect(boss.page.locator("img[src*='/photos/']").first).to_be_visible()
    boss.button("Pass").click()
    boss.nothing_waits()
    told = hospital.rows("SELECT verb FROM ticket_events WHERE ticket_id = ? ORDER BY position", ticket.hex)
    assert [verb for (verb,) in told] == STORY


def test_the_same_page_without_scripts(hospital: Hospital, browser: Browser, room: Room) -> None:
    ward, neighbour = (nurse.stranger(browser, hospital, scripts=False) for _ in range(2))
    nurse.report(ward, room.code, "tap")
    assert asked(hospital) == FIRST
    nurse.join(neighbour, room.code)
    nurse.look(ward, "1 more has this, too")
    by_hand(hospital)
    nurse.refuse(neighbour, "It still drips")
    nurse.look(ward, "Somebody looks at it again")
    by_hand(hospital)
    nurse.judge(ward)
    assert hospital.value(f"SELECT COUNT(*) FROM ticket_photos WHERE ticket_id = ({REPORTED})") == 2


def by_hand(hospital: Hospital) -> None:
    """The plumber's part: here it is about the nurses."""
    hospital.change(
        "UPDATE tickets SET state = 'finished', finished_at = changed_at, assignee_id = NULL,"
        f" owner_id = (SELECT id FROM people WHERE login = ?) WHERE id = ({REPORTED})",
        FIRST,
    )
