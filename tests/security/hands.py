"""Everybody who may knock: roles here and elsewhere, somebody by PIN, programs; and doors that only say they opened."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule as Route
from werkzeug.test import Client, TestResponse

from crew_app.connections.scopes import Scope
from crew_app.core.db import session, write_transaction
from crew_app.people import actions as people
from crew_app.people.models import Site
from crew_app.people.rules import Role
from tests.security.matrix import MAY_NOT, NO_TOKEN, NOT_SIGNED_IN, PASSED, TO_SIGN_IN
from tests.support.api import new_system
from tests.support.applications import client_of
from tests.support.client import SAME_ORIGIN, CrewClient
from tests.support.people import PASSWORD
from tests.support.world import BUILT_AT, World

OPENED = HTTPStatus.NO_CONTENT
ROLES = tuple(role.value for role in Role)
PIN = "7293"
Ask = Callable[[str, str], TestResponse]


def ways(app: Flask) -> Iterator[tuple[Route, str]]:
    """Every route with each of its methods."""
    for route in sorted(app.url_map.iter_rules(), key=str):
        for method in sorted(set(route.methods or ()) - {"HEAD", "OPTIONS"}):
            yield route, method


def path_of(route: Route, values: dict[str, object] | None = None) -> str:
    """The address of a route; ids that nobody has where none are given."""
    known = dict.fromkeys(route.arguments, UUID(int=7)) | dict.fromkeys({"code", "secret"} & route.arguments, "none")
    _, path = route.build(known | (values or {}), append_unknown=False) or ("", "")
    return path


def doors_only(app: Flask) -> None:
    """Let every view only say that it was reached; its access rule and marks stay."""
    for endpoint, view in list(app.view_functions.items()):
        app.view_functions[endpoint] = _door(view)


def _door(view: Callable[..., Any]) -> Callable[..., Any]:
    def opened(**_arguments: Any) -> tuple[str, int]:
        return "", OPENED

    opened.__dict__.update(view.__dict__)
    opened.__dict__.pop("__wrapped__", None)
    return opened


def outcome(response: TestResponse) -> str:
    """What an answer at the door means, in the words of the table."""
    status = response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        return NO_TOKEN if response.headers.get("WWW-Authenticate", "").startswith("Bearer") else NOT_SIGNED_IN
    if status == HTTPStatus.FOUND and response.headers["Location"].startswith("/login?"):
        return TO_SIGN_IN
    if status == HTTPStatus.FORBIDDEN:
        return MAY_NOT
    return PASSED if status == OPENED else f"answered with {status}"


def person(client: CrewClient) -> Ask:
    """How somebody with a browser asks."""
    client.lints = False
    return lambda method, path: client.open(path, method=method, headers=SAME_ORIGIN)


def program(app: Flask, world: World, role: str, scope: Scope) -> Ask:
    """How another system asks that has a token for one thing."""
    token = new_system(app, world, role, {scope}).token
    client = Client(app, use_cookies=False)
    head = {"Authorization": f"Bearer {token}"}
    return lambda method, path: client.open(path, method=method, headers=head | SAME_ORIGIN)


def by_pin(app: Flask, world: World, login: str) -> CrewClient:
    """Somebody who took over a shared phone by PIN."""
    phone = client_of(app)
    phone.lints = False
    phone.sign_in("administrator")
    phone.person_id = world.people["administrator"]
    phone.send("/phones/sharing", {"label": "夜班1", "site_id": str(world.sites["north"])})
    for name in (login, "requester"):
        phone.post("/sign-out")
        phone.sign_in(name)
        phone.post("/pin", data={"pin": PIN, "current": PASSWORD}, headers=SAME_ORIGIN)
    answer = phone.post("/switch", data={"person_id": world.people[login], "pin": PIN}, headers=SAME_ORIGIN)
    assert answer.status_code == HTTPStatus.FOUND, answer.get_data(as_text=True)
    phone.person_id = world.people[login]
    return phone


def southerners(app: Flask, world: World) -> list[str]:
    """One person for each role at the other site; their log-in names."""
    with app.app_context(), write_transaction():
        site = session.get_one(Site, world.sites["south"])
        for role in Role:
            made = people.add_person(
                f"south-{role.value}", f"南院{role.value}", PASSWORD, site, [role], [], at=BUILT_AT
            )
            world.people[f"south-{role.value}"] = made.id
    return [f"south-{role}" for role in ROLES]
