"""Many random actions on one phone that two people share, while everything around it fails at random."""

import base64
import hashlib
import random
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from playwright.sync_api import ConsoleMessage, Error, expect

from tests.acceptance.basement import NO_MORE_TO_SEND, held, settled, small_photo, wait_for
from tests.acceptance.hospital import Hospital
from tests.acceptance.journal import Deed, Journal, Verdict
from tests.acceptance.phone import Phone
from tests.acceptance.work import codes_of
from tests.support import faults
from tests.support.fault_proxy import FaultProxy

BY_HAND = (Path(__file__).parent / "by_hand.js").read_text(encoding="utf-8")
CREW = ("wang", "dian1")
WEIGHTS = {"accept": 8, "note": 6, "photo": 3, "material": 4, "hold": 2, "resume": 6, "finish": 1}
STATES = {"accept": "accepted", "hold": "on_hold", "resume": "accepted", "finish": "finished"}
POSTS = r"^/(tickets|photos)"
LONGEST_SAVE = 30_000
LOOKED_AT = "#ticket[data-overlaid], #report [name=place_id]:not([value='']), main:not(:has(#ticket, #report))"
"""A page that has caught up with what waits on the phone, and knows what it is about."""
FAULTS = (
    faults.reset,
    faults.deliver_and_drop,
    faults.deliver_and_drop,
    faults.cut_upload,
    faults.portal,
    faults.redirect("/login"),
    faults.redirect("http://127.0.0.1:9/login"),
    faults.status(500),
    faults.status(502),
    faults.status(503),
    faults.status(429),
    faults.slow(1.0),
    faults.blackhole,
)


@dataclass
class Tally:
    """What happened to the phone and the server."""

    browser_kills: int = 0
    server_kills: int = 0
    changes_of_person: int = 0
    faults: int = 0
    tasks: dict[str, int] = field(default_factory=dict)


