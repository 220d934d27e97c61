"""The board on a desk: it renews itself, and a job is dispatched with keys alone; whoever gets it sees it first."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_supervisor_dispatches_with_keys_and_the_technician_accepts(phone: Callable[..., Phone]) -> None:
    boss, worker = phone("li").switch_on().sign_in(), phone("wang").switch_on().sign_in()
    boss.open("/board")
    page = boss.page
    page.keyboard.press("j")
    expect(page.locator("[data-shortcut-item] a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("form#assignment")).to_be_visible()
    about = page.url.rsplit("/", 1)[-1]
    wang = page.locator("form#assignment .candidate, form#assignment option", has_text="王建国").first
    if wang.evaluate("element => element.tagName") == "OPTION":
        page.locator("#other-worker").select_option(wang.get_attribute("value"))
    else:
        wang.locator("input").check()
    page.locator("form#assignment [name=all_the_same]").check()
    page.locator("#assignment-note").fill("夜间人手不足")
    page.locator("h1").click()
    page.keyboard.press("g")
    expect(page.locator("#board")).to_be_visible()
    worker.open("/")
    mine = worker.page.locator(f"#for-me a[href='/tickets/{about}']")
    expect(mine).to_be_visible()
    mine.click()
    worker.page.locator("form[action$='/acceptance'] button").click()
    expect(worker.page.locator("[data-ticket]")).to_have_attribute("data-state", "accepted")
    expect(page.locator(f"#column-dispatch #job-{about}")).to_have_count(0)
    expect(page.locator(f"#column-work #job-{about}")).to_be_visible(timeout=60_000)
