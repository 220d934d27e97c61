"""A phone in somebody's hand: a real Chromium with a profile of its own, a camera, and a network that may fail."""

import os
import re
import signal
from collections import deque
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from tests.acceptance.words import say
from tests.support.fake_camera import write_mjpeg

PASSWORD = "crew-demo"
PATIENCE = 60_000
SHELLS = ("/offline/tag", "/offline/ticket", "/scan", "/outbox")


class Phone:
    """One person's phone."""

    def __init__(
        self, playwright: Playwright, url: str, folder: Path, login: str, language: str, *, dark: bool = False
    ) -> None:
        self.playwright, self.url, self.login, self.language, self.dark = playwright, url, login, language, dark
        self.profile, self.film = folder / "profile", folder / "camera.mjpeg"
        self.said: deque[str] = deque(maxlen=30)
        folder.mkdir(parents=True)
        self.point_camera_at("nothing to see")
        self.context: BrowserContext
        self.page: Page

    def point_camera_at(self, text: str) -> None:
        """What the camera will see when the phone is switched on."""
        write_mjpeg(self.film, text)

    def switch_on(self) -> "Phone":
        """Start the browser; what the profile kept is there again."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path="/usr/bin/chromium",
            headless=True,
            args=_arguments(self.film),
            viewport={"width": 390, "height": 844},
            device_scale_factor=2,
            has_touch=True,
            locale="en-GB" if self.language == "en" else "zh-CN",
            color_scheme="dark" if self.dark else "light",
            permissions=["camera"],
            base_url=self.url,
        )
        self.context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.context.on("console", lambda said: self.said.append(f"{said.type}: {said.text}"))
        self.context.on("weberror", lambda error: self.said.append(f"error: {error.error}"))
        return self

    def account(self) -> str:
        """What this phone shows and what it said last, for whoever reads why a test failed."""
        lines = [f"{self.login}, {self.language}", *(f"  {said}" for said in self.said)]
        with suppress(Error, AttributeError):
            for page in self.context.pages:
                page.set_default_timeout(2_000)
                lines += [page.url, page.locator("body").aria_snapshot()]
        return "\n".join(lines)

    def close_app(self) -> None:
        """Close the browser in the ordinary way."""
        self.context.close()

    def kill(self) -> None:
        """The battery dies: SIGKILL to every process of this browser."""
        mine = re.compile(rb"--user-data-dir=" + re.escape(str(self.profile).encode()))
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mine.search((folder / "cmdline").read_bytes()):
                    os.kill(int(folder.name), signal.SIGKILL)
        with suppress(Error, AttributeError):
            self.context.close()

    def open(self, path: str) -> None:
        """Go to a page, again when the app itself went somewhere (to sign-in, say) at the same moment."""
        try:
            self.page.goto(path)
        except Error as error:
            if "ERR_ABORTED" not in error.message and "interrupted" not in error.message:
                raise
            self.page.wait_for_load_state()
            self.page.goto(path)

    def sign_in(self) -> "Phone":
        """Sign in with the demo password."""
        self.open("/login")
        self.field("Login name").fill(self.login)
        self.field("Password").fill(PASSWORD)
        self.button("Sign in").click()
        expect(self.page.locator("html")).not_to_have_attribute("data-person", "")
        return self

    def take_along(self) -> None:
        """Wait until the phone has what it needs to work without a network."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        for shell in SHELLS:
            self.until(f"caches.match({shell!r}, {{ignoreVary: true, ignoreSearch: true}}).then(Boolean)")
        self.until(_HAS_DIRECTORY)

    def until(self, script: str) -> None:
        """Wait until an expression in the page is true."""
        for _ in range(PATIENCE // 100):
            if self.page.evaluate(f"Promise.resolve({script})"):
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(f"never true: {script}")

    def offline(self, *, off: bool = True) -> None:
        """Go into the basement, or come out of it."""
        self.context.set_offline(off)

    def scan(self, code: str) -> None:
        """Open the scanner from the bar and let the camera find the tag."""
        self.link("Scan").last.click()
        self.page.wait_for_url(f"**/t/{code}", timeout=30_000)

    def say(self, text: str) -> str:
        """The words on this phone's screen for an English text."""
        return say(text, self.language)

    def button(self, text: str) -> Locator:
        """A button that can be seen, by its words."""
        return self.page.get_by_role("button", name=self.say(text), exact=True).locator("visible=true").first

    def link(self, text: str) -> Locator:
        """Links by their words."""
        return self.page.get_by_role("link", name=self.say(text), exact=True)

    def field(self, text: str) -> Locator:
        """An input by its label."""
        return self.page.get_by_label(self.say(text), exact=True).locator("visible=true").first

    def nothing_waits(self) -> None:
        """Wait until everything on this phone has been sent."""
        self.until(_IS_EMPTY)
        expect(self.page.locator("[data-outbox-count]").first).to_be_hidden()


_HAS_DIRECTORY = """new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const tags = asked.result.transaction('directory').objectStore('directory').get('tags');
    tags.onsuccess = () => { asked.result.close(); resolve(tags.result?.length > 0); };
  };
})"""


_IS_EMPTY = """new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const items = asked.result.transaction('items').objectStore('items').count();
    items.onsuccess = () => { asked.result.close(); resolve(items.result === 0); };
  };
})"""


def _arguments(film: Path) -> list[str]:
    return [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
