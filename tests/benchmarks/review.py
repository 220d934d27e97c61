"""How long a supervisor at the keys waits between a verdict and the next job with its pictures: `make bench-review`.

Whoever looks at a job for `LOOK` seconds gets through 3600 / (LOOK + what is measured here) jobs an hour.
"""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.acceptance.hospital import Hospital, make_demo
from tests.acceptance.phone import Phone

LOOK = 45
PICTURES = "[...document.querySelectorAll('.compare .photo img')].every((image) => image.complete)"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        hospital = Hospital(make_demo(Path(folder) / "demo"), Path(folder) / "hospital")
        hospital.start()
        desk = Phone(playwright, hospital.url, Path(folder) / "desk", "li", "zh_Hans_CN").switch_on().sign_in()
        desk.page.set_viewport_size({"width": 1280, "height": 800})
        try:
            desk.open("/review")
            report(verdicts(desk))
        finally:
            desk.kill()
            hospital.stop()


def verdicts(desk: Phone) -> list[float]:
    """Seconds from the key to the next job, every third sent back with words, until one is left."""
    times: list[float] = []
    while desk.page.locator("#queue li").count() > 1:
        begin = time.monotonic()
        _judge(desk.page, back=len(times) % 3 == 2)
        desk.until(PICTURES)
        times.append(time.monotonic() - begin)
    return times


def _judge(page: Page, *, back: bool) -> None:
    about = page.locator("#ticket").get_attribute("data-ticket") or ""
    if back:
        page.keyboard.press("b")
        page.keyboard.type("灯罩没装好")
    page.keyboard.press("Control+Enter" if back else "v")
    expect(page.locator("#ticket")).not_to_have_attribute("data-ticket", about)


def report(times: list[float]) -> None:
    """The waits, and what they leave of an hour."""
    middle = statistics.median(times)
    print(f"{len(times)} verdicts by keys: median {middle:.2f} s, longest {max(times):.2f} s")
    print(f"at {LOOK} s of looking: {3600 / (LOOK + middle):.0f} jobs an hour")


if __name__ == "__main__":
    main()
