"""The service desk without a mouse: a call entered, a caller joined, another without a network, one called back."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
COUNT = "SELECT COUNT(*) FROM tickets WHERE description = ?"
SECONDS = 10
"""For a call typed by a machine; what is left of it is waiting for the page."""


def type_call(page: Page, where: str, kind: str, caller: str, number: str, words: str) -> None:
    """By the keyboard alone, from the place that is in focus when the page opens to the words."""
    keys = page.keyboard
    expect(page.locator("#subject")).to_be_focused()
    keys.type(where)
    expect(page.locator("#found [aria-selected=true]")).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#kind")).to_be_focused()
    keys.type(kind)
    keys.press("Enter")
    expect(page.locator("#caller")).to_be_focused()
    for text in (caller, number, words):
        keys.type(text)
        if text is not words:
            keys.press("Tab")


def test_a_call_is_entered_joined_and_called_back_without_the_mouse(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    lan = phone("lan", "zh_Hans_CN").switch_on().sign_in()
    page = lan.page
    lan.take_along()
    lan.open("/desk/calls/new")
    begun = time.monotonic()
    type_call(page, "z1-0308", "ms", "韦护士", "8103", "门锁卡住一")
    page.keyboard.press("Enter")
    lan.nothing_waits()
    taken = time.monotonic() - begun
    assert taken < SECONDS, taken
    assert hospital.value(COUNT, "门锁卡住一") == 1
    place = "SELECT p.code FROM tickets t JOIN places p ON p.id = t.place_id WHERE t.description = ?"
    assert hospital.value(place, "门锁卡住一") == "Z1-0308"

    type_call(page, "z1-0308", "ms", "莫护士", "8104", "门锁卡住二")
    expect(page.locator("[data-same] [name=join_id]")).to_be_visible()
    page.keyboard.press("Alt+j")
    lan.nothing_waits()
    assert hospital.value(COUNT, "门锁卡住二") == 0
    assert hospital.value("SELECT COUNT(*) FROM joined_callers WHERE phone = '8104'") == 1

    lan.offline()
    type_call(page, "病房 305", "djbl", "覃护士", "8105", "断网时的来电")
    page.keyboard.press("Enter")
    lan.offline(off=False)
    lan.nothing_waits()
    assert hospital.value(COUNT, "断网时的来电") == 1

    lan.open("/desk/calls")
    rows = page.locator("[data-due-row]")
    waiting = rows.count()
    assert waiting
    page.keyboard.press("ArrowDown")
    expect(rows.first).to_be_focused()
    page.keyboard.press("t")
    lan.nothing_waits()
    expect(rows).to_have_count(waiting - 1)
    assert hospital.value("SELECT COUNT(*) FROM call_backs WHERE told") == 1
