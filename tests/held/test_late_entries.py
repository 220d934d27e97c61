"""Entries that arrive after their sender lost the right, or after somebody else was faster: held, decided, told."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.people import actions as people
from crew_app.people.rules import Role
from tests.support.client import accepted, refused, unseen
from tests.support.counting import counts, one, sql
from tests.support.pictures import jpeg
from tests.support.tickets import make_ticket, report_fields, state_of


def ago(**span):
    return datetime.now(UTC) - timedelta(**span)


def change(app, act):
    """Something an administrator does meanwhile."""
    with app.app_context(), write_transaction():
        act()


def suspend(app, world, login):
    change(app, lambda: people.set_active(world.person(login), active=False))


def demote(app, world, login, *roles):
    change(app, lambda: people.set_roles(world.person(login), world.sites["north"], roles))


def held(response, why):
    assert accepted(response, 202) == "/late"
    assert response.headers["Crew-Held"] == why


def decide(client, key, path, **fields):
    return client.send(f"/late/{key}/{path}", fields)


def keys_of(app):
    return [UUID(str(row[0])) for row in sql(app, "SELECT key FROM held_entries ORDER BY received_at")]


def key_of(app):
    (key,) = keys_of(app)
    return key


def story(app, ticket):
    rows = sql(app, "SELECT verb, note FROM ticket_events WHERE ticket_id = :id ORDER BY position", id=ticket.hex)
    return [(str(verb), str(note)) for verb, note in rows]


# --- rights that changed


def test_what_was_recorded_before_a_role_was_lost_is_neither_executed_nor_dropped(app, world, sign_in):
    ticket = make_ticket(app, world)
    demote(app, world, "technician", Role.REQUESTER)
    phone = sign_in("technician")
    before = counts(app) | {"receipts": 0}
    key = new_id()
    held(phone.send(f"/tickets/{ticket}/acceptance", key=key, made_at=ago(hours=3)), "rights")
    assert counts(app) | {"receipts": 0} == before
    assert state_of(app, ticket) == "open"
    held(phone.send(f"/tickets/{ticket}/acceptance", key=key, made_at=ago(hours=3)), "rights")
    assert one(app, "SELECT COUNT(*) FROM held_entries") == 1


def test_what_was_recorded_after_a_role_was_lost_is_refused(app, world, sign_in):
    ticket = make_ticket(app, world)
    demote(app, world, "technician", Role.REQUESTER)
    refused(sign_in("technician").send(f"/tickets/{ticket}/acceptance"), 403, "may-not")
    assert one(app, "SELECT COUNT(*) FROM held_entries") == 0


def test_what_was_never_allowed_is_not_held(app, world, sign_in):
    ticket = make_ticket(app, world)
    response = sign_in("guard").send(f"/tickets/{ticket}/acceptance", made_at=ago(hours=3))
    refused(response, 403, "may-not")


def test_a_former_role_opens_nothing_else(app, world, sign_in):
    """Somebody who was a technician is still no supervisor for that."""
    ticket = make_ticket(app, world, "finished", owner="second")
    demote(app, world, "technician", Role.REQUESTER)
    refused(sign_in("technician").send(f"/tickets/{ticket}/verification", made_at=ago(hours=3)), 403)


def test_somebody_who_moved_to_another_site_hands_in_what_was_done_at_the_first(app, world, sign_in):
    ticket = make_ticket(app, world)

    def move():
        people.set_roles(world.person("technician"), world.sites["south"], [Role.TECHNICIAN])
        people.set_roles(world.person("technician"), world.sites["north"], [])

    change(app, move)
    held(sign_in("technician").send(f"/tickets/{ticket}/notes", {"note": "漏水"}, made_at=ago(hours=3)), "rights")
    unseen(sign_in("technician").send(f"/tickets/{ticket}/notes", {"note": "漏水"}))


def test_a_phone_of_somebody_shut_out_hands_in_what_it_holds(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    phone = sign_in("technician")
    suspend(app, world, "technician")
    held(phone.send(f"/tickets/{ticket}/completion", {"note": "换好了"}, made_at=ago(hours=3)), "rights")
    assert state_of(app, ticket) == "accepted"


def test_that_phone_can_do_nothing_else(app, world, sign_in):
    phone = sign_in("technician")
    suspend(app, world, "technician")
    phone.lints = False
    assert phone.get("/tickets").status_code == 302
    fields = report_fields(world)
    assert phone.form("/tickets", fields).status_code in (302, 401, 403)
    late = phone.send("/tickets", fields, made_at=datetime.now(UTC) + timedelta(seconds=1))
    refused(late, 403)
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0
    assert (
        phone.get("/sync/directory", headers={"Crew-Outbox": "1", "Crew-Person": str(phone.person_id)}).status_code
        == 401
    )


def test_another_persons_name_on_that_phone_helps_nobody(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    phone = sign_in("technician")
    suspend(app, world, "technician")
    response = phone.send(f"/tickets/{ticket}/completion", person=world.people["supervisor"], made_at=ago(hours=3))
    assert response.status_code == 401
    assert "Crew-Receipt" not in response.headers


def test_a_sign_out_leaves_no_way_to_hand_in(app, world, sign_in):
    phone = sign_in("technician")
    stolen = phone.get_cookie("crew")
    phone.form("/sign-out")
    suspend(app, world, "technician")
    phone.set_cookie("crew", stolen.value)
    assert phone.send("/tickets", report_fields(world), made_at=ago(hours=3)).status_code == 401


def test_taken_over_it_counts_as_its_sender_recorded_it(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    phone, made = sign_in("technician"), ago(hours=3)
    suspend(app, world, "technician")
    phone.send(f"/tickets/{ticket}/completion", {"note": "换好了"}, made_at=made)
    accepted(decide(sign_in("supervisor"), key_of(app), "acceptance"))
    assert state_of(app, ticket) == "finished"
    assert ("finish", "换好了") in story(app, ticket)
    who = one(app, "SELECT person_id FROM ticket_events WHERE verb = 'finish'")
    assert str(who).replace("-", "") == world.people["technician"].hex


def test_rejected_it_leaves_everything_and_says_why(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    phone = sign_in("technician")
    suspend(app, world, "technician")
    phone.send(f"/tickets/{ticket}/completion", made_at=ago(hours=3))
    boss = sign_in("supervisor")
    refused(decide(boss, key_of(app), "rejection"), 422, "words-missing")
    accepted(decide(boss, key_of(app), "rejection", note="已由他人处理"))
    assert state_of(app, ticket) == "accepted"
    assert story(app, ticket)[-1] == ("settle", "已由他人处理")
    refused(decide(boss, key_of(app), "acceptance"), 422, "decided")


def test_a_held_photo_arrives_and_joins_its_job_when_taken_over(app, world, sign_in):
    ticket, picture, photo = make_ticket(app, world, "accepted"), jpeg(), new_id()
    phone, made = sign_in("technician"), ago(hours=3)
    suspend(app, world, "technician")
    fields = {
        "role": "after",
        "photo_id": str(photo),
        "photo_sha256": hashlib.sha256(picture).hexdigest(),
        "photo_bytes": str(len(picture)),
        "photo_type": "image/jpeg",
        "photo_taken_at": made.isoformat(),
        "photo_source": "camera",
    }
    held(phone.send(f"/tickets/{ticket}/photos", fields, made_at=made), "rights")
    accepted(phone.send(f"/photos/{photo}/original", body=picture, made_at=made))
    boss = sign_in("supervisor")
    assert boss.get(f"/photos/{photo}/thumb").status_code == 200
    unseen(sign_in("requester").get(f"/photos/{photo}/thumb"))
    accepted(decide(boss, key_of(app), "acceptance"))
    assert one(app, "SELECT COUNT(*) FROM ticket_photos") == 1


# --- somebody else was faster


def two_finish(app, world, sign_in):
    """One technician works offline on a job that a supervisor meanwhile gave to another, who finished it."""
    ticket = make_ticket(app, world, "open", at=ago(hours=5))
    other = sign_in("second")
    accepted(other.send(f"/tickets/{ticket}/acceptance"))
    accepted(other.send(f"/tickets/{ticket}/completion", {"note": "乙修好了"}))
    late = sign_in("technician")
    held(late.send(f"/tickets/{ticket}/acceptance", made_at=ago(hours=4)), "clash")
    held(late.send(f"/tickets/{ticket}/completion", {"note": "甲修好了"}, made_at=ago(hours=3)), "clash")
    return ticket


def test_two_phones_finish_the_same_job(app, world, sign_in):
    ticket = two_finish(app, world, sign_in)
    assert state_of(app, ticket) == "finished"
    page = sign_in("supervisor").page("/late")
    assert len([link for link in page.all("a") if re.fullmatch(r"/late/[0-9a-f-]{36}", link.get("href", ""))]) == 1
    shown = sign_in("supervisor").page(f"/late/{keys_of(app)[0]}").text
    assert "甲修好了" in shown
    assert "乙修好了" in shown


@pytest.mark.parametrize(("path", "owner"), [("acceptance", "technician"), ("rejection", "second")])
def test_one_question_one_answer_and_both_notes_stay(app, world, sign_in, path, owner):
    ticket = two_finish(app, world, sign_in)
    accepted(decide(sign_in("supervisor"), keys_of(app)[0], path, note="看现场照片"))
    assert one(app, "SELECT COUNT(*) FROM held_entries WHERE decided_at IS NULL") == 0
    notes = [note for _, note in story(app, ticket)]
    assert {"甲修好了", "乙修好了", "看现场照片"} <= set(notes)
    found = str(one(app, "SELECT owner_id FROM tickets")).replace("-", "")
    assert found == world.people[owner].hex
    assert state_of(app, ticket) == "finished"


def test_the_sender_is_told(app, world, sign_in):
    two_finish(app, world, sign_in)
    phone = sign_in("technician", language="en")
    assert "wait for a supervisor" in phone.page("/").text
    decide(sign_in("supervisor"), keys_of(app)[0], "rejection", note="乙先到")
    assert "has decided" in phone.page("/").text
    assert "Not taken over" in phone.page("/late").text


def test_a_job_that_was_cancelled_meanwhile(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted", at=ago(hours=5))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/cancellation", {"note": "重复"}))
    phone = sign_in("technician")
    held(phone.send(f"/tickets/{ticket}/completion", {"note": "修好了"}, made_at=ago(hours=1)), "clash")
    accepted(decide(sign_in("manager"), key_of(app), "acceptance"))
    assert state_of(app, ticket) == "finished"
    assert one(app, "SELECT closed_at FROM tickets") is None


def test_facts_append_whatever_happened_meanwhile(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted", at=ago(hours=5))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/cancellation", {"note": "重复"}))
    phone, made = sign_in("technician"), ago(hours=1)
    accepted(phone.send(f"/tickets/{ticket}/notes", {"note": "水阀已关"}, made_at=made))
    material = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "1"}
    accepted(phone.send(f"/tickets/{ticket}/materials", material, made_at=made))
    assert one(app, "SELECT COUNT(*) FROM held_entries") == 0


def test_who_is_merely_slow_with_the_server_in_sight_is_told_at_once(app, world, sign_in):
    ticket = make_ticket(app, world, "open", at=ago(hours=5))
    accepted(sign_in("second").send(f"/tickets/{ticket}/acceptance"))
    refused(sign_in("technician").send(f"/tickets/{ticket}/acceptance", made_at=ago(seconds=20)), 422, "wrong-state")


def test_whoever_knew_is_refused_however_late_it_arrives(app, world, sign_in):
    """The other's change had arrived before this entry was made: no clash, a mistake."""
    ticket = make_ticket(app, world, "cancelled", at=ago(hours=5))
    refused(sign_in("technician").send(f"/tickets/{ticket}/acceptance", made_at=ago(hours=2)), 422, "wrong-state")


