"""Discrepancies: what was taken beyond the books, or counted in before it arrived, and how it is settled."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.people import actions as people
from crew_app.people.rules import Role
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import counts, one, sql
from tests.support.stockcounts import approve, balance, begin, hand_in, tally
from tests.support.tickets import make_ticket

CHIP = "超出账面数量，由仓库管理员处理"


@pytest.fixture
def ticket(app, world):
    return make_ticket(app, world, "accepted")


def take(sign_in, world, ticket, quantity, login="technician", ago=0, **more):
    """Material for a job, so many minutes ago; returns the move."""
    move_id = str(new_id())
    fields = {"move_id": move_id, "item_id": str(world.items["tube"]), "quantity": str(quantity)} | more
    made = datetime.now(UTC) - timedelta(minutes=ago)
    accepted(sign_in(login).send(f"/tickets/{ticket}/materials", fields, made_at=made))
    return move_id


@pytest.fixture
def gap(app, world, sign_in, ticket):
    """Four tubes more than the technician's bag had."""
    take(sign_in, world, ticket, 14)
    return _open(app)


def _open(app):
    found = UUID(str(one(app, "SELECT id FROM discrepancies WHERE settled_at IS NULL")))
    return f"/stock/discrepancies/{found}"


def test_the_list_and_the_page_say_who_took_what_for_which_job(app, sign_in, gap, ticket):
    keeper = sign_in("storekeeper")
    for path in ("/stock", "/stock/discrepancies", gap):
        text = keeper.page(path).text
        assert "LED灯管" in text
        assert "4 支" in text
    page = keeper.page(gap)
    assert "员工technician" in page.text
    assert [link for link in page.all("a") if link.get("href") == f"/tickets/{ticket}"]
    assert [link for link in keeper.page("/stock").all("a") if link.get("href") == gap]


def test_the_job_says_that_it_is_not_settled_yet(sign_in, gap, ticket):
    assert CHIP in sign_in("technician").page(f"/tickets/{ticket}").text
    accepted(sign_in("storekeeper").send(f"{gap}/finding"))
    assert CHIP not in sign_in("technician").page(f"/tickets/{ticket}").text


def test_phones_hear_that_it_was_settled(sign_in, gap, ticket):
    def revision():
        return dict(sign_in("technician").get("/sync/manifest").get_json()["pages"])[f"/tickets/{ticket}"]

    before = revision()
    accepted(sign_in("storekeeper").send(f"{gap}/finding"))
    assert revision() != before


def test_found_books_what_was_missing(app, sign_in, gap):
    accepted(sign_in("storekeeper").send(f"{gap}/finding", {"note": "柜子里还有"}))
    assert balance(app, "tube", "bag") == 0
    settled = sql(app, "SELECT outcome, note, settled_at IS NOT NULL, settled_by_id IS NOT NULL FROM discrepancies")
    assert settled == [("found", "柜子里还有", 1, 1)]
    assert "柜子里还有" in sign_in("storekeeper").page(gap).text
    refused(sign_in("storekeeper").send(f"{gap}/finding"), 422, "settled")


def test_another_material_is_booked_the_same_way(app, world, sign_in, gap, ticket):
    accepted(sign_in("storekeeper").send(f"{gap}/exchange", {"item_id": str(world.items["cable"])}))
    assert (balance(app, "tube", "bag"), balance(app, "tube", "ticket")) == (10, 0)
    assert (balance(app, "cable", "bag"), balance(app, "cable", "ticket")) == (11, 14)
    text = sign_in("technician").page(f"/tickets/{ticket}").text
    assert "电缆" in text
    assert CHIP not in text


@pytest.mark.parametrize(("item", "status", "code"), [("tube", 422, "same-item"), ("", 422, "id-missing")])
def test_it_must_be_another_one(app, world, sign_in, gap, item, status, code):
    before = counts(app)
    refused(sign_in("storekeeper").send(f"{gap}/exchange", {"item_id": str(world.items.get(item, ""))}), status, code)
    unseen(sign_in("storekeeper").send(f"{gap}/exchange", {"item_id": some_id()}))
    assert counts(app) == before


