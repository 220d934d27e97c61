"""Tokens and webhooks as administrators make, change and end them; each change leaves its old and new value."""

import pytest
from sqlalchemy import select

from crew_app.connections.models import ApiToken, Webhook, WebhookMessage
from crew_app.core.changes import Change
from crew_app.core.db import session
from tests.support.api import System, problem
from tests.support.client import accepted, refused, unseen
from tests.support.connections import HERE, made_token, made_webhook, secret_on, token_fields, webhook_fields


@pytest.fixture
def admin(sign_in):
    return sign_in("administrator", language="en")


def changes(app):
    with app.app_context():
        rows = session.scalars(select(Change).order_by(Change.id)).all()
        return [(row.kind, row.field, row.before, row.after) for row in rows]


def test_a_token_is_shown_once_and_works_at_once(app, world, admin):
    token_id = made_token(world, admin)
    first, again = (admin.page(f"{HERE}/tokens/{token_id}") for _ in range(2))
    secret = secret_on(first)
    assert secret.startswith("crew_")
    assert secret not in again.text
    assert "Set-Cookie" in first.response.headers, "the cookie that carried it is emptied"
    assert (first.response.headers.get("Crew-Once"), again.response.headers.get("Crew-Once")) == ("1", None)
    assert System(app, secret, token_id).get("/me").get_json()["scopes"] == ["tickets:read"]
    with app.app_context():
        row = session.get_one(ApiToken, token_id)
        assert (row.hint, secret in str(row.__dict__)) == (secret[-4:], False)
        assert row.used_at is not None
    assert changes(app) == [("api_tokens", "new", "", "supervisor: tickets:read")]


def test_a_token_is_changed_and_revoked_at_once(app, world, admin):
    token_id = made_token(world, admin)
    secret = secret_on(admin.page(f"{HERE}/tokens/{token_id}"))
    system, path = System(app, secret, token_id), f"{HERE}/tokens/{token_id}"
    problem(system.get("/places"), 403, "scope-missing")
    fields = {"name": "HIS 2", "scopes": ["tickets:read", "places:read"], "expires_on": "2099-12-31"}
    accepted(admin.send(path, fields))
    assert system.get("/places").status_code == 200
    accepted(admin.send(f"{path}/revocation"))
    problem(system.get("/me"), 401, "no-token")
    assert ("api_tokens", "scopes", "tickets:read", "places:read tickets:read") in changes(app)
    assert [field for _, field, *_ in changes(app)] == ["new", "name", "scopes", "expires_at", "revoked_at"]
    refused(admin.send(path, fields), 422, "revoked")


def test_a_token_ends_with_its_day_with_its_person_and_with_its_role(app, world, admin, sign_in):
    past = made_token(world, admin, expires_on="2020-01-01")
    secret = secret_on(admin.page(f"{HERE}/tokens/{past}"))
    problem(System(app, secret, past).get("/me"), 401)
    token_id = made_token(world, admin, person_id=str(world.people["guard"]), scopes="places:read")
    secret = secret_on(admin.page(f"{HERE}/tokens/{token_id}"))
    system = System(app, secret, token_id)
    assert system.get("/places").status_code == 200
    accepted(
        admin.send(
            f"/people/{world.people['guard']}/roles", {"roles": "requester", "site_id": str(world.sites["north"])}
        )
    )
    problem(system.get("/places"), 403, "may-not")
    accepted(admin.send(f"/people/{world.people['guard']}/suspension"))
    problem(system.get("/places"), 401)


def test_what_is_missing_is_said(world, admin):
    for fields, code in (({"name": " "}, "name-missing"), ({"scopes": "nothing"}, "scopes-missing")):
        refused(admin.send(f"{HERE}/tokens", token_fields(world, **fields)), 422, code)
    refused(admin.send(f"{HERE}/tokens", token_fields(world, expires_on="soon")), 422, "bad-day")
    outsider = str(world.people["outsider"])
    unseen(admin.send(f"{HERE}/tokens", token_fields(world, person_id=outsider)))


def test_a_webhook_is_made_tried_paused_and_removed(app, world, admin):
    webhook_id = made_webhook(world, admin)
    path = f"{HERE}/webhooks/{webhook_id}"
    secret = secret_on(admin.page(path))
    assert secret.startswith("whsec_")
    assert secret not in admin.page(path).text
    accepted(admin.send(f"{path}/tests"), 201)
    assert "test" in admin.page(path).text
    accepted(admin.send(f"{path}/pause"))
    assert "It is told nothing now" in admin.page(path).text
    accepted(admin.send(f"{path}/resumption"))
    accepted(admin.send(f"{path}/secrets"))
    assert secret_on(admin.page(path)) != secret
    accepted(admin.send(path, webhook_fields(world, name="New", topics="stock.low")))
    with app.app_context():
        message = session.scalars(select(WebhookMessage)).one()
    accepted(admin.send(f"{HERE}/messages/{message.id}/tries"))
    accepted(admin.send(f"{path}/removal"))
    admin.page(path, 404)
    fields = [field for kind, field, *_ in changes(app) if kind == "webhooks"]
    assert fields == [
        "new",
        "paused_at",
        "pause_reason",
        "paused_at",
        "pause_reason",
        "secret",
        "name",
        "topics",
        "removed",
    ]
    with app.app_context():
        assert secret not in str(session.get_one(Webhook, webhook_id).__dict__)


@pytest.mark.parametrize(
    "url",
    [
        "http://bms.example.org/in",
        "https://user:pass@bms.example.org/",
        "ftp://bms",
        "bms",
        "https://",
        "http://127.0.0.1/",
    ],
)
def test_addresses_that_cannot_be_meant_are_refused(world, admin, url):
    refused(admin.send(f"{HERE}/webhooks", webhook_fields(world, url=url)), 422, "bad-address")


def test_only_administrators_of_the_site_see_them(world, admin, sign_in):
    token_id, webhook_id = made_token(world, admin, name="Only north"), made_webhook(world, admin)
    for login in ("manager", "supervisor", "requester"):
        assert sign_in(login).get(HERE).status_code == 403
    other = sign_in("outsider")
    for path in (f"{HERE}/tokens/{token_id}", f"{HERE}/webhooks/{webhook_id}"):
        other.page(path, 404)
    assert "Only north" in admin.page(HERE).text
    assert "Only north" not in other.page(HERE).text
