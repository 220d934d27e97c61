"""Counts: whatever is seen is kept, in whatever order it arrives; what is missing is confirmed by somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from crew_app.core.db import session, write_transaction
from crew_app.fixed_assets import results
from crew_app.fixed_assets.models import AssetCount, AssetSighting
from crew_app.fixed_assets.rules import AssetState
from crew_app.places.models import Asset
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.fixed_assets import card_of, department, make_card, open_count
from tests.support.sheets import rows
from tests.support.taken import revisions


@pytest.fixture
def count(app, world):
    for name, place in (("a1", "room"), ("a2", "room"), ("a3", "store-room")):
        make_card(app, world, name, place=place)
    return open_count(app, world)


@pytest.fixture
def see(world, sign_in, count):
    def send(login="technician", *, room="room", made_at=None, **fields):
        form = {"sighting_id": some_id(), "place_id": str(world.places[room]) if room else ""} | fields
        options = {"made_at": made_at} if made_at else {}
        return sign_in(login).send(f"/assets/counts/{count}/sightings", form, **options)

    return send


@pytest.fixture
def standing(app, world, count):
    """Which numbers were found, seen elsewhere and are missing, and which codes are unknown."""

    def ask():
        with app.app_context():
            found = results.results(session.get_one(AssetCount, count))
            return (
                {card.asset.code for card in found.found},
                {one.asset.code for one in found.elsewhere if one.asset},
                {card.asset.code for card in found.missing},
                {one.code for one in found.unknown},
            )

    return ask


def test_found_elsewhere_missing_and_unknown_are_told_apart(world, sign_in, count, see, standing):
    accepted(see(code=world.tags["a1"]))
    accepted(see(code=world.tags["a3"]))
    accepted(see(code="OLD-STICKER-77"))
    assert standing() == ({"a1"}, {"a3"}, {"a2"}, {"OLD-STICKER-77"})
    page = sign_in("storekeeper").page(f"/assets/counts/{count}")
    assert "OLD-STICKER-77" in page.text
    assert "1 / 3" in page.text


def test_the_sheet_of_a_count_says_of_each_how_it_stands(world, sign_in, count, see):
    accepted(see(code=world.tags["a1"]))
    accepted(see(code=world.tags["a3"]))
    accepted(see(code="=cmd"))
    found = rows(sign_in("storekeeper"), f"/assets/counts/{count}/results.xlsx")
    assert sorted(row[2] for row in found) == sorted(["在原处", "未见到", "不在原处", "不明编码"])
    assert "=cmd" in [row[0] for row in found]
    assert sign_in("outsider").get(f"/assets/counts/{count}/results.xlsx").status_code == 404
    assert len(rows(sign_in("storekeeper"), "/assets/counts/list.xlsx")) == 1


@pytest.mark.parametrize("how", ["tag", "grouped", "address", "number", "code"])
def test_a_thing_is_known_by_its_tag_its_address_its_number_or_its_code(world, see, standing, how):
    tag = world.tags["a1"]
    said = {"tag": tag, "grouped": f" {tag[:5]}-{tag[5:10]}-{tag[10:]}".lower(), "number": "GD-a1", "code": "a1"}
    accepted(see(code=said.get(how, f"https://other.example/t/{tag}")))
    assert standing()[0] == {"a1"}


def test_the_button_of_the_list_does_the_same_without_a_code(world, see, standing):
    accepted(see(asset_id=str(world.assets["a2"])))
    assert standing()[0] == {"a2"}
    unseen(see(asset_id=str(world.assets["south-pump"])))


def test_another_sites_tag_is_an_unknown_code(world, see, standing):
    accepted(see(code=world.tags["south-pump"]))
    assert standing()[3] == {world.tags["south-pump"]}


def test_the_tag_of_a_room_leads_to_that_room_and_is_no_sighting(app, world, sign_in, count, see, standing):
    accepted(see(code=world.tags["store-room"]))
    assert standing()[3] == set()
    client = sign_in("technician")
    fields = {"sighting_id": some_id(), "code": world.tags["store-room"]}
    answer = client.form(f"/assets/counts/{count}/sightings", fields)
    assert f"room={world.places['store-room']}" in answer.headers["Location"]


def test_the_last_word_about_a_thing_counts_however_late_it_arrives(world, see, standing):
    now = datetime.now(UTC)
    accepted(see(code="a1", room="room", made_at=now))
    accepted(see(code="a1", room="store-room", made_at=now - timedelta(hours=2)))
    assert standing()[:2] == ({"a1"}, set())


def test_the_same_entry_twice_is_one_and_the_same_id_is_refused(app, see):
    one = some_id()
    accepted(see(code="a1", sighting_id=one))
    refused(see(code="a1", sighting_id=one), 422, "sighting-known")
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(AssetSighting)) == 1


def test_nonsense_is_refused_and_long_codes_are_kept(see, standing):
    refused(see(code="   "), 422, "code-missing")
    refused(see(code="a1", sighting_id="x"), 422, "id-missing")
    unseen(see(code="a1", place_id=some_id()))
    accepted(see(code="z" * 900))
    assert standing()[3] == {"z" * 200}


def test_moved_here_changes_the_books_and_the_count_still_says_where_it_was(app, world, sign_in, count, see, standing):
    accepted(see(code="a3"))
    keeper = sign_in("storekeeper")
    (move,) = [path for path in keeper.page(f"/assets/counts/{count}").actions if path.endswith("/place")]
    refused(sign_in("technician").send(move), 403)
    unseen(sign_in("outsider").send(move))
    accepted(keeper.send(move))
    refused(keeper.send(move), 422, "moved")
    with app.app_context():
        assert session.get_one(Asset, world.assets["a3"]).place_id == world.places["room"]
    assert standing()[1] == {"a3"}
    assert "住院楼 / 七楼 / 702室 → 住院楼 / 七楼 / 701室" in keeper.page(f"/assets/{world.assets['a3']}/card").text


def test_an_unknown_code_is_claimed_and_stays_as_it_was_scanned(app, world, sign_in, count, see, standing):
    accepted(see(code="OLD-1"))
    accepted(see(code="OLD-1"))
    keeper = sign_in("storekeeper")
    (claim,) = [path for path in keeper.page(f"/assets/counts/{count}").actions if path.endswith("/claim")]
    refused(keeper.send(claim, {"claim_id": some_id(), "code": "nobody"}), 422, "unknown-number")
    accepted(keeper.send(claim, {"claim_id": some_id(), "code": "GD-a2"}))
    refused(keeper.send(claim, {"claim_id": some_id(), "code": "GD-a1"}), 422, "claimed")
    assert standing() == ({"a2"}, set(), {"a1", "a3"}, set())
    with app.app_context():
        assert session.scalars(select(AssetSighting.code)).all() == ["OLD-1"] * 3


def test_who_counted_does_not_close_and_what_is_missing_is_marked(app, world, sign_in, count, see, standing):
    closure = f"/assets/counts/{count}/closure"
    refused(sign_in("supervisor").send(closure), 422, "nothing-counted")
    accepted(see("storekeeper", code="a1"))
    refused(sign_in("storekeeper").send(closure), 403, "own-count")
    refused(sign_in("second").send(closure), 403, "may-not")
    accepted(sign_in("supervisor").send(closure, {"note": "两件待查"}))
    refused(sign_in("manager").send(closure), 422, "wrong-state")
    assert card_of(app, world.assets["a1"]).state is AssetState.IN_USE
    assert card_of(app, world.assets["a2"]).state is AssetState.MISSING
    assert standing()[2] == {"a2", "a3"}
    assert "盘亏待查" in sign_in("guard").page(f"/assets/counts/{count}").text


def test_what_was_seen_offline_before_the_count_was_closed_is_kept_and_found_again(
    app, world, sign_in, see, count, standing
):
    accepted(see(code="a1"))
    accepted(sign_in("supervisor").send(f"/assets/counts/{count}/closure"))
    accepted(see(code="a2", made_at=datetime.now(UTC) - timedelta(hours=1)))
    assert card_of(app, world.assets["a2"]).state is AssetState.IN_USE
    assert "重新找到" in sign_in("guard").page(f"/assets/{world.assets['a2']}/card").text
    assert standing()[2] == {"a2", "a3"}, "what was confirmed stays written"


def test_a_count_is_of_a_department_or_a_place_and_there_is_one_at_a_time(app, world, sign_in):
    make_card(app, world)
    with app.app_context():
        ward, south = str(department(world)), str(department(world, "south"))
    keeper = sign_in("storekeeper")

    def send(**fields):
        return keeper.send("/assets/counts", {"count_id": some_id()} | fields)

    accepted(send(department_id=ward), 201)
    refused(send(department_id=ward), 422, "count-open")
    accepted(send(place=world.tags["room"]), 201)
    refused(send(place="nowhere"), 422, "scope-missing")
    refused(send(place=world.tags["south-room"]), 422, "scope-missing")
    unseen(send(department_id=south))
    refused(sign_in("supervisor").send("/assets/counts", {"count_id": some_id(), "department_id": ward}), 403)


def test_a_department_is_due_half_a_year_after_it_was_counted(app, world, sign_in):
    make_card(app, world)
    client = sign_in("storekeeper")
    assert "从未清查" in client.page("/assets/counts").text
    with app.app_context(), write_transaction():
        who, at = world.people["storekeeper"], datetime(2026, 1, 10, tzinfo=UTC)
        fields = {"opened_by_id": who, "opened_at": at, "closed_by_id": who, "closed_at": at}
        session.add(AssetCount(site_id=world.sites["north"], department_id=department(world), note="", **fields))
    assert "2026-01-10" in client.page("/assets/counts").text
    with app.app_context():
        (row,) = results.due(world.person("storekeeper"), datetime(2026, 2, 1, tzinfo=UTC))
        assert (row.cards, row.due.isoformat()) == (1, "2026-07-10")


def test_an_open_count_is_on_the_phone_and_renewed_by_what_is_seen(world, sign_in, count, see):
    page, client = f"/assets/counts/{count}", sign_in("guard")
    before = revisions(client)[page]
    accepted(see(code="a1"))
    assert revisions(client)[page] not in ("", before)
    assert page not in revisions(sign_in("outsider"))
    assert page not in revisions(sign_in("requester"))


@pytest.mark.parametrize("statement", ["UPDATE asset_sightings SET code = ''", "DELETE FROM asset_sightings"])
def test_nobody_changes_what_was_seen(app, see, statement):
    accepted(see(code="OLD-1"))
    with app.app_context(), pytest.raises(IntegrityError), write_transaction():
        session.execute(text(statement))
