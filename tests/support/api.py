"""Another system of the hospital, for tests: a token, and requests with it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import Client, TestResponse

from crew_app.connections import tokens
from crew_app.connections.scopes import Scope
from crew_app.core.changes import Trace
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Person, Site
from tests.support.world import World

EVERYTHING = frozenset(Scope)


class System:
    """Asks with one token. No cookie is ever kept."""

    def __init__(self, app: Flask, token: str, token_id: UUID) -> None:
        self.client = Client(app, use_cookies=False)
        self.token, self.token_id = token, token_id

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read."""
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers), buffered=True)

    def post(self, path: str, body: Any, *, key: object = None, **headers: str) -> TestResponse:
        """Change, with a fresh key unless one is given."""
        told = {"Idempotency-Key": str(key or uuid4())} | headers
        return self.client.post(f"/api/v1{path}", json=body, headers=self._headers(told), buffered=True)

    def raw(self, path: str, data: bytes, **headers: str) -> TestResponse:
        """Post bytes as they are."""
        told = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"} | headers
        return self.client.post(f"/api/v1{path}", data=data, headers=self._headers(told), buffered=True)

    def _headers(self, told: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in told.items()}
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | named


def new_system(
    app: Flask,
    world: World,
    login: str = "supervisor",
    scopes: Iterable[Scope] = EVERYTHING,
    *,
    site: str = "north",
    expires_at: datetime | None = None,
) -> System:
    """A token in this name, made by the administrator of the site, or by the person of the south themselves."""
    secret, token_id = tokens.new_token(), new_id()
    with app.app_context(), write_transaction():
        by = world.person("administrator" if site == "north" else login)
        person = session.get_one(Person, world.people[login])
        found = session.get_one(Site, world.sites[site])
        draft = tokens.Draft("HIS", found, person, frozenset(scopes), expires_at)
        tokens.make(token_id, draft, secret, by=by, trace=Trace(by.id, datetime.now(UTC) - timedelta(hours=1)))
    return System(app, secret, token_id)


def problem(response: TestResponse, status: int, code: str = "") -> dict[str, Any]:
    """The refusal of a request, in the form that every one of them has."""
    assert response.status_code == status, (response.status, response.get_data(as_text=True))
    assert response.mimetype == "application/problem+json"
    found: dict[str, Any] = response.get_json()
    assert found["status"] == status
    assert found["detail"]
    assert not code or found["code"] == code, found
    return found
