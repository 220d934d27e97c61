"""Reviewing at a desk with keys alone, and on a phone with a thumb."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
JOBS = 5


def shown(page: Page) -> str:
    return page.locator("#ticket").get_attribute("data-ticket") or ""


def test_jobs_are_passed_left_for_later_and_sent_back_with_keys_alone(phone: Callable[..., Phone]) -> None:
    boss = phone("li").switch_on().sign_in()
    boss.page.set_viewport_size({"width": 1280, "height": 800})
    boss.open("/review")
    page, seen = boss.page, []
    for _ in range(JOBS):
        about = shown(page)
        seen.append(about)
        page.keyboard.press("v")
        expect(page.locator("#ticket")).not_to_have_attribute("data-ticket", about)
    assert len(set(seen)) == JOBS
    later = shown(page)
    page.keyboard.press("j")
    expect(page.locator("#ticket")).not_to_have_attribute("data-ticket", later)
    back = shown(page)
    page.keyboard.press("b")
    expect(page.locator("#return-note")).to_be_focused()
    page.keyboard.type("灯罩没装好")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ticket")).not_to_have_attribute("data-ticket", back)
    assert shown(page) != later, "what was left for later comes after the one behind it"
    boss.open(f"/tickets/{back}")
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "accepted")
    for about in seen:
        boss.open(f"/tickets/{about}")
        expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "verified")


def test_before_and_after_lie_over_each_other_and_are_looked_at_closely(phone: Callable[..., Phone]) -> None:
    boss = phone("li").switch_on().sign_in()
    boss.open("/review")
    page = boss.page
    stage, after = page.locator("[data-compare-stage]"), page.locator("img[data-compare-after]")
    expect(stage).to_be_hidden()
    page.locator("[data-compare-mode=slide]").click()
    expect(stage).to_be_visible()
    boss.until("document.querySelector('img[data-compare-after]').naturalWidth > 0")
    page.locator("[data-compare-share]").fill("20")
    assert after.evaluate("image => image.style.clipPath") == "inset(0px 0px 0px 20%)"
    page.locator("[data-compare-mode=overlay]").click()
    assert after.evaluate("image => [image.style.opacity, image.style.clipPath]") == ["0.2", "none"]
    page.locator("[data-compare-zoom='1']").click()
    assert "scale(1.5)" in page.locator("[data-compare-zoomed]").evaluate("zoomed => zoomed.style.transform")


def test_a_usual_reason_is_one_touch(phone: Callable[..., Phone]) -> None:
    boss = phone("li").switch_on().sign_in()
    boss.open("/review")
    page, about = boss.page, shown(boss.page)
    page.locator(".actions [data-opens]").click()
    page.locator("[data-reason]").first.click()
    expect(page.locator("#return-note")).to_have_value("照片看不出做了什么。")
    page.locator("form[action$='/return'] button:not([type=button])").click()
    expect(page.locator("#ticket")).not_to_have_attribute("data-ticket", about)


def test_what_was_not_drawn_goes_with_one_touch(phone: Callable[..., Phone]) -> None:
    boss = phone("li").switch_on().sign_in()
    boss.open("/review")
    page = boss.page
    page.locator("#rest > summary").click()
    page.locator("form[action='/review/rest'] button").click()
    expect(page.locator("#rest")).to_have_count(0)
    boss.nothing_waits()
