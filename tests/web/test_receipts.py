"""The same command twice: the first answer again, and one effect. Anything else under its key: refused."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.core.receipts import Receipt
from tests.support.client import accepted, path_of, refused
from tests.support.counting import counts, one
from tests.support.tickets import make_ticket, report_fields


def test_the_same_command_twice_has_the_first_answer_and_one_effect(any_app, any_world, any_sign_in):
    client, key, fields = any_sign_in("technician"), new_id(), report_fields(any_world)
    first = client.send("/tickets", fields, key=key)
    after = counts(any_app)
    again = client.send("/tickets", fields, key=key)
    assert accepted(first, 201) == accepted(again, 201) == f"/tickets/{fields['ticket_id']}"
    assert first.headers["Crew-Receipt"] == again.headers["Crew-Receipt"] == str(key)
    assert counts(any_app) == after


def test_a_replay_is_answered_even_when_the_state_has_moved_on(app, world, sign_in):
    ticket, key = make_ticket(app, world), new_id()
    client = sign_in("technician")
    accepted(client.send(f"/tickets/{ticket}/acceptance", key=key))
    accepted(client.send(f"/tickets/{ticket}/completion"))
    accepted(client.send(f"/tickets/{ticket}/acceptance", key=key))


def test_a_replay_may_carry_later_device_times_and_another_session(app, world, sign_in):
    key, fields = new_id(), report_fields(world)
    made = datetime.now(UTC) - timedelta(hours=2)
    accepted(sign_in("technician").send("/tickets", fields, key=key, made_at=made, sent_at=made), 201)
    accepted(sign_in("technician").send("/tickets", fields, key=key, made_at=made), 201)


def test_a_plain_form_twice_leads_to_the_same_place(app, world, sign_in):
    client, key, fields = sign_in("technician"), new_id(), report_fields(world)
    first, again = (client.form("/tickets", fields, key=key) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert path_of(first) == path_of(again) == f"/tickets/{fields['ticket_id']}"
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


def test_the_form_and_the_outbox_share_a_key(app, world, sign_in):
    """A page is posted without JavaScript and again by it: still one effect."""
    client, key, fields = sign_in("technician"), new_id(), report_fields(world)
    client.form("/tickets", fields, key=key)
    accepted(client.send("/tickets", fields, key=key), 201)
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


@pytest.mark.parametrize("change", [{"description": "其他"}, {"priority": "1"}, {"ticket_id": str(new_id())}])
def test_another_content_under_the_same_key_is_refused(app, world, sign_in, change):
    client, key, fields = sign_in("technician"), new_id(), report_fields(world)
    accepted(client.send("/tickets", fields, key=key), 201)
    response = client.send("/tickets", fields | change, key=key)
    words = refused(response, 422, "key-reused")
    assert fields["ticket_id"] not in words
    assert "Crew-Location" not in response.headers
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


def test_another_command_under_the_same_key_is_refused(app, world, sign_in):
    ticket, key = make_ticket(app, world), new_id()
    client = sign_in("technician")
    accepted(client.send(f"/tickets/{ticket}/acceptance", key=key))
    refused(client.send(f"/tickets/{ticket}/completion", key=key), 422, "key-reused")


def test_another_person_under_the_same_key_is_refused_and_learns_nothing(app, world, sign_in):
    key, fields = new_id(), report_fields(world)
    accepted(sign_in("technician").send("/tickets", fields, key=key), 201)
    response = sign_in("second").send("/tickets", fields, key=key)
    assert fields["ticket_id"] not in refused(response, 422, "key-reused")
    assert "Crew-Location" not in response.headers


def test_what_one_person_wrote_is_never_carried_out_as_another(app, world, sign_in):
    """Signed in as somebody else: 403 without a receipt, so that the phone keeps the entry and waits."""
    ticket = make_ticket(app, world)
    response = sign_in("second").send(f"/tickets/{ticket}/acceptance", person=world.people["technician"])
    assert response.status_code == 403
    assert response.headers["Crew-Refusal"] == "other-person"
    assert "Crew-Receipt" not in response.headers
    assert one(app, "SELECT state FROM tickets") == "open"


def test_a_refused_command_leaves_no_receipt_and_may_be_sent_again(app, world, sign_in):
    ticket, key = make_ticket(app, world, "finished"), new_id()
    client = sign_in("second")
    before = counts(app)
    refused(client.send(f"/tickets/{ticket}/acceptance", key=key), 422, "wrong-state")
    assert counts(app) == before
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/return", {"note": "未修好"}))
    accepted(sign_in("technician").send(f"/tickets/{ticket}/release", {"note": "换班"}))
    accepted(client.send(f"/tickets/{ticket}/acceptance", key=key))


@pytest.mark.parametrize("key", ["", "not-a-key", "123"])
def test_a_command_without_a_usable_key_is_refused(app, world, sign_in, key):
    client = sign_in("technician")
    response = client.send("/tickets", report_fields(world), headers={"Crew-Key": key})
    assert response.status_code == 422
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0


def test_the_receipt_keeps_both_clocks_the_site_and_the_person(app, world, sign_in):
    made = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
    sent = made + timedelta(minutes=30)
    key = new_id()
    before = datetime.now(UTC)
    accepted(sign_in("technician").send("/tickets", report_fields(world), key=key, made_at=made, sent_at=sent), 201)
    with app.app_context():
        receipt = session.get_one(Receipt, key)
        assert receipt.device_at == made
        assert before <= receipt.received_at <= datetime.now(UTC)
        assert receipt.offset_ms == round((receipt.received_at - sent) / timedelta(milliseconds=1))
        assert receipt.site_id == world.sites["north"]
        assert receipt.person_id == world.people["technician"]


def test_effects_name_the_receipt_under_which_they_happened(app, world, sign_in):
    key = new_id()
    accepted(sign_in("technician").send("/tickets", report_fields(world), key=key), 201)
    found = one(app, "SELECT receipt_key FROM ticket_events WHERE verb = 'open'")
    assert UUID(str(found)) == key
