"""A phone for tests: sends commands as the outbox or a plain form does, and lints every page it is shown."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crew_app.core.ids import new_id
from tests.support.lint import Page, problems
from tests.support.people import PASSWORD

Fields = Mapping[str, Any]
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
"""An id that nobody has, the same in every run."""
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class CrewClient(FlaskClient):
    """One phone. `person_id` is whose entries it sends."""

    person_id: UUID | None = None
    language = "zh-CN"
    lints = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Any request at all; an HTML answer must pass the lint."""
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Accept-Language", self.language)
        kwargs.setdefault("buffered", True)  # read and closed, files included
        response = super().open(*args, headers=headers, **kwargs)
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if self.lints and is_page and response.get_data():
            found = problems(self.application, response)
            assert not found, f"{response.request.path} ({response.status_code}): " + "\n  ".join(["", *found])
        return response

    def sign_in(self, login: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Sign in through the form."""
        data = {"login": login, "password": password, **fields}
        response = self.post("/login", data=data, headers=SAME_ORIGIN)
        assert response.status_code == HTTPStatus.FOUND, response.get_data(as_text=True)
        return response

    def page(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """A page as a browser loads it."""
        response = self.get(path, **kwargs)
        assert response.status_code == status, (path, response.status, response.headers.get("Crew-Refusal"))
        return Page(response.get_data(as_text=True), response)

    def send(self, path: str, fields: Fields | None = None, **options: Any) -> TestResponse:
        """A command from the outbox: fields urlencoded, or a raw `body`."""
        headers = {"Crew-Outbox": "1", "Crew-Key": str(options.pop("key", None) or new_id())}
        headers["Crew-Person"] = str(options.pop("person", None) or self.person_id or "")
        now = datetime.now(UTC)
        headers["Crew-Made-At"] = stamp(options.pop("made_at", now))
        headers["Crew-Sent-At"] = stamp(options.pop("sent_at", now))
        headers |= options.pop("headers", {})
        body = options.pop("body", None)
        if body is None:
            return self.post(path, data=dict(fields or {}), headers=SAME_ORIGIN | headers, **options)
        content_type = options.pop("content_type", "image/jpeg")
        return self.post(path, data=body, content_type=content_type, headers=SAME_ORIGIN | headers, **options)

    def form(self, path: str, fields: Fields | None = None, **options: Any) -> TestResponse:
        """A command from a plain form, as a browser without JavaScript posts it."""
        hidden = {"_key": str(options.pop("key", None) or new_id()), "_person": str(self.person_id or "")}
        headers = SAME_ORIGIN | options.pop("headers", {})
        return self.post(path, data={**hidden, **(fields or {})}, headers=headers, **options)


def stamp(at: datetime | str) -> str:
    """A time as phones write it."""
    return at if isinstance(at, str) else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def accepted(response: TestResponse, status: int = 200) -> str:
    """The location of a command that was carried out."""
    assert response.status_code == status, (response.status, response.get_data(as_text=True))
    UUID(response.headers["Crew-Receipt"])
    assert not response.get_data()
    return response.headers["Crew-Location"]


def refused(response: TestResponse, status: int, code: str = "") -> str:
    """The words with which the outbox's command was refused: with its receipt, so that the phone parks it."""
    assert response.status_code == status, (response.status, response.get_data(as_text=True))
    assert response.headers.get("Crew-Receipt"), "a refusal without a receipt stops the whole outbox"
    assert response.mimetype == "text/plain"
    assert not code or response.headers["Crew-Refusal"] == code
    words = response.get_data(as_text=True)
    assert words.strip()
    return words


def unseen(response: TestResponse) -> None:
    """It does not exist, or not for this person; nothing tells the two apart."""
    assert response.status_code == HTTPStatus.NOT_FOUND, response.status


def path_of(response: TestResponse) -> str:
    """Where a redirect leads, which must be within the application."""
    parts = urlsplit(response.headers["Location"])
    assert parts.netloc in ("", "localhost"), response.headers["Location"]
    assert not response.headers["Location"].startswith(("//", "/\\"))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def some_id() -> str:
    """Another id that nobody has, each time."""
    return str(uuid4())
