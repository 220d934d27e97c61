"""The outbox's own modules in one real browser, with its real database, against a server that answers by a script.

No build and no application: the modules are served as they are in the repository. A module may be served with another
text, which is how mutation testing gets in. Connections are used once: on a kept one Chromium asks twice by itself.
"""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

SOURCE = Path("crew_app/static/src")
IDB = Path("node_modules/idb/build/index.js")
MAP = json.dumps({"imports": {"idb": "/idb.js"}})
PAGE = f'<!doctype html><html><script type="importmap">{MAP}</script><title>lab</title></html>'
OTHER_TEXTS: dict[str, str] = {}
"""Modules by name that are served otherwise than they are in the repository."""
DATE = "Mon, 02 Mar 2026 08:00:00 GMT"


@dataclass
class Script:
    """What the server answers, in order, and what it was asked."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)


class Lab:
    """A page in which the outbox runs, and its server."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.script = browser, Script()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.phone = browser.new_context().new_page()
        self.phone.set_default_timeout(5000)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def page(self) -> Page:
        """The phone with an empty outbox, as if it had just been opened, and the modules as `m`."""
        self.script.answers, self.script.asked = [], []
        for other in self.phone.context.pages[1:]:
            other.close()
        self.phone.goto(f"{self.url}/lab")
        self.phone.evaluate(EMPTY)
        self.phone.evaluate(LOAD)
        return self.phone

    def answer(self, *answers: dict[str, Any] | int) -> None:
        """What the next requests get: a status of our server, or exactly this; without any more, the line is dead."""
        self.script.answers = [one if isinstance(one, dict) else {"status": one, "ours": True} for one in answers]

    def stop(self) -> None:
        """Close the door."""
        self.server.shutdown()
        self.server.server_close()


def _handler(lab: Lab) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            found = _file(urlsplit(self.path).path)
            self._send(200 if found else 404, *(found or (b"", {})))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            lab.script.asked.append({"path": self.path, "body": body.decode(), **dict(self.headers.items())})
            if not lab.script.answers:
                return
            answer = lab.script.answers.pop(0)
            headers = dict(answer.get("headers", {}))
            if answer.get("ours"):
                headers["Crew-Receipt"] = self.headers["Crew-Key"]
            self._send(answer["status"], answer.get("text", "").encode(), headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response_only(status)
            for name, value in {"Date": DATE, "Cache-Control": "no-store", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _file(path: str) -> tuple[bytes, dict[str, str]] | None:
    if path == "/lab":
        return PAGE.encode(), {"Content-Type": "text/html"}
    if path == "/idb.js":
        return IDB.read_bytes(), {"Content-Type": "text/javascript"}
    name = path.removeprefix("/src/")
    if name == path:
        return None
    text = OTHER_TEXTS.get(name) or (SOURCE / name).read_text(encoding="utf-8")
    return text.encode(), {"Content-Type": "text/javascript"}


EMPTY = """async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await new Promise((done, failed) => {
    const asked = indexedDB.deleteDatabase("crew");
    asked.onsuccess = done;
    asked.onerror = asked.onblocked = () => failed(new Error("the database is still in use"));
  });
}"""
LOAD = """async () => {
  const names = ["rules", "sender", "store", "session", "outcome", "database", "entries", "local-state", "schedule"];
  const parts = await Promise.all(names.map((name) => import(`/src/outbox/${name}.js`)));
  globalThis.m = Object.fromEntries(names.map((name, at) => [name.replace("-", "_"), parts[at]]));
  globalThis.news = [];
  (await import("/src/channel.js")).hear((one) => news.push(one));
  globalThis.item = (more = {}) => ({
    v: 1, key: crypto.randomUUID(), person: "p1", url: "/tickets/1/notes", type: "application/x-www-form-urlencoded",
    body: "note=a", subject: "t1", label: "Note", from: [], to: "", news: [], page: "/tickets/1",
    madeAt: "2026-03-02T07:00:00.000Z", sha256: "", size: 6, state: "waiting", attempts: 0, due: 0, ...more,
  });
  globalThis.photo = (after, more = {}) => item({ blob: crypto.randomUUID(), after, body: undefined,
    url: "/photos", type: "image/jpeg", label: "Photo", ...more });
  globalThis.left = async () => (await m.store.allItems()).map(({ key }) => key);
  await m.session.seen("p1", Date.now());
  news.length = 0;
}"""
