"""An entry discarded on a phone is told to the server: once, by its owner, whatever the words in it."""

import pytest
from flask import render_template
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crew_app.core.db import db, session
from crew_app.core.ids import new_id
from crew_app.sync import discards
from crew_app.sync.models import Discard
from tests.support.client import accepted, refused
from tests.support.counting import counts, one
from tests.support.tickets import make_ticket

SHA = "ab" * 32


def told(**fields):
    made = {"discarded_key": str(new_id()), "sha256": SHA, "label": "完工 WX-20261122-0042", "url": "/tickets"}
    made |= {"made_at": "2026-11-22T08:15:30.123Z", "size": "321", "photos": "0"}
    return made | {name: str(value) for name, value in fields.items()}


def test_it_is_kept_with_all_that_identifies_it(any_app, any_world, any_sign_in):
    fields = told(size=4711)
    assert accepted(any_sign_in("technician").send("/sync/discards", fields)) == "/outbox"
    with any_app.app_context():
        kept = session.query(Discard).one()
        assert (str(kept.discarded_key), kept.sha256, kept.size) == (fields["discarded_key"], SHA, 4711)
        assert (kept.label, kept.url, kept.photos) == (fields["label"], "/tickets", 0)
        assert kept.made_at
        assert kept.made_at.isoformat(timespec="milliseconds") == "2026-11-22T08:15:30.123+00:00"
        assert (kept.person_id, kept.site_id) == (any_world.people["technician"], any_world.sites["north"])
        assert kept.ticket_id is None
        assert kept.receipt_key


def test_the_story_of_its_ticket_tells_it(any_app, any_world, any_sign_in):
    ticket, client = make_ticket(any_app, any_world, "accepted"), any_sign_in("technician")
    fields = told(url=f"/tickets/{ticket}/completion", photos=1)
    assert accepted(client.send("/sync/discards", fields)) == f"/tickets/{ticket}"
    story = client.page(f"/tickets/{ticket}").text
    assert "在手机上丢弃" in story
    assert "完工 WX-20261122-0042 · 1 张照片" in story
    assert one(any_app, "SELECT state FROM tickets") == "accepted"


def test_a_discarded_photo_belongs_to_the_ticket_that_announced_it(app, world, sign_in):
    ticket, photo, client = make_ticket(app, world, "accepted"), new_id(), sign_in("technician")
    fields = {"role": "after", "photo_id": str(photo), "photo_sha256": SHA, "photo_bytes": "9"}
    fields |= {"photo_type": "image/jpeg", "photo_taken_at": "", "photo_source": "camera"}
    accepted(client.send(f"/tickets/{ticket}/photos", fields))
    where = accepted(client.send("/sync/discards", told(url=f"/photos/{photo}/original", photos=1)))
    assert where == f"/tickets/{ticket}"


def test_the_same_request_twice_is_one_discard(any_app, any_world, any_sign_in):
    ticket, key, client = make_ticket(any_app, any_world), new_id(), any_sign_in("technician")
    fields = told(url=f"/tickets/{ticket}/notes")
    first = accepted(client.send("/sync/discards", fields, key=key))
    after = counts(any_app)
    assert accepted(client.send("/sync/discards", fields, key=key)) == first
    assert counts(any_app) == after


def test_the_same_entry_discarded_twice_is_one_discard(app, world, sign_in):
    """It came back from a file and was discarded again: nothing is refused, nothing doubles."""
    ticket, client = make_ticket(app, world), sign_in("technician")
    fields = told(url=f"/tickets/{ticket}/notes")
    for _ in range(2):
        accepted(client.send("/sync/discards", fields))
    assert one(app, "SELECT COUNT(*) FROM discards") == 1
    assert one(app, "SELECT COUNT(*) FROM ticket_events WHERE verb = 'discard'") == 1


def test_another_content_under_the_same_key_is_refused(app, world, sign_in):
    client, key, fields = sign_in("technician"), new_id(), told()
    accepted(client.send("/sync/discards", fields, key=key))
    refused(client.send("/sync/discards", fields | {"sha256": "cd" * 32}, key=key), 422, "key-reused")


def test_nobody_tells_it_as_somebody_else(app, world, sign_in, stranger):
    fields = told()
    response = sign_in("second").send("/sync/discards", fields, person=world.people["technician"])
    assert response.status_code == 403
    assert response.headers["Crew-Refusal"] == "other-person"
    assert stranger.send("/sync/discards", fields).status_code == 401
    assert one(app, "SELECT COUNT(*) FROM discards") == 0