class Soak:
    """One run; the same seed makes the same plan."""

    def __init__(
        self,
        phone: Phone,
        hospital: Hospital,
        proxy: FaultProxy,
        seed: int,
        breaks: tuple[faults.Break, ...] = FAULTS,
        where: str = POSTS,
    ) -> None:
        """`breaks`: what may happen to requests; `where`: to which, by their path."""
        self.phone, self.hospital, self.proxy, self.seed = phone, hospital, proxy, seed
        self.breaks, self.where = breaks, where
        self.chance = random.Random(seed)
        self.journal, self.tally = Journal(), Tally()
        self.said: set[str] = set()
        self.mine: dict[str, list[str]] = {login: [] for login in CREW}
        self.refused: list[str] = []
        self.up = self.near = True
        self.moving_on = False
        self.codes = codes_of(hospital, CREW[0])
        self.items = [str(UUID(str(item))) for (item,) in hospital.rows("SELECT id FROM items ORDER BY code LIMIT 30")]

    def run(self, count: int, browser_kills: int, server_kills: int) -> Verdict:
        """So many actions, then everything is sent and the books are compared."""
        self._change_person(CREW[0])
        dying = set(self.chance.sample(range(3, count + 1), browser_kills))
        down = set(self.chance.sample(range(3, count + 1), server_kills))
        for number in range(1, count + 1):
            self._weather(crash=number in down)
            self._act(number, dies=number in dying)
            if self.up and self.near and self.chance.random() < 0.03:
                self._change_person(next(login for login in CREW if login != self.phone.login))
        for login in CREW:
            self._deliver_all(login)
        verdict = self.journal.judge(self.hospital)
        verdict.refused = self.refused
        return verdict

    def summary(self, verdict: Verdict) -> str:
        """One line for the record."""
        deeds, tally = self.journal.deeds, self.tally
        saved = sum(deed.saved for deed in deeds)
        return (
            f"soak seed {self.seed}: {len(deeds)} actions ({saved} said to be saved) {tally.tasks},"
            f" {tally.browser_kills} kills of the browser, {tally.server_kills} of the server,"
            f" {tally.changes_of_person} changes of person, {tally.faults} faults: {verdict}"
        )

    # The world around the phone

    def _weather(self, *, crash: bool) -> None:
        roll = self.chance.random()
        if crash:
            self._serve(up=False)
            self.tally.server_kills += 1
        elif not self.up and roll < 0.3:
            self._serve(up=True)
        elif roll < 0.1:
            self._network(near=not self.near)
        elif roll > 0.9:
            self.proxy.clear()
        if self.chance.random() < 0.5:
            self.proxy.put(self.chance.choice(self.breaks), "POST", self.where, self.chance.randint(1, 2))
            self.tally.faults += 1

    def _serve(self, *, up: bool) -> None:
        if up != self.up:
            (self.hospital.start if up else self.hospital.stop)()
            self.up = up

    def _network(self, *, near: bool) -> None:
        self.phone.offline(off=not near)
        self.near = near

    def _change_person(self, login: str) -> None:
        """The one before is gone without signing out; what they left on the phone stays theirs."""
        self.proxy.clear()
        self._open_browser()
        self.phone.login = login
        self.hospital.end_sessions()
        self.phone.sign_in()
        self.phone.take_along()
        self.phone.close_app()  # a browser writes its cookies down when it is closed, or after half a minute
        self._open_browser()
        self.tally.changes_of_person += 1

    def _open_browser(self) -> None:
        with suppress(Error, AttributeError):
            self.phone.close_app()
        self.phone.switch_on()
        self.phone.context.on("console", self._hear)
        self.near = True

    def _hear(self, message: ConsoleMessage) -> None:
        self.said.add(message.text)

    # What is done

    def _act(self, number: int, *, dies: bool) -> None:
        deed = self._begin(number)
        if dies:
            self.phone.page.wait_for_timeout(self.chance.uniform(0, 250))
            self.phone.kill()
            self.tally.browser_kills += 1
        else:
            self._until_saved(deed)
        deed.saved = f"saved {number}" in self.said
        self.tally.tasks[deed.what] = self.tally.tasks.get(deed.what, 0) + 1
        if deed.what == "open" and deed.ticket and deed.saved:
            self.mine[deed.login].append(deed.ticket)
        if deed.what == "finish" and deed.saved:
            self.mine[deed.login].remove(deed.ticket)
        if dies:
            self._open_browser()

    def _until_saved(self, deed: Deed) -> None:
        page = self.phone.page
        if f"saved {deed.number}" not in self.said:
            with suppress(Error):
                page.wait_for_event(
                    "console", lambda message: message.text == f"saved {deed.number}", timeout=LONGEST_SAVE
                )
        with suppress(AssertionError, Error):
            if deed.what == "open":
                settled(page)
                self.moving_on = True
            elif deed.what in STATES:
                expect(page.locator("#ticket")).to_have_attribute("data-state", STATES[deed.what], timeout=LONGEST_SAVE)

    def _begin(self, number: int) -> Deed:
        """Find something that is possible on the page, or go where something is."""
        while True:
            for what in self._wishes():
                if deed := self._try(what, number):
                    return deed
            self._go_elsewhere()

    def _wishes(self) -> list[str]:
        """What to try on this page, in order; nothing: go elsewhere."""
        moving_on, self.moving_on = self.moving_on, False
        if moving_on or self.chance.random() < 0.2 or not self.phone.page.url.startswith(self.proxy.url):
            return []
        if "/t/" in self.phone.page.url:
            return ["open"]
        return sorted(WEIGHTS, key=lambda what: self.chance.random() ** (1 / WEIGHTS[what]), reverse=True)

    def _go_elsewhere(self) -> None:
        mine = self.mine[self.phone.login]
        fresh = not mine or (len(mine) < 8 and self.chance.random() < 0.5)
        path = f"/t/{self.chance.choice(self.codes)}" if fresh else f"/tickets/{self.chance.choice(mine)}"
        page = self.phone.page
        with suppress(Error):  # interrupted by the page's own way
            page.goto(path)
            page.locator(LOOKED_AT).first.wait_for(state="attached", timeout=LONGEST_SAVE)
        assert not page.url.startswith(f"{self.proxy.url}/login"), "signed out although nobody did that"

    def _try(self, what: str, number: int) -> Deed | None:
        photo = small_photo(self.seed * 100_000 + number) if self._wants_photo(what) else b""
        deed = Deed(number, what, self.phone.login, self._mark(what, number, photo))
        deed.photo = hashlib.sha256(photo).hexdigest() if photo else ""
        order = {
            "what": what,
            "words": deed.mark,
            "number": number,
            "photo": base64.b64encode(photo).decode(),
            "item": self.chance.choice(self.items),
            "chance": self.chance.randrange(100),
        }
        try:
            done = self.phone.page.evaluate(BY_HAND, order)
        except Error:  # the page was on its way to another
            return None
        if done is None:
            return None
        deed.ticket = done["ticket"]
        self.journal.deeds.append(deed)
        return deed

    def _wants_photo(self, what: str) -> bool:
        return what == "photo" or (what == "open" and self.chance.random() < 0.3)

    def _mark(self, what: str, number: int, photo: bytes) -> str:
        if what in ("accept", "resume"):
            return ""
        if what == "material":
            return f"{number / 1000:.3f}".rstrip("0").rstrip(".")
        return hashlib.sha256(photo).hexdigest() if what == "photo" else f"s{self.seed}-{number}"

    # The end

    def _deliver_all(self, login: str) -> None:
        """Everything works again, and the person comes back to this phone."""
        self._serve(up=True)
        self.proxy.clear()
        self._change_person(login)
        page = self.phone.page
        page.goto("/outbox")
        page.locator("[data-outbox-send]").dispatch_event("click")  # it hides itself when nothing waits
        wait_for(page, NO_MORE_TO_SEND)
        self.refused += [f"{item['url']} {item['refusal']}" for item in held(page) if item["state"] == "refused"]
