"""All routes of the application, with addresses from the small hospital and what each person should get."""

from collections.abc import Iterator
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule as Route

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_secret, secret_hash
from crew_app.people.rules import RIGHTS, Right, Role
from crew_app.tickets.models import Ticket
from crew_app.web.access import PUBLIC, Rule, rule_of
from crew_app.web.tokens import TokenRule
from tests.support.world import World

SAFE = {"GET", "HEAD", "OPTIONS"}
REGISTERS = {"visit_id", "hand_over_id", "post_id", "credential_id", "kind_id", "training_id"}
"""Ids of registers."""
PLAYBOOKS = {"playbook_id"}
"""Ids of playbooks."""
ROUNDS = {"run_id", "stop_id", "template_id", "plan_id", "series_id", "contractor_id", "finding_id", "amount_id"}
"""Ids of rounds."""
DESK = {"summary_id", "announcement_id", "batch_id"}
"""Ids of the desk, and of batches of blank labels."""
ROSTER = {"pattern_id", "rota_id", "shift_id", "swap_id", "area_id"}
"""Ids of the roster."""
NOTICES = {"notice_id", "hook_id", "delivery_id"}
"""Ids of notices and where they go."""
CONNECTIONS = {"token_id", "webhook_id", "message_id"}
"""Ids of tokens and webhooks."""
OF_OTHERS = {"hazards.show", "emergencies.show", "emergencies.report"}
"""Pages of jobs that are hazards or emergencies; the job of the small hospital is neither."""
MONEY = {"objection_id", "booking_id"}
"""Ids of points and costs."""
ACCOUNTS = {"identity_id", "passkey_id", "sign_in_id", "rule_id"}
"""Ids of linked accounts, passkeys, sign-ins, rules for accounts."""
NONE_THERE = {"count_id", "discrepancy_id", *REGISTERS, *ROUNDS, *PLAYBOOKS, *DESK, *ROSTER, *NOTICES, *MONEY}
NONE_THERE |= CONNECTIONS
"""Ids of what the small hospital has none of."""
SIGNING_IN = {f"sign_in_ways.{way}": 404 for way in ("oidc", "oidc_back", "wecom", "wecom_back")} | {
    "second_steps.code": 302,
    "second_steps.set_up": 302,
}
"""No provider is connected, and nobody waits for a second step."""
OF_A_PICTURE = {"verification.show", "verification.thumb", "verification.picture"}
"""What needs the code of a picture; the small hospital has none."""
BUILT = {"shell.service_worker"}  # answers only after the front end was built
ASKED = dict.fromkeys(("bins.show", "bins.picture"), "?name=A-1") | {
    "board.column": "?key=dispatch",
    "imports.new": "?subject=places",
    "imports.sample": "?subject=places",
    "evidence_archive.download": "?month=2026-01",
}
"""What has no page without being asked for by name."""