def test_two_people_may_name_the_same_key_without_hearing_of_each_other(app, world, sign_in):
    fields = told()
    for login in ("technician", "second"):
        assert accepted(sign_in(login).send("/sync/discards", fields)) == "/outbox"
    assert one(app, "SELECT COUNT(*) FROM discards") == 2


@pytest.mark.parametrize("login", ["outsider", "contractor"])
def test_a_ticket_that_one_may_not_see_is_not_touched(app, world, sign_in, login):
    ticket = make_ticket(app, world)
    assert accepted(sign_in(login).send("/sync/discards", told(url=f"/tickets/{ticket}/notes"))) == "/outbox"
    assert one(app, "SELECT COUNT(*) FROM ticket_events WHERE verb = 'discard'") == 0
    assert one(app, "SELECT COUNT(*) FROM discards WHERE ticket_id IS NOT NULL") == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"discarded_key": ""},
        {"discarded_key": "x" * 36},
        {"sha256": ""},
        {"sha256": "AB" * 32},
        {"sha256": "ab" * 33},
        {"sha256": "' OR 1=1"},
    ],
)
def test_without_knowing_which_entry_it_is_refused(app, world, sign_in, fields):
    words = refused(sign_in("technician").send("/sync/discards", told(**fields)), 422, "discard-incomplete")
    assert "丢弃" in words
    assert one(app, "SELECT COUNT(*) FROM discards") == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"label": "<script>alert(1)</script>" * 20},
        {"label": "a\x00b\u202e" * 300},
        {"url": "https://elsewhere.example/tickets/x"},
        {"url": "/tickets/------------------------------------/notes"},
        {"url": "/tickets/01900000-0000-7000-8000-000000000000/notes"},
        {"url": "x" * 5000},
        {"size": "-5", "photos": "99999999999999999999"},
        {"size": "9" * 400, "photos": "٣"},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"made_at": "yesterday"},
    ],
)
def test_whatever_else_it_says_it_is_kept(any_app, any_world, any_sign_in, fields):
    accepted(any_sign_in("technician").send("/sync/discards", told(**fields)))
    page = shown_to(any_app, any_world, "supervisor")
    assert "<script>" not in page
    assert one(any_app, "SELECT COUNT(*) FROM discards") == 1


def test_supervisors_of_the_site_see_it_and_nobody_else(app, world, sign_in):
    ticket = make_ticket(app, world)
    accepted(sign_in("technician").send("/sync/discards", told(label="备注 灯", url=f"/tickets/{ticket}/notes")))
    page = shown_to(app, world, "supervisor")
    assert "备注 灯" in page
    assert f'href="/tickets/{ticket}"' in page
    assert "员工technician" in page
    for login in ("outsider", "technician", "guard"):
        assert "备注 灯" not in shown_to(app, world, login)


def test_it_says_when_the_entry_had_arrived_all_the_same(app, world, sign_in):
    """The answer was lost on the way, so the phone still had it: supervisors need not ask for it."""
    ticket, key, client = make_ticket(app, world), new_id(), sign_in("technician")
    accepted(client.send(f"/tickets/{ticket}/notes", {"note": "等灯管"}, key=key))
    accepted(client.send("/sync/discards", told(discarded_key=key, url=f"/tickets/{ticket}/notes")))
    accepted(client.send("/sync/discards", told(label="另一条")))
    assert shown_to(app, world, "supervisor").count("其实已送达") == 1


@pytest.mark.parametrize("statement", ["UPDATE discards SET label = 'other'", "DELETE FROM discards"])
def test_it_cannot_be_changed_any_more(any_app, any_world, any_sign_in, statement):
    accepted(any_sign_in("technician").send("/sync/discards", told()))
    with any_app.app_context(), pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(statement))
    assert one(any_app, "SELECT label FROM discards") == "完工 WX-20261122-0042"


def shown_to(app, world, login):
    """The supervisors' list, as it stands on the page of phones."""
    with app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        found = discards.recent(world.person(login))
        keys = discards.arrived([gone.discarded_key for gone in found])
        return render_template("phones/_discards.html", discards=found, discards_arrived=keys)
