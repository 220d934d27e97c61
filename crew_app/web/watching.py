"""Every request, seen from outside: its id, its line in the log, its place in the histograms."""

import os
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import Connection, Engine, event

from crew_app.config import Settings
from crew_app.core import db as database
from crew_app.web import logs, outside_watch
from crew_app.web.counters import Counters
from crew_app.web.gate import BEGAN
from crew_app.web.histograms import IN_WORK, Layout
from crew_app.web.logs import Seen

SEEN = "crew.seen"
HEADER = "X-Request-ID"
STATIC = "static"
_BEGUN = ((IN_WORK, 1.0),)
_GOOD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def start(app: Flask) -> None:
    """Stand before everything else; the database tells how often and how long it was asked."""
    settings: Settings = app.config["SETTINGS"]
    watch = Watch(app.wsgi_app, settings, Layout(app))
    app.extensions["crew_watch"] = watch
    app.wsgi_app = watch  # type: ignore[method-assign]
    app.after_request(_note)
    database.WAITED[:] = [watch.waited_to_write]
    with app.app_context():
        _listen(database.db.engine)


def speak(app: Flask) -> None:
    """Write the log, in a process that serves or works; a command's standard output is its answer."""
    settings: Settings = app.config["SETTINGS"]
    watching = settings.watching
    logs.start(as_json=watching.log_json)
    watch: Watch = app.extensions["crew_watch"]
    watch.speak = watching.log_json if watching.log_requests else None
    outside_watch.start(app)


class Watch:
    """WSGI middleware around the whole application."""

    def __init__(self, inner: Any, settings: Settings, layout: Layout) -> None:
        self._inner, self.layout = inner, layout
        self._behind_proxy = settings.trusted_proxies > 0
        self.counters = Counters(settings.data / "metrics", layout.names, layout.momentary)
        self.speak: bool | None = None
        """Whether lines of requests are written as JSON; None for not at all."""
        self.tell_span: Callable[[Seen, float], None] | None = None
        """Who else is told of a request, and how many seconds it took."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        arrived = time.perf_counter()
        seen = Seen(self._id(environ), environ["REQUEST_METHOD"])
        if environ["PATH_INFO"].startswith("/static/"):
            seen.route = STATIC
        environ[SEEN] = seen
        logs.begin(seen)
        self.counters.add(_BEGUN)

        def begin_answer(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            seen.status = int(status[:3])
            return start_response(status, [*headers, (HEADER, seen.id)], *more)

        try:
            return self._inner(environ, begin_answer)  # type: ignore[no-any-return]
        finally:
            self._tell(seen, arrived, environ.get(BEGAN, arrived))
            logs.end()

    def waited_to_write(self, seconds: float) -> None:
        """How long a change stood in line for the database."""
        self.counters.add(self.layout.write_wait(seconds))

    def _id(self, environ: dict[str, Any]) -> str:
        """What the proxy calls this request, if there is one and it says something sensible; else a new name."""
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._behind_proxy else ""
        return given if _GOOD_ID.fullmatch(given) else os.urandom(8).hex()

    def _tell(self, seen: Seen, arrived: float, began: float) -> None:
        over = time.perf_counter()
        self.counters.add(self.layout.answered(seen, over - began, began - arrived))
        if self.tell_span is not None:
            self.tell_span(seen, over - arrived)
        if self.speak is not None:
            logs.say_request(seen, over - arrived, began - arrived, as_json=self.speak)


def _note(response: Response) -> Response:
    """What only the application knows of a request; asks nobody, above all not the database."""
    seen: Seen | None = request.environ.get(SEEN)
    if seen is None:
        return response
    if request.url_rule is not None:
        seen.route = request.url_rule.rule
    user = g.get("_login_user")
    if user is not None and user.is_authenticated:
        seen.person = str(user.person.id)
        there = user.person.__dict__.get("memberships") or ()
        seen.site = ",".join(sorted({str(one.site_id) for one in there}))
    seen.receipt = str(g.command.key) if "command" in g else ""
    seen.refusal = response.headers.get("Crew-Refusal", "")
    return response


def _listen(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _before)
    event.listen(engine, "after_cursor_execute", _after)


def _before(_connection: Connection, *_rest: Any) -> None:
    seen = logs.current()
    if seen is not None:
        seen.asked = time.perf_counter()


def _after(_connection: Connection, *_rest: Any) -> None:
    seen = logs.current()
    if seen is not None:
        seen.statements += 1
        seen.in_database += time.perf_counter() - seen.asked
