"""How long and how many bytes it takes to make a phone ready for the basement, and how fast pages open there.

    make bench-prefetch

A demo hospital with 5,000 tags, a real server, a real browser. Nothing here passes or fails: it prints figures.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import sync_playwright

from crew_app.core.codes import make_code
from tests.acceptance.hospital import Hospital, make_demo
from tests.acceptance.phone import Phone
from tests.benchmarks.slow_line import SlowLine

TAGS, TIMES, LOGIN = 5_000, 25, "li"
PATIENCE = 300


def main() -> None:
    """Print the figures: fast line, slow line, no line."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        hospital = Hospital(make_demo(root / "demo"), root / "hospital")
        add_tags(hospital.data / "crew.db")
        hospital.start()
        line = SlowLine(hospital.port)
        phone = Phone(playwright, f"http://localhost:{line.port}", root / "phone", LOGIN, "en").switch_on()
        try:
            walk(phone, line, hospital)
        finally:
            phone.kill()
            hospital.stop()


def walk(phone: Phone, line: SlowLine, hospital: Hospital) -> None:
    """A phone that is new, one on a slow line, and one in the basement."""
    phone.sign_in().page.goto("/more")
    seconds = ready(phone)
    say("everything after sign-in, fast line", seconds, line.count(), phone)
    say("pages anew, fast line", again(phone, line), line.count(), phone)
    line.slow_down(kbit=400, round_trip_ms=400)
    say("pages anew, 400 kbit/s and 400 ms", again(phone, line), line.count(), phone)
    say("directory anew, 400 kbit/s and 400 ms", directory(phone, line), line.count(), phone)
    say("nothing new, 400 kbit/s and 400 ms", update(phone), line.count(), phone)
    line.speed_up()
    codes = [str(row[0]) for row in hospital.rows("SELECT code FROM tags WHERE retired_at IS NULL LIMIT ?", TIMES)]
    pages = [key.removeprefix("part ") for key in phone.page.evaluate(_KEYS) if key.startswith("part /tickets/")]
    hospital.stop()
    print_times("a job never visited, without the server", [opened(phone, page) for page in pages[:TIMES]])
    print_times("a tag never scanned, without the server", [opened(phone, f"/t/{code}") for code in codes])


def add_tags(path: Path) -> None:
    """Give rooms more tags until there are 5,000 at the person's sites."""
    with sqlite3.connect(path) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(tags)")]
        rows = connection.execute(
            "SELECT * FROM tags WHERE retired_at IS NULL AND site_id IN"
            " (SELECT site_id FROM memberships m JOIN people p ON p.id = m.person_id WHERE p.login = ?)",
            [LOGIN],
        ).fetchall()
        fresh = [
            _another(dict(zip(names, rows[number % len(rows)], strict=True))) for number in range(TAGS - len(rows))
        ]
        values = ", ".join(f":{name}" for name in names)
        connection.executemany(f"INSERT INTO tags VALUES ({values})", fresh)


def _another(tag: dict[str, Any]) -> dict[str, Any]:
    return tag | {"code": make_code()} | ({"id": uuid4().hex} if "id" in tag else {})


def ready(phone: Phone) -> float:
    """Wait until the phone says that it is ready, and has the directory."""
    return wait(phone, _IS_READY)


def again(phone: Phone, line: SlowLine) -> float:
    """Forget the pages, then ask for them."""
    phone.page.evaluate(_FORGET, "pages")
    line.count()
    return update(phone)


def update(phone: Phone) -> float:
    """Touch the button."""
    asked = time.time() * 1000
    phone.button("Update now").click()
    return wait(phone, _IS_UPDATED, asked)


def directory(phone: Phone, line: SlowLine) -> float:
    """Forget the directory; the next page fetches it."""
    phone.page.evaluate(_FORGET, "directory")
    phone.context.new_cdp_session(phone.page).send("Network.clearBrowserCache")
    line.count()
    phone.page.reload(wait_until="commit")
    return wait(phone, _HAS_TAGS)


def wait(phone: Phone, script: str, argument: Any = None) -> float:
    """How many seconds until something is true on the phone."""
    started = time.monotonic()
    while not phone.page.evaluate(script, argument):
        if time.monotonic() - started > PATIENCE:
            sys.exit("the phone was never ready")
        time.sleep(0.05)
    return time.monotonic() - started


def opened(phone: Phone, path: str) -> float:
    """Milliseconds until the heading of a page is filled in."""
    phone.page.goto(path, wait_until="commit")
    return float(phone.page.evaluate(_SHOWN))


def say(what: str, seconds: float, count: int, phone: Phone) -> None:
    """One line of the report."""
    pages, tags = phone.page.evaluate(_COUNTS)
    sys.stdout.write(f"{what}: {seconds:.1f} s, {count / 1000:.0f} kB received; here now: {pages} pages, {tags} tags\n")


def print_times(what: str, times: list[float]) -> None:
    """Another."""
    last = sorted(times)[int(len(times) * 0.95) - 1]
    sys.stdout.write(f"{what}: median {statistics.median(times):.0f} ms, p95 {last:.0f} ms of {len(times)}\n")


_STORE = """const store = (mode) => new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => resolve(asked.result.transaction('directory', mode).objectStore('directory'));
});
const got = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
const read = async (key) => {
  const s = await store('readonly');
  const value = await got(s.get(key));
  s.transaction.db.close();
  return value;
};
"""
_HAS_TAGS = f"async () => {{ {_STORE} return Boolean((await read('tags'))?.length); }}"
_IS_READY = (
    f"async () => {{ {_STORE} return Boolean((await read('manifest'))?.done && (await read('tags'))?.length); }}"
)
_IS_UPDATED = f"async (asked) => {{ {_STORE} const m = await read('manifest'); return m?.done && m.at >= asked; }}"
_COUNTS = f"""async () => {{ {_STORE}
  return [Object.keys((await read('parts')) ?? {{}}).length, ((await read('tags')) ?? []).length];
}}"""
_KEYS = f"async () => {{ {_STORE} return got((await store('readonly')).getAllKeys()); }}"
_FORGET = f"""async (what) => {{ {_STORE}
  const s = await store('readwrite');
  for (const key of await got(s.getAllKeys())) {{
    const page = key === 'manifest' || key === 'parts' || key.startsWith('part ');
    if (page === (what === 'pages')) s.delete(key);
  }}
  s.transaction.db.close();
}}"""
_SHOWN = """() => new Promise((resolve) => {
  const look = () => {
    const tag = document.querySelector('[data-tag-shell]');
    const text = (tag ?? document).querySelector(tag ? '[data-slot=path]' : 'h1')?.textContent;
    if (text && document.readyState !== 'loading') resolve(performance.now());
    else setTimeout(look, 1);
  };
  look();
})"""


if __name__ == "__main__":
    main()
