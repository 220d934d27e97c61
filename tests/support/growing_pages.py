"""The pages that people of a large hospital open: every page without an address of its own, and one of each thing."""

from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule as Route

from crew_app.core.db import db
from tests.support.client import SAME_ORIGIN
from tests.support.routes import BUILT, SAFE, methods, routes

LOGINS = ("wang", "li", "zhao", "zhou", "lan", "admin", "sun", "chen", "che1")
"""Of the demo: a technician, a supervisor, a storekeeper, a manager, the desk, an administrator, a guard, a ward."""
NO_PAGE = (".xlsx", ".csv", ".pdf", ".json", ".svg", ".ics", ".png", ".zip", ".webmanifest", "/download")
LEAVE = frozenset({"session.logout", *BUILT})
ONE_OF = {
    "ticket_id": "SELECT id FROM tickets WHERE site_id = :site AND state = 'verified' ORDER BY opened_at DESC LIMIT 1",
    "place_id": "SELECT place_id FROM tickets WHERE site_id = :site GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1",
    "asset_id": "SELECT asset_id FROM tickets WHERE site_id = :site AND asset_id IS NOT NULL "
    "GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1",
    "item_id": "SELECT item_id FROM moves WHERE site_id = :site GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1",
    "run_id": "SELECT id FROM runs WHERE site_id = :site AND state = 'done' ORDER BY opens_at DESC LIMIT 1",
    "person_id": "SELECT id FROM people WHERE login = 'wang'",
    "template_id": "SELECT id FROM round_templates WHERE site_id = :site AND code = 'boiler-log'",
    "series_id": "SELECT id FROM reading_series WHERE site_id = :site ORDER BY id LIMIT 1",
    "store_id": "SELECT id FROM accounts WHERE site_id = :site AND kind = 'store'",
    "site_id": "SELECT id FROM sites WHERE code = 'main'",
    "code": "SELECT t.code FROM tags t JOIN tickets j ON j.place_id = t.place_id WHERE t.site_id = :site "
    "AND t.retired_at IS NULL GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1",
}
QUERIES = ("/tickets?all=1", "/tickets?state=verified", "/tickets?q=灯", "/tickets?q=WX-2026", "/stock?q=阀")


def addresses(app: Flask) -> Iterator[str]:
    """Every page by its address, the lists first."""
    yield from QUERIES
    with app.app_context(), db.engine.connect() as connection:
        site = connection.execute(text("SELECT id FROM sites WHERE code = 'main'")).scalar_one()
        one = {name: connection.execute(text(query), {"site": site}).scalar() for name, query in ONE_OF.items()}
    for route in routes(app):
        if _is_page(route) and all(one.get(name) for name in route.arguments):
            yield _built(route, {name: one[name] for name in route.arguments})


def who_may(clients: dict[str, FlaskClient], path: str) -> str | None:
    """The first person who gets a page there."""
    for login, client in clients.items():
        response = client.get(path)
        if response.status_code == 200 and response.mimetype == "text/html":
            return login
    return None


def signed_in(app: Flask, password: str) -> dict[str, FlaskClient]:
    """A client for each person."""
    found = {}
    for login in LOGINS:
        found[login] = app.test_client()
        found[login].post("/login", data={"login": login, "password": password}, headers=SAME_ORIGIN)
    return found


def _is_page(route: Route) -> bool:
    return (
        not methods(route) - SAFE
        and "GET" in methods(route)
        and route.endpoint not in LEAVE
        and not str(route).endswith(NO_PAGE)
    )


def _built(route: Route, values: dict[str, object]) -> str:
    from uuid import UUID  # noqa: PLC0415

    typed = {name: UUID(str(value)) if name.endswith("_id") else value for name, value in values.items()}
    found = route.build(typed, append_unknown=False)
    assert found, route
    return found[1]
