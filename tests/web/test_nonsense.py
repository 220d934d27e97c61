"""Whatever arrives in fields and addresses, from a broken phone or a hostile one: never an error of the server."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.routes import address, changing, readable
from tests.support.tickets import make_ticket

NASTY = [
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e\u200b",
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "%s%n%(x)s",
    "${7*7}",
    "'\"><script>",
    "../../etc/passwd",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "00000000-0000-0000-0000-000000000000",
    "x" * 5000,
    "技" * 300,
]
FIELDS = [
    *("unit", "spec", "name_en", "price", "pack_unit", "pack_size", "old_for_new", "is_tool", "requestable"),
    *("ticket_id", "place_id", "asset_id", "job_kind", "description", "priority", "fixed", "note", "reason", "role"),
    *("move_id", "item_id", "source_id", "quantity", "login", "name", "password", "current", "site_id", "roles"),
    *("trades", "locale", "next", "reporter_name", "photo_id", "photo_sha256", "photo_bytes", "photo_type"),
    *("photo_taken_at", "photo_source", "discarded_key", "sha256", "url", "made_at", "size", "photos"),
    *("number", "value", "department_id", "keeper_id", "bought_on", "years", "supplier", "funded_by", "code"),
    *("transfer_id", "giver_id", "taker_id", "place", "scrap_id", "count_id", "sighting_id", "claim_id", "check_id"),
    *("line_id", "result"),
    *("unsent", "refused", "oldest", "sent_at", "build", "kept", "label", "pin", "person_id"),
    *("count_id", "account_id", "scope", "bin", "category", "blind", "due", "entry_id", "fingerprint"),
    *("slip_id", "purchase_id", "store_id", "target_id", "supplier", "reference", "limit"),
    *("bin", "minimum", "reorder_point", "maximum", "lead_time_days", "month", "urgent"),
    *("line_item", "line_quantity", "line_unit", "line_granted", "line_cost", "line_reason"),
    *("receiver_id", "request_id", "department_id", "urgent", "monthly", "people"),
    *("template_id", "copy_id", "document", "based_on", "clash", "ready", "stop", "where"),
    *("visit_id", "c-door", "c-lamp", "c-wish", "c-pressure", "sure-pressure", "t-lamp", "n-lamp", "tag", "how"),
    *("scanned_at", "frame_hash", "challenge", "photo_for"),
    *("contractor_id", "finding_id", "answer_id", "amount_id", "reversal_id", "service", "active", "decision"),
    *("score_template", "weight", "amount", "kind", "day"),
    *("over_reserved", "receiver_path", "receiver_paper", "storekeeper_path"),
    *("plate", "visitor", "host", "direction", "hand_over_id", "post_id", "relief_id", "relief_path"),
    *("outgoing_path", "outgoing_paper", "line_source", "line_text", "line_href", "note_line", "note_text", "changes"),
    *("trade", "credential_id", "kind_id", "issuer", "issued_on", "expires_on", "bearer", "months", "advance_days"),
    *("asset_kind_id", "training_id", "record_id", "kind", "held_on", "topic", "trainer", "headcount", "hours"),
    *("score", "passed"),
    *("reporter_phone", "quality", "service", "words", "answer_id", "tell", "site", "name_en", "_effort", "_proof"),
]
QUERIES = [
    *("q", "before", "after", "state", "mine", "live", "code", "next", "replaced", "day", "month"),
    *("request", "ticket", "department", "department_id", "room", "name", "stop", "tag", "how", "template"),
    *("post", "kind", "person", "asset", "year", "retired", "category", "version", "site_id", "view"),
    *("pattern", "times", "rule", "template_id"),
    *("site",),
]
ASKING = {"tickets.index", "places.index", "places.place", "stock.index", "stock.item", "tags.typed", "tags.show"}
ASKING |= {"counts.index", "discrepancies.index", "receipts.index", "transfers.index", "write_offs.index"}
ASKING |= {"requests.index", "requests.new", "issues.index", "issues.new", "departments.index"}
ASKING |= {"bins.labels", "bins.show", "bins.picture"}
ASKING |= {"assets.index", "assets.scrapped", "asset_transfers.index", "asset_checks.index"}
ASKING |= {"round_templates.index", "round_templates.search", "round_library.index"}
ASKING |= {"demand.index", "purchases.index", "purchases.new", "stock_values.value", "stock_values.costs"}
ASKING |= {"rounds.index", "rounds.history"}
ASKING |= {"gate_log.index", "hand_overs.index", "hand_overs.new", "licences.new", "certificates.new"}
ASKING |= {"trainings.index", "trainings.export"}
ASKING |= {"surveys.index", "surveys.sheets", "surveys.questions"}
ASKING |= {"round_plans.index", "round_plans.new", "round_plans.preview", "round_plans.days_off"}
ASKING |= {"rounds.index", "rounds.history", "round_readings.index", "round_readings.consumption"}
ASKING |= {"round_readings.export_consumption", "contractors.index"}
ASKING |= {"targets.index", "targets.edit", "escalation_steps.index"}
VALUES = st.sampled_from(NASTY) | st.text(max_size=20)
PEOPLE = ("foreman", "administrator", "storekeeper", "manager", "requester")


def valid(world, ticket):
    """Values that let a request come further than the first check."""
    return {
        "place_id": str(world.places["room"]),
        "item_id": str(world.items["tube"]),
        "site_id": str(world.sites["north"]),
        "account_id": str(world.accounts["store"]),
        "scope": "full",
        "job_kind": "lamp",
        "role": "report",
        "reason": "access",
        "quantity": "1",
        "line_item": str(world.items["tube"]),
        "line_quantity": "1",
        "line_reason": "破损",
        "line_granted": "1",
        "store_id": str(world.accounts["store"]),
        "target_id": str(world.accounts["store"]),
        "receiver_id": str(world.people["technician"]),
        "receiver_paper": "1",
        "storekeeper_paper": "1",
        "unsent": "1",
        "refused": "0",
        "pin": "7293",
        "discarded_key": "01900000-0000-7000-8000-00000000000d",
        "sha256": "0" * 64,
    }


@settings(max_examples=8)
@given(data=st.data())
def test_no_command_fails_for_what_is_in_its_fields(any_app, any_world, any_sign_in, data):
    ticket = make_ticket(any_app, any_world)
    client = any_sign_in(data.draw(st.sampled_from(PEOPLE)))
    for route in changing(any_app):
        if route.endpoint in ("session.sign_out", "session.change_password"):
            continue
        path = address(any_app, any_world, ticket, route)
        fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6))
        response = client.send(path, _encodable(valid(any_world, ticket) | fields))
        assert response.status_code < 500, (path, fields)


def test_no_page_fails_for_what_is_in_its_address(any_app, any_world, any_sign_in):
    ticket, client, failed = make_ticket(any_app, any_world), any_sign_in("foreman"), []
    client.lints = False
    pages = [address(any_app, any_world, ticket, route) for route in readable(any_app) if route.endpoint in ASKING]
    for path, value in product(pages, NASTY):
        if (
            client.get(path.partition("?")[0], query_string=_encodable(dict.fromkeys(QUERIES, value))).status_code
            >= 500
        ):
            failed.append((path, value))
    assert failed == []


def test_no_sign_in_fails_for_what_is_typed(any_app, any_world):
    client = any_app.test_client()
    statuses = {value: client.post("/login", data=_sign_in_with(value)).status_code for value in NASTY}
    assert {value: status for value, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("name", ["Crew-Key", "Crew-Person", "Crew-Made-At", "Crew-Sent-At", "Crew-Outbox"])
@pytest.mark.parametrize("value", ["", "x", "9" * 300, "0001-01-01T00:00:00+14:00", "2026-01-01", "é"])
def test_no_command_fails_for_what_is_in_its_headers(app, world, sign_in, name, value):
    ticket = make_ticket(app, world)
    response = sign_in("technician").send(f"/tickets/{ticket}/notes", {"note": "x"}, headers={name: value})
    assert response.status_code < 500


def _sign_in_with(value):
    return _encodable({"login": value, "password": value, "next": value})


def _encodable(fields):
    return {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
