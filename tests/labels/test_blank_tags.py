"""Blank tags: printed ahead, claimed once by whoever scans them; never twice, elsewhere, or when voided."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from crew_app import create_app
from crew_app.core import codes
from crew_app.core.changes import Change
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.labels import actions, queries
from crew_app.labels.models import BlankTag, TagBatch
from crew_app.places.actions import make_tag
from crew_app.places.models import Asset, Tag
from tests.support.client import accepted, refused, unseen
from tests.support.processes import CREWS, together


def printed(app, world, count=3, login="supervisor"):
    """Codes of a fresh batch."""
    with app.app_context(), write_transaction():
        site_id = world.sites["south" if login == "outsider" else "north"]
        batch = actions.make_batch(site_id, count, "新楼", by=world.person(login), at=server_moment())
        return batch.id, sorted(session.scalars(select(BlankTag.code).where(BlankTag.batch_id == batch.id)))


@pytest.fixture
def blank(app, world):
    return printed(app, world)[1][0]


@pytest.fixture
def supervisor(sign_in):
    return sign_in("supervisor")


def claim(client, code, subject="", **fields):
    return client.send(f"/t/{code}/subject", {"subject": subject} | fields)


def subject(world, name="room"):
    return f"asset:{world.assets[name]}" if name in world.assets else f"place:{world.places[name]}"


def test_a_batch_is_made_and_printed(app, world, supervisor):
    path = accepted(supervisor.send("/labels/batches", {"count": "48", "note": "消防"}), 201)
    page = supervisor.page(path)
    assert "消防" in page.text
    assert "48" in page.text
    response = supervisor.get("/labels/sheet.pdf", query_string={"batch": path.rsplit("/", 1)[-1], "stock": "a4-24"})
    assert response.mimetype == "application/pdf"
    assert response.get_data().count(b"/Type/Page/") == 2
    with app.app_context():
        assert session.scalar(select(func.count(func.distinct(BlankTag.code)))) == 48
        [change] = session.scalars(select(Change).where(Change.kind == "tag_batches"))
        assert (change.after, change.name) == ("48", "消防")


@pytest.mark.parametrize("count", ["0", "-1", "1001", "many", "", "9999999"])
def test_not_too_many_and_not_nonsense(app, supervisor, count):
    refused(supervisor.send("/labels/batches", {"count": count}), 422, "batch-size")
    with app.app_context():
        assert session.scalar(select(TagBatch.id)) is None


def test_scanned_it_asks_and_becomes_the_tag(app, world, supervisor, blank):
    page = supervisor.page(f"/t/{blank}?q=701")
    assert subject(world) in [field.get("value") for field in page.all("input")]
    assert accepted(claim(supervisor, blank, subject(world)), 201) == f"/t/{blank}"
    assert "701室" in supervisor.page(f"/t/{blank}").text
    with app.app_context():
        tag = session.get_one(Tag, blank)
        assert (tag.place_id, tag.created_by_id) == (world.places["room"], world.people["supervisor"])
        assert session.get_one(BlankTag, blank).claimed_at is not None


def test_the_neighbour_shows_the_room_and_what_stands_in_it(world, supervisor, blank):
    page = supervisor.page(f"/t/{blank}?near={world.tags['pump']}")
    offered = [field.get("value") for field in page.all("input")]
    assert {subject(world), subject(world, "pump")} <= set(offered)
    assert "检查" not in page.text
    south = supervisor.page(f"/t/{blank}?near={world.tags['south-pump']}")
    assert subject(world, "south-pump") not in [field.get("value") for field in south.all("input")]


def test_the_next_one_begins_where_the_last_one_went(app, world, supervisor):
    _batch, (first, second, _third) = printed(app, world)
    accepted(claim(supervisor, first, subject(world, "pump")), 201)
    page = supervisor.page(f"/t/{second}")
    assert subject(world) in [field.get("value") for field in page.all("input")]


def test_a_new_asset_is_made_with_it(app, world, supervisor, blank):
    fields = {"name": "灭火器", "kind": "pump", "place_id": str(world.places["room"])}
    accepted(claim(supervisor, blank, **fields), 201)
    with app.app_context():
        asset = session.scalars(select(Asset).where(Asset.name == "灭火器")).one()
        assert (asset.code, asset.place_id) == ("pump-0002", world.places["room"])
        assert session.get_one(Tag, blank).asset_id == asset.id
        assert "pump-0002" in session.scalars(select(Change.after).where(Change.kind == "assets")).all()


def test_the_old_tag_is_replaced_when_it_is_gone(app, world, supervisor, blank):
    old = world.tags["room"]
    accepted(claim(supervisor, blank, subject(world), replaces="1"), 201)
    assert supervisor.get(f"/t/{old}").headers["Location"].startswith(f"/t/{blank}")


def test_the_same_command_again_gets_the_same_answer(world, supervisor, blank):
    key = "01900000-0000-7000-8000-00000000abcd"
    for _ in range(2):
        accepted(supervisor.send(f"/t/{blank}/subject", {"subject": subject(world)}, key=key), 201)


def test_it_is_claimed_once(app, world, supervisor, sign_in, blank):
    accepted(claim(supervisor, blank, subject(world)), 201)
    refused(claim(sign_in("administrator"), blank, subject(world, "pump")), 422, "tag-claimed")
    with app.app_context():
        assert session.get_one(Tag, blank).place_id == world.places["room"]


def test_what_is_voided_is_never_claimed(app, world, supervisor):
    batch, (first, second, third) = printed(app, world)
    accepted(claim(supervisor, first, subject(world)), 201)
    accepted(supervisor.send(f"/labels/batches/{batch}/voiding"))
    for code in (second, third):
        refused(claim(supervisor, code, subject(world)), 422, "tag-voided")
    assert "作废" in supervisor.page(f"/t/{second}").text
    assert "701室" in supervisor.page(f"/t/{first}").text
    found = queries.Batch(None, 3, 1, 2)  # type: ignore[arg-type]
    assert found.free == 0


def test_labels_of_another_site_stay_there(app, world, supervisor, sign_in):
    _batch, codes_ = printed(app, world, login="outsider")
    unseen(claim(supervisor, codes_[0], subject(world)))
    blank = printed(app, world)[1][0]
    unseen(claim(supervisor, blank, subject(world, "south-room")))
    with app.app_context(), write_transaction():
        both = world.person("supervisor")
        with pytest.raises(Refused) as refusal:
            actions.claim(
                session.get_one(BlankTag, blank), actions.Claim(world.place("south-room")), by=both, at=server_moment()
            )
    assert refusal.value.code == "other-site"


@pytest.mark.parametrize("login", ["technician", "requester", None])
def test_others_hear_what_it_is_and_whom_to_call(world, sign_in, stranger, login, blank):
    client = sign_in(login) if login else stranger
    page = client.page(f"/t/{blank}")
    assert page.actions == [] or not any("/subject" in action or "/reports" in action for action in page.actions)
    assert ("服务台" in page.text) == (login is None)


def test_a_stranger_cannot_report_there(app, stranger, blank):
    assert stranger.form(f"/t/{blank}/reports", {"job_kind": "lamp"}).status_code == 404


@pytest.mark.parametrize("login", ["technician", "requester", "outsider"])
def test_claiming_is_for_who_manages_tags_here(app, world, sign_in, login, blank):
    status = claim(sign_in(login), blank, subject(world)).status_code
    assert status == (404 if login == "outsider" else 403)
    with app.app_context():
        assert session.get(Tag, blank) is None


def test_a_code_is_never_given_twice(app, world, monkeypatch):
    """Though the dice fall the same: not within a batch, not for a tag after a blank one, nor the other way round."""
    _batch, (known, *_rest) = printed(app, world)
    fresh = [codes.make_code() for _ in range(6)]
    rolls = iter([known, world.tags["room"], fresh[0], fresh[0], *fresh[1:]] * 3)
    monkeypatch.setattr("crew_app.places.codes.make_code", lambda: next(rolls))
    with app.app_context(), write_transaction():
        at, by = server_moment(), world.person("supervisor")
        assert make_tag(world.place("room"), by=by, at=at).code == fresh[0]
        batch = actions.make_batch(world.sites["north"], 3, "", by=by, at=at)
        made = set(session.scalars(select(BlankTag.code).where(BlankTag.batch_id == batch.id)))
        assert made == set(fresh[1:4])


def test_without_the_look_at_blank_ones_a_tag_gets_their_code(app, world, monkeypatch):
    """Sabotage: what `GIVEN` protects."""
    _batch, (known, *_rest) = printed(app, world)
    monkeypatch.setattr("crew_app.places.codes.GIVEN", [])
    monkeypatch.setattr("crew_app.places.codes.make_code", lambda: known)
    with app.app_context(), write_transaction():
        assert make_tag(world.place("room"), by=None, at=server_moment()).code == known


def _claim_all(settings, world, codes_, signal):
    with create_app(settings).app_context():
        session.rollback()
        signal.wait(timeout=60)
        return [_claim(world, code) for code in codes_]


def _claim(world, code):
    try:
        with write_transaction():
            blank = session.get_one(BlankTag, code)
            actions.claim(blank, actions.Claim(world.place("room")), by=world.person("supervisor"), at=server_moment())
    except Refused as refusal:
        return refusal.code
    return "mine"


@pytest.mark.timeout(900)
@pytest.mark.xdist_group("postgres")
def test_of_many_who_claim_at_once_one_gets_it(any_app, any_world):
    _batch, codes_ = printed(any_app, any_world, 5)
    answers = together(_claim_all, any_app.config["SETTINGS"], any_world, codes_)
    for place in range(len(codes_)):
        assert Counter(mine[place] for mine in answers) == {"mine": 1, "tag-claimed": CREWS - 1}
    with any_app.app_context():
        assert session.scalar(select(func.count()).select_from(Tag).where(Tag.code.in_(codes_))) == len(codes_)