def routes(app: Flask) -> list[Route]:
    """Every route but the ones Flask makes itself, and those for programs with tokens (`of_the_api`)."""
    found = (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")
    return sorted((rule for rule in found if not isinstance(declared(app, rule), TokenRule)), key=str)


def of_the_api(app: Flask) -> list[Route]:
    """Every route for programs with tokens."""
    return sorted((rule for rule in app.url_map.iter_rules() if isinstance(declared(app, rule), TokenRule)), key=str)


def methods(route: Route) -> set[str]:
    """What a route is for."""
    return set(route.methods or ()) - {"HEAD", "OPTIONS"}


def readable(app: Flask) -> list[Route]:
    """Routes of pages."""
    return [route for route in routes(app) if "GET" in methods(route) and route.endpoint not in BUILT]


def changing(app: Flask) -> list[Route]:
    """Routes that change something."""
    return [route for route in routes(app) if methods(route) - SAFE]


def declared(app: Flask, route: Route) -> Rule | None:
    """The access rule of a route."""
    return rule_of(app.view_functions[route.endpoint])


def address(app: Flask, world: World, ticket: UUID, route: Route) -> str:
    """The address of a route for something in the north: this ticket, the room, the pump, the tube, the guard."""
    values: dict[str, object] = {
        "ticket_id": ticket,
        "site_id": world.sites["north"],
        "place_id": world.places["room"],
        "asset_id": world.assets["pump"],
        "item_id": world.items["tube"],
        "store_id": world.accounts["store"],
        "person_id": world.people["guard"],
        "device_id": world.devices["guard"],
        "slip_id": world.slips["scrap"],
        "purchase_id": world.slips["purchase"],
        "department_id": world.departments["ward"],
        "request_id": world.requests["ward"],
        "loan_id": world.accounts["loan"],
        "owed_id": world.accounts["owed"],
        "photo_id": UUID(int=7),
        "flag_id": UUID(int=7),
        "cover_id": UUID(int=7),
        "move_id": UUID(int=7),
        "entry_id": UUID(int=7),
        "count_id": UUID(int=7),
        "discrepancy_id": UUID(int=7),
        "asset_count_id": UUID(int=7),
        "asset_transfer_id": UUID(int=7),
        "asset_scrap_id": UUID(int=7),
        "asset_check_id": UUID(int=7),
        "sighting_id": UUID(int=7),
        **dict.fromkeys(REGISTERS | ROUNDS | PLAYBOOKS | DESK | ROSTER | NOTICES | MONEY | CONNECTIONS, UUID(int=7)),
        **dict.fromkeys(ACCOUNTS, UUID(int=7)),
        **dict.fromkeys(REGISTERS | ROUNDS | PLAYBOOKS | DESK | ROSTER | NOTICES | MONEY, UUID(int=7)),
        "code": world.tags["room"],
        "secret": "nobody-was-given-this",
    }
    return _built(app, route, {name: values[name] for name in route.arguments}) + ASKED.get(route.endpoint, "")


def addresses(app: Flask, world: World, ticket: UUID, wanted: list[Route]) -> Iterator[tuple[Route, str]]:
    """All of them."""
    for route in wanted:
        yield route, address(app, world, ticket, route)


def expected(app: Flask, world: World, route: Route, login: str | None) -> set[int]:  # noqa: PLR0911 - a kind of route each
    """With which status a page answers this person, by its declared rule."""
    if route.arguments & {"photo_id", "entry_id", "secret"}:
        return {302, 404} if login is None else {404}  # there are none
    if _none_there(route):
        return _of_nothing(declared(app, route), login)  # there are none either
    if route.endpoint in SIGNING_IN:
        return {SIGNING_IN[route.endpoint]}
    if route.endpoint in ("tags.typed", "survey_answers.show") or route.endpoint in OF_A_PICTURE:
        return {404}  # without a code, or with one that no picture has
    if route.endpoint == "surveys.picture":
        return _of_nothing(declared(app, route), login)  # no ward has a survey yet
    rule = declared(app, route)
    if login is None:
        return {200} if rule == PUBLIC else {302}
    if route.endpoint in ("session.login", "own_account.new_link"):
        return {302 if route.endpoint == "session.login" else 422}  # signed in already; nothing was offered
    if isinstance(rule, Right) and not any(rule in RIGHTS[role] for role in roles_of(login)):
        return {403}
    return {404} if _hidden_from(login, route) else {200}


def _none_there(route: Route) -> bool:
    of_asset = route.endpoint.startswith("asset_") and route.endpoint != "asset_registry.show" and route.arguments
    return bool(route.arguments & NONE_THERE or route.endpoint in OF_OTHERS or of_asset)


def _of_nothing(rule: Rule | None, login: str | None) -> set[int]:
    if login is None:
        return {302}
    allowed = not isinstance(rule, Right) or any(rule in RIGHTS[role] for role in roles_of(login))
    return {404} if allowed else {403}


def roles_of(login: str) -> set[Role]:
    """The roles of somebody in the small hospital, at their own site."""
    if login in ("outsider", "foreman"):
        return set(Role) if login == "outsider" else {Role.TECHNICIAN, Role.SUPERVISOR}
    return {Role(login)}


def _hidden_from(login: str, route: Route) -> bool:
    if login == "outsider":  # of the south
        return bool(route.arguments - {"item_id"}) and route.endpoint != "tags.show"
    if route.arguments & {"slip_id", "purchase_id"}:
        return not any({Right.KEEP_STOCK, Right.APPROVE_STOCK} & RIGHTS[role] for role in roles_of(login))
    if route.arguments == {"request_id"}:
        deciding = {Right.APPROVE_STOCK, Right.KEEP_STOCK}
        return login != "requester" and not any(deciding & RIGHTS[role] for role in roles_of(login))
    crew = any(Right.SEE_SITE in RIGHTS[role] for role in roles_of(login))
    if route.endpoint == "doors.show":
        return not crew and login != "requester"  # whose ward it is
    if route.endpoint == "assets.show":
        return not crew  # who is not of the crew sees what they answer for
    return route.arguments == {"ticket_id"} and not crew and login != "requester"


def _built(app: Flask, route: Route, values: dict[str, object]) -> str:
    _, path = route.build(values, append_unknown=False) or ("", "")
    assert path.startswith("/"), (app, route)
    return path


def follow_secret(app: Flask, ticket: UUID) -> str:
    """Give a ticket a follow link, as if a stranger had reported it; returns the secret."""
    secret = new_secret()
    with app.app_context(), write_transaction():
        session.get_one(Ticket, ticket).follow_hash = secret_hash(secret)
    return secret
