"""How long a person waits: from submitting a photo of 400 kB to "saved", and for a page and a tag without a network.

`make bench-offline`; the processor is slowed four times, as on a cheap phone. A timing is no test: it prints a table.
"""

import base64
import io
import random
import statistics
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.acceptance.basement import Basement, settled
from tests.acceptance.hospital import Hospital, make_demo
from tests.acceptance.phone import Phone
from tests.acceptance.work import codes_of

RUNS = 40
SLOWER = 4
KILOBYTES = 400


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        hospital = Hospital(make_demo(Path(folder) / "demo"), Path(folder) / "hospital")
        hospital.start()
        phone = Phone(playwright, hospital.url, Path(folder) / "phone", "wang", "zh_Hans_CN").switch_on().sign_in()
        try:
            phone.take_along()
            measure(Basement(phone, hospital))
        finally:
            phone.kill()
            hospital.stop()


def measure(basement: Basement) -> None:
    """Everything is measured without a network, so that nothing else is in the figures."""
    page = basement.page
    basement.begin()
    page.goto(f"/tickets/{basement.ticket}")
    codes = codes_of(basement.hospital, basement.phone.login)[:RUNS]
    basement.phone.offline()
    session = basement.phone.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    print(f"processor slowed {SLOWER} times, {RUNS} runs each, milliseconds")
    report(
        "a page of this phone, without a network", [opened(page, f"/tickets/{basement.ticket}") for _ in range(RUNS)]
    )
    report("a tag never seen, without a network", [opened(page, f"/t/{code}", _TAG) for code in codes])
    page.goto(f"/tickets/{basement.ticket}")
    report(f"saving a photo of {KILOBYTES} kB", [saved(page, photo(number)) for number in range(RUNS)])


def report(what: str, times: list[float]) -> None:
    """One line of the table."""
    cuts = statistics.quantiles(times, n=20)
    print(f"{what:<44} p50 {statistics.median(times):7.0f}   p95 {cuts[18]:7.0f}   max {max(times):7.0f}")


def opened(page: Page, path: str, ready: str = "h1") -> float:
    """From going to an address until its page has its content."""
    page.goto("about:blank")
    page.goto(path, wait_until="commit")
    page.locator(ready).first.wait_for(state="attached")
    page.wait_for_load_state("load")
    took: float = page.evaluate(_SINCE_ASKED)
    return took


def saved(page: Page, picture: bytes) -> float:
    """From the submit of a chosen and prepared photo until everything is on the disk."""
    settled(page)
    took: float = page.evaluate(_SUBMIT_AND_WAIT, base64.b64encode(picture).decode())
    return took


def photo(seed: int) -> bytes:
    """A JPEG of about 400 kB that phones send as it is."""
    grain = Image.frombytes("RGB", (400, 300), random.Random(seed).randbytes(400 * 300 * 3))
    out = io.BytesIO()
    grain.resize((1600, 1200), Image.Resampling.BILINEAR).save(out, "JPEG", quality=82)
    data = out.getvalue()
    filler = KILOBYTES * 1000 - len(data)
    return data if filler <= 0 else data + bytes(filler)


_TAG = "#report [name=place_id]:not([value=''])"
_SINCE_ASKED = "() => performance.now()"
_SUBMIT_AND_WAIT = """(text) => new Promise((resolve) => {
  const form = document.querySelector("form[action$='/photos']:has([name=role][value=after])");
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const chosen = new DataTransfer();
  chosen.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
  let begun = 0;
  form.addEventListener("submit", () => (begun = performance.now()), { once: true, capture: true });
  const channel = new BroadcastChannel("crew");
  channel.onmessage = ({ data }) => {
    if (data.type !== "outbox" || !begun) return;
    channel.close();
    resolve(performance.now() - begun);
  };
  const input = form.querySelector("input[type=file]");
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
})"""


if __name__ == "__main__":
    main()