def test_an_entry_of_ones_own_is_decided_by_somebody_else(app, world, sign_in):
    ticket = make_ticket(app, world, "open", at=ago(hours=5))
    accepted(sign_in("second").send(f"/tickets/{ticket}/acceptance"))
    phone = sign_in("foreman")
    held(phone.send(f"/tickets/{ticket}/acceptance", made_at=ago(hours=1)), "clash")
    refused(decide(phone, key_of(app), "acceptance"), 422, "own-entry")


def test_a_late_pass_of_ones_own_work_is_never_taken_over(app, world, sign_in):
    ticket = make_ticket(app, world, "finished", owner="foreman", at=ago(hours=5))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/return", {"note": "没修好"}))
    refused(sign_in("foreman").send(f"/tickets/{ticket}/verification", made_at=ago(hours=1)), 403, "own-work")


def test_late_entries_of_another_site_are_not_seen(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted", at=ago(hours=5))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/cancellation", {"note": "重复"}))
    sign_in("technician").send(f"/tickets/{ticket}/completion", made_at=ago(hours=1))
    outsider = sign_in("outsider")
    outsider.lints = False
    unseen(outsider.get(f"/late/{key_of(app)}"))
    unseen(decide(outsider, key_of(app), "acceptance"))
    assert "员工technician" not in outsider.page("/late").text


def test_a_report_from_a_tag_that_was_replaced_meanwhile_arrives(app, world, sign_in):
    accepted(sign_in("supervisor").send(f"/tags/{world.tags['room']}/replacement"))
    accepted(sign_in("technician").send("/tickets", report_fields(world), made_at=ago(hours=2)), 201)


def test_material_of_an_item_that_was_renamed_meanwhile_arrives(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted", at=ago(hours=5))

    def rename():
        world.item("tube").name = "LED 灯管（新）"

    change(app, rename)
    material = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "2"}
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", material, made_at=ago(hours=2)))


def test_a_clock_that_is_days_off_places_the_entry_by_the_measured_offset(app, world, sign_in):
    """Made two days "in the future" by the phone, sent an hour later by the same clock: an hour ago."""
    ticket = make_ticket(app, world, "accepted", at=ago(hours=5))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/cancellation", {"note": "重复"}))
    wrong = timedelta(days=2)
    response = sign_in("technician").send(
        f"/tickets/{ticket}/completion", made_at=ago(hours=1) + wrong, sent_at=datetime.now(UTC) + wrong
    )
    held(response, "clash")
    assert one(app, "SELECT suspect FROM held_entries") in (1, True)
