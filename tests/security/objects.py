"""Something real of one site for every parameter of every address, out of the year of the demo."""

import hashlib
import random
from collections.abc import Iterator
from uuid import UUID

from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule as Route

from crew_app.core.db import db, session

MAIN = "(SELECT id FROM sites WHERE code = 'main')"
SHARED = frozenset({"item_id"})
"""Lists that all sites share: an item of another site is nothing of another site."""
SHARED_HERE = frozenset({"job_kinds"})
"""The same, where the name of the parameter means something else in other blueprints."""
OF_PEOPLE = f"person_id IN (SELECT person_id FROM memberships WHERE site_id = {MAIN})"
TABLES = {
    "ticket_id": "tickets",
    "run_id": "runs",
    "asset_id": "assets",
    "photo_id": "photos",
    "place_id": "places",
    "summary_id": "work_summaries",
    "department_id": "departments",
    "count_id": "stock_counts",
    "rota_id": "rotas",
    "template_id": "round_templates",
    "contractor_id": "contractors",
    "announcement_id": "announcements",
    "webhook_id": "webhooks",
    "series_id": "reading_series",
    "plan_id": "round_plans",
    "visit_id": "gate_visits",
    "asset_count_id": "asset_counts",
    "swap_id": "shift_swaps",
    "playbook_id": "playbooks",
    "move_id": "moves",
    "kind_id": "credential_kinds",
    "discrepancy_id": "discrepancies",
    "device_id": "devices",
    "slip_id": "slips",
    "credential_id": "credentials",
    "asset_transfer_id": "asset_transfers",
    "asset_scrap_id": "asset_scraps",
    "token_id": "api_tokens",
    "flag_id": "visit_flags",
    "training_id": "trainings",
    "stop_id": "run_stops",
    "sighting_id": "asset_sightings",
    "pattern_id": "shift_patterns",
    "objection_id": "point_objections",
    "hand_over_id": "hand_overs",
    "finding_id": "contractor_findings",
    "batch_id": "tag_batches",
    "shift_id": "duty_shifts",
    "rule_id": "account_rules",
    "post_id": "shift_posts",
    "notice_id": "notices",
    "message_id": "webhook_messages",
    "booking_id": "cost_bookings",
    "area_id": "responsibilities",
    "amount_id": "contractor_entries",
}
"""Tables whose rows have a site."""
QUERIES = {name: f"SELECT id FROM {table} WHERE site_id = {MAIN}" for name, table in TABLES.items()} | {
    "site_id": f"SELECT id FROM sites WHERE id = {MAIN}",
    "person_id": f"SELECT person_id FROM memberships WHERE site_id = {MAIN}",
    "identity_id": f"SELECT id FROM identities WHERE {OF_PEOPLE}",
    "sign_in_id": f"SELECT id FROM login_sessions WHERE {OF_PEOPLE}",
    "entry_id": f"SELECT key FROM held_entries WHERE site_id = {MAIN}",
    **{
        f"{kind}_id": f"SELECT id FROM accounts WHERE kind = '{kind}' AND site_id = {MAIN}"
        for kind in ("store", "loan", "owed")
    },
    **{
        f"{kind}_id": f"SELECT id FROM slips WHERE kind = '{kind}' AND site_id = {MAIN}"
        for kind in ("purchase", "request")
    },
}
ELSEWHERE = {
    ("imports", "run_id"): f"SELECT id FROM import_runs WHERE site_id = {MAIN}",
    ("emergencies", "ticket_id"): f"SELECT ticket_id FROM emergencies WHERE site_id = {MAIN}",
    ("deliveries", "ticket_id"): f"SELECT ticket_id FROM deliveries WHERE site_id = {MAIN}",
}
"""Parameters that mean something else in one blueprint."""
NONE_IN_THE_DEMO = frozenset({"passkey_id", "hook_id", "asset_check_id", "delivery_id", "cover_id"})
"""Of these the demo has none: the other parameter of such an address still belongs to the other site."""


def real(app: Flask, most: int, seed: int = 9) -> dict[tuple[str, str], list[UUID]]:
    """Ids of rows of the main site by blueprint ("" for all) and parameter, at most so many of each."""
    asked = {("", name): query for name, query in QUERIES.items()} | ELSEWHERE
    draw, found = random.Random(seed), {}
    with app.app_context():
        for key, query in asked.items():
            ids = sorted(str(row[0]) for row in session.execute(text(query)))
            found[key] = [UUID(one) for one in draw.sample(ids, min(most, len(ids)))]
        session.rollback()
    return found


def filled(route: Route, ids: dict[tuple[str, str], list[UUID]]) -> Iterator[dict[str, object]]:
    """Values for all parameters of a route: each real id once."""
    blueprint = route.endpoint.partition(".")[0]
    choices = {name: ids.get((blueprint, name), ids.get(("", name), [])) or [UUID(int=7)] for name in route.arguments}
    for turn in range(max(len(some) for some in choices.values())):
        yield {name: some[turn % len(some)] for name, some in choices.items()}


def state(app: Flask) -> dict[str, str]:
    """A digest of every table, to see whether anything changed."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadatas[None].sorted_tables or []:
            digest = hashlib.sha256()
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                digest.update(repr(tuple(row)).encode())
            found[table.name] = digest.hexdigest()
    return found
