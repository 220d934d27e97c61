"""A phone that speaks plain HTTP with a real server: for what no browser would send, and for lines that are cut."""

import http.client
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from crew_app.core.ids import new_id
from tests.support.client import stamp
from tests.support.people import PASSWORD

BOUNDARY = "crew-boundary-7d1f0c"


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def words(self) -> str:
        """What it says to people."""
        return self.body.decode("utf-8", "replace")


class RawPhone:
    """Somebody's, signed in."""

    def __init__(self, port: int, login: str, password: str = PASSWORD) -> None:
        self.port, self.cookie, self.person = port, "", ""
        answer = self.ask("POST", "/login", urlencode({"login": login, "password": password}).encode(), _FORM)
        found = re.search(r"\bcrew=[^;]+", "; ".join(answer.headers.get_all("Set-Cookie", [])))
        assert found, answer.words
        self.cookie = found.group(0)
        self.person = self.ask("GET", "/").headers["Crew-Person"]

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Heard:
        """One request over a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body or None, self.head(headers or {}))
            answer = line.getresponse()
            return Heard(answer.status, answer.headers, answer.read())
        finally:
            line.close()

    def head(self, headers: dict[str, str]) -> dict[str, str]:
        """The headers of every request."""
        return {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en", "Cookie": self.cookie} | headers

    def command(self, key: UUID | None = None) -> dict[str, str]:
        """The headers of an entry from the outbox."""
        at = stamp(datetime.now(UTC))
        times = {"Crew-Made-At": at, "Crew-Sent-At": at}
        return {"Crew-Outbox": "1", "Crew-Key": str(key or new_id()), "Crew-Person": self.person} | times

    def send(self, path: str, fields: dict[str, Any], key: UUID | None = None) -> Heard:
        """An entry with fields."""
        return self.ask("POST", path, urlencode(fields).encode(), self.command(key) | _FORM)

    def bytes_of(self, path: str, data: bytes, key: UUID | None = None) -> Heard:
        """The bytes of an announced photo."""
        return self.ask("POST", path, data, self.command(key) | {"Content-Type": "image/jpeg"})

    def upload(self, path: str, fields: dict[str, str], name: str, data: bytes) -> Heard:
        """A plain form with a file, its name as it is."""
        rows = {"_key": str(new_id()), "_person": self.person} | fields
        body = b"".join(_part(f'name="{field}"', value.encode()) for field, value in rows.items())
        file = f'name="photo"; filename="{name}"\r\nContent-Type: image/jpeg'
        body += _part(file, data) + f"--{BOUNDARY}--\r\n".encode()
        return self.ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _part(head: str, value: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
