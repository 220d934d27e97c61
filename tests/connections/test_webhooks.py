"""Webhooks: told of what is committed and of nothing else, signed, in order, at least once, never into the house."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from crew_app.connections import sending, signing
from crew_app.connections.models import Webhook, WebhookMessage
from crew_app.connections.samples import VERIFY
from crew_app.connections.scopes import Topic
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.notifications.models import Notice
from crew_app.rounds import runs
from crew_app.stock import actions as stock
from crew_app.storeroom import levels
from crew_app.tickets.rules import State
from tests.support.api import new_system
from tests.support.api_check import stage
from tests.support.hearing import listening, round_of, secret_of, stands, waiting
from tests.support.rounds import make_run
from tests.support.stubs import Service
from tests.support.tickets import bring_to, make_ticket


@pytest.fixture
def service():
    with Service().running() as found:
        found.answers = [(200, {})]
        yield found


@pytest.fixture
def webhook(app, world, service):
    return listening(app, world, f"{service.url}/in")


def told(service):
    return [(json.loads(asked.body)["topic"], json.loads(asked.body)["data"].get("verb")) for asked in service.asked]


def test_a_job_is_told_from_its_opening_to_its_end_in_order(app, world, service, webhook):
    make_ticket(app, world, "verified")
    while round_of(app):
        pass
    assert told(service) == [("ticket.opened", "open"), ("ticket.finished", "finish"), ("ticket.verified", "verify")]
    body = json.loads(service.asked[0].body)
    assert body["subject"].startswith("/api/v1/tickets/")
    assert (body["site"], body["data"]["place"], body["data"]["job_kind"]) == ("north", "north-B1-701", "lamp")
    assert "员工" not in service.asked[0].body.decode()
    assert {state for _, state, _ in stands(app)} == {"sent"}


def test_what_follows_from_an_opening_is_told_after_it(app, world, service):
    listening(app, world, service.url, frozenset({Topic.TICKET_OPENED, Topic.TICKET_CHANGED}))
    make_ticket(app, world, "open")
    assert [topic for topic, _, _ in stands(app)] == ["ticket.opened", "ticket.changed"], "dispatch comes later"


def test_what_is_rolled_back_is_not_told(app, world, webhook):
    def half():
        with app.app_context(), write_transaction():
            bring_to(world, State.OPEN)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert stands(app) == []


def test_other_sites_are_not_told(app, world, service):
    listening(app, world, service.url, site="south")
    make_ticket(app, world, "open")
    assert stands(app) == []


def test_only_what_was_chosen_is_told(app, world, service):
    listening(app, world, service.url, frozenset({Topic.TICKET_FINISHED}))
    make_ticket(app, world, "verified")
    assert [topic for topic, _, _ in stands(app)] == ["ticket.finished"]


def test_a_receiver_checks_the_signature_as_the_example_says(app, world, service, webhook):
    make_ticket(app, world, "open")
    round_of(app)
    [asked], secret = service.asked, secret_of(app, webhook)
    example: dict[str, Any] = {}
    exec(VERIFY, example)  # noqa: S102 - what the page shows is what is tried
    assert example["is_genuine"](secret, asked.headers, asked.body)
    assert not example["is_genuine"](secret, asked.headers, asked.body + b" ")
    assert not example["is_genuine"]("whsec_" + "A" * 44, asked.headers, asked.body)
    assert signing.is_genuine(secret, asked.headers, asked.body.decode(), datetime.now(UTC))
    late = datetime.now(UTC) + timedelta(minutes=6)
    assert not signing.is_genuine(secret, asked.headers, asked.body.decode(), late)


def test_a_receiver_that_fails_gets_it_again(app, world, service, webhook):
    service.answers = [(500, {}), (200, {})]
    make_ticket(app, world, "open")
    assert round_of(app) == 1
    assert stands(app) == [("ticket.opened", "waiting", 1)]
    assert round_of(app) == 0, "not before the pause is over"
    assert round_of(app, datetime.now(UTC) + timedelta(minutes=2)) == 1
    assert stands(app) == [("ticket.opened", "sent", 2)]
    first, second = service.asked
    assert first.body == second.body
    assert first.headers[signing.ID] == second.headers[signing.ID]


def test_what_comes_later_about_the_same_job_waits_for_what_came_before(app, world, service, webhook):
    service.answers = [(500, {}), (200, {})]
    make_ticket(app, world, "finished")
    assert round_of(app) == 1
    assert [tries for _, _, tries in stands(app)] == [1, 0]
    assert round_of(app, datetime.now(UTC) + timedelta(minutes=2)) == 2
    assert [verb for _, verb in told(service)] == ["open", "open", "finish"]


def test_whatever_else_happens_to_a_job_is_a_change(app, world, service):
    listening(app, world, service.url, frozenset({Topic.TICKET_CHANGED}))
    make_ticket(app, world, "on_hold")
    while round_of(app):
        pass
    assert [verb for _, verb in told(service)][-2:] == ["accept", "hold"]


def test_one_message_that_is_never_taken_does_not_hold_up_other_jobs(app, world, service, webhook):
    service.answers = [(500, {}), (200, {})]
    make_ticket(app, world, "open")
    make_ticket(app, world, "open")
    round_of(app)
    round_of(app, datetime.now(UTC) + timedelta(minutes=2))
    assert [(state, tries) for _, state, tries in stands(app)] == [("sent", 2), ("sent", 1)]
    subjects = [json.loads(asked.body)["subject"] for asked in service.asked]
    assert subjects[1] != subjects[0], "what was never tried goes first"


def test_a_stopped_receiver_loses_nothing(app, world, service):
    with Service().running() as gone:
        listening(app, world, gone.url)
    make_ticket(app, world, "open")
    round_of(app)
    assert stands(app) == [("ticket.opened", "waiting", 1)]
    with app.app_context(), write_transaction():
        session.execute(update(Webhook).values(url=service.url))
    round_of(app, datetime.now(UTC) + timedelta(minutes=2))
    assert stands(app) == [("ticket.opened", "sent", 2)]


def test_the_pauses_double_up_to_six_hours():
    minutes = [round(sending.pause_after(tries) / timedelta(minutes=1)) for tries in range(1, 12)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_after_three_days_it_is_given_up_paused_and_told(app, world, service, webhook):
    service.answers = [(500, {})]
    make_ticket(app, world, "open")
    at = datetime.now(UTC) + timedelta(seconds=1)
    with app.app_context():
        message_id = session.scalars(select(WebhookMessage.id)).one()
    failed = sending.Came(500, "answered 500", 3)
    for _ in range(40):
        with app.app_context(), write_transaction():
            message = session.get_one(WebhookMessage, message_id)
            if message.state == "given_up":
                break
            sending.keep(message, failed, at)
            at = message.next_at
    with app.app_context():
        found = session.get_one(Webhook, webhook)
        assert (found.paused_at is not None, found.pause_reason) == (True, "answered 500")
        assert timedelta(days=3) <= at - session.get_one(WebhookMessage, message_id).made_at < timedelta(days=4)
        heard = session.scalars(select(Notice.person_id).where(Notice.key.startswith("webhook:"))).all()
        assert world.people["administrator"] in heard
    make_ticket(app, world, "open")
    assert len(stands(app)) == 1, "nothing is written for one that is paused"


def test_a_worker_that_dies_between_sending_and_writing_it_down_sends_again(app, world, service, webhook, monkeypatch):
    make_ticket(app, world, "open")

    def die(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "keep", die)
        with pytest.raises(KeyboardInterrupt):
            round_of(app)
    assert stands(app) == [("ticket.opened", "waiting", 0)]
    round_of(app)
    ids = [asked.headers[signing.ID] for asked in service.asked]
    assert (len(ids), len(set(ids))) == (2, 1), "the receiver drops the double by its id"


@pytest.mark.parametrize("answer", [(302, {"Location": "http://127.0.0.1:1/"}), (404, {}), (199, {})][:2])
def test_only_an_answer_of_success_counts_and_no_redirect_is_followed(app, world, service, webhook, answer):
    service.answers = [answer]
    make_ticket(app, world, "open")
    round_of(app)
    assert stands(app) == [("ticket.opened", "waiting", 1)]
    assert len(service.asked) == 1


def test_nothing_goes_into_the_house_unless_its_host_is_named(app, world, service, webhook):
    app.config["SETTINGS"] = SimpleNamespace(outside_hosts=frozenset(), secret_key="x" * 32)
    make_ticket(app, world, "open")
    round_of(app)
    assert service.asked == []
    with app.app_context():
        assert session.scalars(select(WebhookMessage.failure)).one() == "the address is not secure"


def test_a_name_that_leads_inside_is_not_reached(monkeypatch):
    monkeypatch.setattr(
        "crew_app.core.outside.socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.7", 443))]
    )
    letter = sending.Letter(
        new_id(), new_id(), "https://looks-public.example/in", signing.secret_of("k", "n"), "test", "{}"
    )
    came = sending.post(letter)
    assert (came.status, came.failure) == (None, "the address leads inside")


def test_material_that_falls_to_its_reorder_point_is_told_once(app, world, service, webhook):
    with app.app_context(), write_transaction():
        keeper, store, item = world.person("storekeeper"), world.account("store"), world.item("tube")
        levels.set_levels(store, item, levels.Levels("", Decimal(10), Decimal(180), Decimal(300), 7), by=keeper)
        for quantity in (5, 10, 10):
            stock.issue(item, Decimal(quantity), store, world.account("bag"), by=keeper, at=server_moment())
    round_of(app)
    [asked] = service.asked
    data = json.loads(asked.body)["data"]
    assert (data["item"], data["quantity"], data["reorder_point"]) == ("tube", "175", "180")


def test_missed_rounds_and_readings_outside_their_limits_are_told(app, world, service, webhook):
    make_run(app, world)
    with app.app_context(), write_transaction():
        runs.close_overdue(datetime.now(UTC) + timedelta(hours=3), lambda _run: False)
    assert [topic for topic, _, _ in stands(app)] == ["round.missed"]
    assert waiting(app)


def test_a_reading_sent_by_the_api_outside_its_limits_is_told(app, world, service, webhook):
    stage(app, world)
    system = new_system(app, world, "foreman")
    [series] = system.get("/readings").get_json()["items"]
    assert system.post(f"/readings/{series['id']}/values", {"value": "0.95"}).status_code == 201
    with app.app_context():
        query = select(WebhookMessage.body).where(WebhookMessage.topic == Topic.READING_BEYOND)
        data = json.loads(session.scalars(query).one())["data"]
    assert (data["subject"], data["value"], data["high"]) == ("pump", "0.95", "0.8")
