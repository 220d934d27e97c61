"""The first page says what the storeroom waits for: decisions to those who approve, work to those who keep it."""

from crew_app.core.clock import now
from crew_app.storeroom.todo import Todo, todo
from tests.support.client import accepted
from tests.support.stockcounts import approve, begin, hand_in, tally
from tests.support.storeroom import count_pages


def waits(app, world, login):
    with app.app_context():
        return todo(world.person(login), now())


def test_decisions_are_for_those_who_may_and_took_no_part(app, world, sign_in):
    assert waits(app, world, "supervisor") == Todo(requests=1, write_offs=1, purchases=1)
    count = begin(sign_in, world)
    tally(sign_in("storekeeper"), count, world, "tube", 1)
    assert waits(app, world, "supervisor").counts == 0
    hand_in(sign_in, count)
    assert waits(app, world, "supervisor").counts == 1
    words = sign_in("supervisor").page("/").text
    for wanted in ("有 1 张领用单等您审批", "有 1 张报损单待审批", "有 1 次盘点等您批准"):
        assert wanted in words
    approve(sign_in("supervisor"), count)
    assert waits(app, world, "supervisor").counts == 0


def test_whoever_counted_is_not_asked_about_that_count(app, world, sign_in):
    count = begin(sign_in, world)
    tally(sign_in("supervisor"), count, world, "tube", 1)
    hand_in(sign_in, count)
    assert waits(app, world, "supervisor").counts == 0
    assert waits(app, world, "manager").counts == 1


def test_the_storekeeper_is_told_what_to_hand_out_settle_and_count(app, world, sign_in):
    assert waits(app, world, "storekeeper") == Todo(due=1)
    path = f"/stock/requests/{world.requests['ward']}/approval"
    accepted(sign_in("supervisor").send(path, {"line_item": str(world.items["tube"]), "line_granted": "2"}))
    count_pages(world, sign_in)
    found = waits(app, world, "storekeeper")
    assert (found.issues, found.discrepancies, found.due, found.requests) == (1, 1, 1, 0)
    page = sign_in("storekeeper").page("/")
    assert "有 1 张领用单待出库" in page.text
    assert "/stock/discrepancies" in [link.get("href") for link in page.all("a")]


def test_others_are_told_nothing_and_other_sites_wait_for_their_own(app, world, sign_in):
    assert waits(app, world, "technician") == waits(app, world, "requester") == Todo()
    assert waits(app, world, "outsider").requests == 0
