"""Tokens, webhooks and calendars in the small hospital, as an administrator makes them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask

from crew_app.core.ids import new_id
from tests.support.client import CrewClient, accepted
from tests.support.lint import Page
from tests.support.world import World

SignIn = Callable[..., CrewClient]
HERE = "/admin/connections"


def token_fields(world: World, **more: Any) -> dict[str, Any]:
    """What the form of a token sends."""
    fields = {"token_id": str(new_id()), "site_id": str(world.sites["north"]), "name": "HIS", "scopes": "tickets:read"}
    return fields | {"person_id": str(world.people["supervisor"])} | more


def webhook_fields(world: World, **more: Any) -> dict[str, Any]:
    """What the form of a webhook sends."""
    fields = {"webhook_id": str(new_id()), "site_id": str(world.sites["north"]), "name": "BMS"}
    return fields | {"url": "https://bms.example.org/in", "topics": ["ticket.opened", "ticket.changed"]} | more


def made_token(world: World, client: CrewClient, **more: Any) -> UUID:
    """A token that was made on the page."""
    return UUID(accepted(client.send(f"{HERE}/tokens", token_fields(world, **more)), 201).rpartition("/")[2])


def made_webhook(world: World, client: CrewClient, **more: Any) -> UUID:
    """A webhook that was made on the page."""
    return UUID(accepted(client.send(f"{HERE}/webhooks", webhook_fields(world, **more)), 201).rpartition("/")[2])


def connection_pages(_app: Flask, world: World, sign_in: SignIn) -> list[Page]:
    """Every page with a form, something made on each."""
    admin = sign_in("administrator")
    token, webhook = made_token(world, admin), made_webhook(world, admin)
    accepted(admin.send(f"{HERE}/webhooks/{webhook}/tests"), 201)
    accepted(admin.send("/calendar/feed", {"scope": "mine"}), 201)
    paths = (HERE, f"{HERE}/tokens/{token}", f"{HERE}/webhooks/{webhook}", "/calendar")
    return [admin.page(path) for path in paths]


def secret_on(page: Page) -> str:
    """The secret that a page shows this once."""
    [found] = page.all("p", class_="secret")
    return (found.text or "").strip()