def test_counted_needs_a_count_since_then(app, world, sign_in, gap):
    keeper = sign_in("storekeeper")
    refused(keeper.send(f"{gap}/recount"), 422, "not-counted")
    path = begin(sign_in, world, account_id=str(world.accounts["bag"]), scope="items", item_id=str(world.items["tube"]))
    tally(keeper, path, world, "tube", 1)
    refused(keeper.send(f"{gap}/recount"), 422, "not-counted")
    hand_in(sign_in, path)
    approve(sign_in("supervisor"), path)
    refused(keeper.send(f"{gap}/finding"), 422, "counted-since")
    accepted(keeper.send(f"{gap}/recount"))
    assert balance(app, "tube", "bag") == 1


def test_taken_back_it_settles_itself(app, world, sign_in, ticket):
    move = take(sign_in, world, ticket, 14)
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials/{move}/reversal"))
    assert sql(app, "SELECT outcome FROM discrepancies") == [("taken_back",)]


def test_nobody_settles_their_own(app, world, sign_in, ticket):
    with app.app_context(), write_transaction():
        people.set_roles(world.person("second"), world.sites["north"], [Role.TECHNICIAN, Role.STOREKEEPER])
    take(sign_in, world, ticket, 3, "second")
    path = _open(app)
    for way in ("finding", "recount", "exchange"):
        fields = {"item_id": str(world.items["cable"])}
        refused(sign_in("second").send(f"{path}/{way}", fields), 403, "own-move")
    assert sign_in("second").page(path).actions == []


@pytest.mark.parametrize("login", ["technician", "supervisor", "manager"])
def test_it_is_the_storekeepers_business(sign_in, gap, login):
    assert sign_in(login).get(gap).status_code == 403
    refused(sign_in(login).send(f"{gap}/finding"), 403, "may-not")


def test_other_sites_settle_for_themselves(sign_in, gap):
    unseen(sign_in("outsider").get(gap))
    unseen(sign_in("outsider").send(f"{gap}/finding"))
    assert "LED灯管" not in sign_in("outsider").page("/stock/discrepancies").text


@pytest.fixture
def counted(world, sign_in):
    """The store was counted and found to be one short; a moment later that is approved."""
    path = begin(sign_in, world)
    tally(sign_in("storekeeper"), path, world, "tube", 189)
    hand_in(sign_in, path)
    approve(sign_in("supervisor"), path)
    return path


def test_what_arrives_after_the_count_that_counted_it_in_is_flagged(app, world, sign_in, counted, ticket):
    store = str(world.accounts["store"])
    take(sign_in, world, ticket, 1, ago=60, source_id=store)
    assert balance(app, "tube") == 188
    path = _open(app)
    assert one(app, "SELECT number FROM stock_counts") in sign_in("storekeeper").page(path).text
    accepted(sign_in("storekeeper").send(f"{path}/finding"))
    assert balance(app, "tube") == 189
    assert one(app, "SELECT COUNT(*) FROM discrepancies WHERE settled_at IS NULL") == 0


def test_what_happens_after_the_count_is_not(app, world, sign_in, counted, ticket):
    take(sign_in, world, ticket, 1, source_id=str(world.accounts["store"]))
    assert one(app, "SELECT COUNT(*) FROM discrepancies") == 0


def test_what_arrives_before_the_approval_changes_the_difference(app, world, sign_in, ticket):
    path = begin(sign_in, world)
    tally(sign_in("storekeeper"), path, world, "tube", 189)
    hand_in(sign_in, path)
    take(sign_in, world, ticket, 1, ago=60, source_id=str(world.accounts["store"]))
    take(sign_in, world, ticket, 5, source_id=str(world.accounts["store"]))
    approve(sign_in("supervisor"), path)
    assert balance(app, "tube") == 184
    assert one(app, "SELECT COUNT(*) FROM postings WHERE reason = 'count'") == 0


def test_a_correction_of_what_was_counted_in_is_flagged_too(app, world, sign_in, ticket):
    move = take(sign_in, world, ticket, 1, ago=60, source_id=str(world.accounts["store"]))
    path = begin(sign_in, world)
    tally(sign_in("storekeeper"), path, world, "tube", 190)
    hand_in(sign_in, path)
    approve(sign_in("supervisor"), path)
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials/{move}/reversal"))
    assert balance(app, "tube") == 191
    accepted(sign_in("storekeeper").send(f"{_open(app)}/finding"))
    assert balance(app, "tube") == 190
