"""A real server: `crew serve` with a data folder and settings of its own, on a free port of this machine."""

import http.cookiejar
import os
import signal
import subprocess
import sys
import time
import urllib.request
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

from crew_app.core.ids import new_id
from tests.acceptance.hospital import free_port
from tests.support.database import SECRET_KEY
from tests.support.people import PASSWORD

CREW = str(Path(sys.executable).with_name("crew"))
START_SECONDS = 60


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


class Server:
    """One machine, as others see it."""

    def __init__(self, data: Path, workers: int = 1, **environment: str) -> None:
        self.data, self.workers, self.port = data, workers, free_port()
        self.data.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CREW_", "COVERAGE"))}
        self.environment = kept | {"CREW_DATA": str(data), "SECRET_KEY": SECRET_KEY, "LOG_FORMAT": "json"} | environment
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it said so far."""
        return (self.data / "server.log").read_text(errors="replace")

    def start(self) -> "Server":
        """Start it and wait until it answers."""
        command = [CREW, "serve", "--port", str(self.port), "--workers", str(self.workers)]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start: {self.log}")

    def kill(self) -> None:
        """End all of it at once, as when the power goes."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def crew(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command on that machine."""
        return subprocess.run(
            [CREW, *arguments], env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )


class Browser:
    """Somebody's cookies, to be used with any server; answers are (status, headers with small names, body)."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(
        self, url: str, fields: dict[str, str] | bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request; `OSError` when nobody answers."""
        body = urlencode(fields).encode() if isinstance(fields, dict) else fields
        request = urllib.request.Request(url, data=body, headers={"Sec-Fetch-Site": "same-origin"} | (headers or {}))
        if self.cookies:
            request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}), *self.handlers())
        try:
            with opener.open(request, timeout=30) as answer:
                return self._take(request, answer)
        except HTTPError as answer:
            with answer:
                return self._take(request, answer)

    def sign_in(self, server: Server, login: str) -> None:
        """By the form, with the password of the small hospital."""
        status, _, body = self.ask(f"{server.url}/login", {"login": login, "password": PASSWORD})
        assert status == HTTPStatus.FOUND, body.decode()[:300]

    def send(
        self, server: Server, path: str, fields: dict[str, str] | bytes, person: str, key: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        """A command as an outbox sends it."""
        headers = {"Crew-Outbox": "1", "Crew-Key": key or str(new_id()), "Crew-Person": person}
        if isinstance(fields, bytes):
            headers["Content-Type"] = "image/jpeg"
        return self.ask(f"{server.url}{path}", fields, headers)

    def handlers(self) -> list[urllib.request.BaseHandler]:
        """What else it needs to reach a server."""
        return []

    def _take(self, request: urllib.request.Request, answer: object) -> tuple[int, dict[str, str], bytes]:
        jar = http.cookiejar.CookieJar()
        for cookie in jar.make_cookies(answer, request):  # type: ignore[arg-type]
            self.cookies[cookie.name] = cookie.value or ""
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()  # type: ignore[attr-defined]
