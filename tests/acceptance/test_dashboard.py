"""The dashboard in the browser: readable in both themes and languages on a phone and on a desk; the wall goes on."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PAGES = ("/reports", "/reports/trends", "/reports/trends/view?topic=repair&by=time", "/reports/wall")
DESK, SCREEN = {"width": 1280, "height": 800}, {"width": 1920, "height": 1080}
_OUTSIDE = """() => [...document.querySelectorAll('main svg[role=img] :is(rect, circle), .lying rect')]
  .filter((shape) => {
    const box = shape.getBoundingClientRect();
    const frame = shape.closest('.figure-card, .wall-panel').getBoundingClientRect();
    return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1);
  }).length"""


@pytest.mark.parametrize(("language", "dark"), [("zh_Hans_CN", False), ("en", True)], ids=["zh-light", "en-dark"])
def test_it_is_readable(hospital: Hospital, phone: Callable[..., Phone], language: str, dark: bool) -> None:
    zhou = phone("zhou", language, dark=dark).switch_on().sign_in()
    problems: list[str] = []
    zhou.page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    for page in PAGES:
        zhou.open(page)
        zhou.page.wait_for_load_state("networkidle")
        found = Axe().run(zhou.page)
        assert not found.response["violations"], f"{page}: {found.generate_report()}"
        assert zhou.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page} is too wide"
        assert zhou.page.evaluate(_OUTSIDE) == 0, page
        assert problems == [], page


def test_a_column_leads_to_its_jobs_and_the_table_says_the_same(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    zhou = phone("zhou", "en").switch_on().sign_in()
    zhou.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    zhou.open("/reports/trends/view?topic=reported&by=time&window=year")
    column = zhou.page.locator(".graph-links a").nth(6)
    words = column.get_attribute("title") or ""
    column.click()
    zhou.page.locator("#behind").wait_for()
    count = zhou.page.locator("#behind .row-title").inner_text().split()[0]
    assert words.split(": ")[1].replace(",", "") == count


def test_the_wall_turns_and_keeps_its_figures_without_a_network(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    zhou = phone("zhou", "en").switch_on().sign_in()
    zhou.page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    zhou.page.clock.install()
    zhou.open("/reports/wall")
    panel = zhou.page.locator("[data-wall-panel]:visible h2").first
    assert "found on rounds" in panel.inner_text()
    numbers = zhou.page.locator(".wall-number strong").all_inner_texts()
    assert zhou.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    zhou.page.clock.run_for(16_000)
    zhou.page.get_by_role("heading", name="Most frequent kinds").wait_for()
    hospital.stop()
    zhou.page.clock.run_for(31_000)
    zhou.page.locator("[data-wall-stale]").wait_for()
    assert "as of" in zhou.page.locator("[data-wall-stale]").inner_text()
    assert zhou.page.locator(".wall-number strong").all_inner_texts() == numbers
    hospital.start()
    zhou.page.clock.run_for(31_000)
    zhou.page.locator("[data-wall-stale]").wait_for(state="hidden")
