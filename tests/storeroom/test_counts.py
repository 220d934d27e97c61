"""Stock counts on the screen: begin, count, hand in, approve; who may do what, and what counters are not told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crew_app.core.db import db
from crew_app.core.ids import new_id
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.stockcounts import approve, balance, begin, found, hand_in, shown, tally


@pytest.fixture
def counted(sign_in, world):
    """A count of the store: two tubes too few, one valve too many, the cable not looked for."""
    path = begin(sign_in, world)
    tally(sign_in("technician"), path, world, "tube", 188)
    tally(sign_in("technician"), path, world, "valve", 31)
    return path


def test_a_count_is_begun_counted_handed_in_and_approved(app, world, sign_in, counted):
    page = sign_in("storekeeper").page(counted)
    assert "2/3" in page.text.replace(" ", "") or "2" in page.text
    hand_in(sign_in, counted)
    boss = sign_in("supervisor")
    text = boss.page(f"{counted}/differences").text
    assert "LED灯管" in text
    assert "-2 支" in text
    assert "+1 个" in text
    assert "-¥25.00" in text
    approve(boss, counted)
    assert (balance(app, "tube"), balance(app, "valve"), balance(app, "cable")) == (188, 31, 475)
    posted = sql(app, "SELECT reason, note, document_id IS NOT NULL FROM postings WHERE reason = 'count'")
    assert posted == [("count", one(app, "SELECT number FROM stock_counts"), 1)]
    assert "-2 支" in boss.page(f"{counted}/differences").text


def test_what_was_not_counted_is_not_booked_unless_somebody_says_zero(app, world, sign_in, counted):
    keeper = sign_in("storekeeper")
    accepted(keeper.send(f"{counted}/zeros", {"item_id": str(world.items["cable"])}))
    refused(keeper.send(f"{counted}/zeros", {"item_id": str(world.items["cable"])}), 422, "nothing")
    hand_in(sign_in, counted)
    approve(sign_in("supervisor"), counted)
    assert balance(app, "cable") == 0


def test_bins_add_up_and_the_latest_entry_of_a_counter_counts(app, world, sign_in):
    path, client = begin(sign_in, world), sign_in("technician")
    for quantity, place in ((100, "A1"), (90, "b2"), (88, "B2")):
        tally(client, path, world, "tube", quantity, bin=place)
    hand_in(sign_in, path)
    approve(sign_in("supervisor"), path)
    assert balance(app, "tube") == 188


def test_two_who_find_different_quantities_have_it_counted_once_more(app, world, sign_in):
    path = begin(sign_in, world)
    tally(sign_in("technician"), path, world, "tube", 190)
    tally(sign_in("second"), path, world, "tube", 180)
    assert "员工second" in sign_in("technician").page(path).text
    refused(sign_in("storekeeper").send(f"{path}/proposal"), 422, "counted-differently")
    tally(sign_in("technician"), path, world, "tube", 181)
    hand_in(sign_in, path)
    approve(sign_in("supervisor"), path)
    assert balance(app, "tube") == 181


def test_two_who_agree_need_no_third(sign_in, world):
    path = begin(sign_in, world)
    tally(sign_in("technician"), path, world, "tube", 190)
    tally(sign_in("second"), path, world, "tube", "190.0")
    hand_in(sign_in, path)


@pytest.mark.parametrize("login", ["technician", "storekeeper", "supervisor", "second"])
def test_whoever_counts_blind_is_not_told_what_the_books_have(world, sign_in, login):
    path = begin(sign_in, world, blind="1")
    for view in (path, f"{path}?counted=1", "/stock/counts"):
        html = sign_in(login).page(view).html
        assert "LED灯管" in html or view != path
        assert not [number for number in ("190", "475", ">30<") if number in _visible(html)]
    told = [f"/stock/items/{world.items['tube']}", "/stock", "/stock?q=LED"]
    hides = ["190" not in _visible(sign_in(login).page(view).html) for view in told]
    assert hides == [login != "supervisor"] * len(told)  # who approves and has not counted may look
    tally(sign_in("storekeeper"), path, world, "tube", 7)
    hand_in(sign_in, path)
    assert "190" in _visible(sign_in(login).page("/stock").html)
    assert sign_in("storekeeper").get(f"{path}/differences").status_code == 403
    assert "190" in sign_in("supervisor").page(f"{path}/differences").text


def test_whoever_does_not_count_blind_sees_the_books(world, sign_in):
    assert "190" in sign_in("storekeeper").page(begin(sign_in, world)).text
    assert "190" not in _visible(sign_in("technician").page(begin(sign_in, world)).html)


def _visible(html):
    """The main part without ids and times, which may hold any digits."""
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|datetime="[^"]*"|PD-[0-9-]+', "", main)


@pytest.mark.parametrize("login", ["technician", "storekeeper", "requester", "administrator"])
def test_others_do_not_approve(sign_in, counted, login):
    hand_in(sign_in, counted)
    refused(sign_in(login).send(f"{counted}/approval", {"fingerprint": "x"}), 403, "may-not")


def test_whoever_counted_does_not_approve(world, sign_in, counted):
    tally(sign_in("supervisor"), counted, world, "cable", 475)
    hand_in(sign_in, counted)
    refused(sign_in("supervisor").send(f"{counted}/approval", {"fingerprint": "x"}), 403, "own-count")
    refused(sign_in("supervisor").send(f"{counted}/return", {"note": "再数"}), 403, "own-count")
    assert sign_in("supervisor").page(f"{counted}/differences").all("input", name="fingerprint") == []
    approve(sign_in("manager"), counted)


def test_differences_that_changed_are_shown_again(app, world, sign_in, counted):
    hand_in(sign_in, counted)
    boss, before = sign_in("supervisor"), datetime.now(UTC) - timedelta(minutes=2)
    seen = shown(boss, counted)
    tally(sign_in("second"), counted, world, "cable", 470, made_at=before)
    refused(boss.send(f"{counted}/approval", seen), 422, "changed")
    assert balance(app, "tube") == 190
    approve(boss, counted)
    assert balance(app, "cable") == 470


def test_it_is_approved_once(app, sign_in, counted):
    hand_in(sign_in, counted)
    boss = sign_in("supervisor")
    seen = shown(boss, counted)
    accepted(boss.send(f"{counted}/approval", seen))
    refused(boss.send(f"{counted}/approval", seen), 422, "wrong-state")
    assert one(app, "SELECT COUNT(*) FROM postings WHERE reason = 'count'") == 1


def test_sent_back_with_words_it_is_counted_again(world, sign_in, counted):
    hand_in(sign_in, counted)
    refused(sign_in("technician").send(f"{counted}/entries", found(world, "tube", 1)), 422, "count-closed")
    refused(sign_in("supervisor").send(f"{counted}/return"), 422, "words-missing")
    accepted(sign_in("supervisor").send(f"{counted}/return", {"note": "灯管请再数一遍"}))
    assert "灯管请再数一遍" in sign_in("technician").page(counted).text
    tally(sign_in("technician"), counted, world, "tube", 190)


def test_a_count_given_up_takes_no_more(world, sign_in, counted):
    accepted(sign_in("storekeeper").send(f"{counted}/cancellation"))
    refused(sign_in("technician").send(f"{counted}/entries", found(world, "tube", 1)), 422, "count-closed")
    refused(sign_in("storekeeper").send(f"{counted}/cancellation"), 422, "wrong-state")


@pytest.mark.parametrize("quantity", ["", "-1", "x", "1e9", "100001", "0.0001", "NaN"])
def test_quantities_nobody_counts(world, sign_in, quantity):
    path = begin(sign_in, world)
    refused(sign_in("technician").send(f"{path}/entries", found(world, "tube", quantity)), 422, "quantity")


def test_what_is_unknown_is_refused(world, sign_in, counted):
    client, fields = sign_in("technician"), found(world, "tube", 1)
    unseen(client.send(f"{counted}/entries", fields | {"item_id": some_id()}))
    refused(client.send(f"{counted}/entries", fields | {"item_id": ""}), 422, "item-missing")
    unseen(client.send(f"/stock/counts/{some_id()}/entries", fields))
    accepted(client.send(f"{counted}/entries", fields))
    refused(client.send(f"{counted}/entries", fields), 422, "entry-known")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"scope": ""}, "choice-missing"),
        ({"scope": "bin"}, "choice-missing"),
        ({"scope": "category", "category": "没有"}, "nothing"),
        ({"due": "tomorrow"}, "day"),
        ({"account_id": "supplier"}, "wrong-source"),
    ],
)
def test_counts_that_cannot_begin(world, sign_in, fields, code):
    plan = {"count_id": str(new_id()), "account_id": "store", "scope": "full"} | fields
    plan["account_id"] = str(world.accounts[plan["account_id"]])
    refused(sign_in("storekeeper").send("/stock/counts", plan), 422, code)


def test_other_sites_count_for_themselves(world, sign_in, counted):
    plan = {"count_id": str(new_id()), "account_id": str(world.accounts["south-store"]), "scope": "full"}
    unseen(sign_in("storekeeper").send("/stock/counts", plan))
    for path in (counted, f"{counted}/differences"):
        unseen(sign_in("outsider").get(path))
    unseen(sign_in("outsider").send(f"{counted}/entries", found(world, "tube", 1)))
    assert "员工storekeeper" not in sign_in("outsider").page("/stock/counts").text


def test_a_bag_and_a_category_can_be_counted(app, world, sign_in):
    path = begin(sign_in, world, account_id=str(world.accounts["bag"]), scope="category", category="电工")
    tally(sign_in("storekeeper"), path, world, "tube", 9)
    hand_in(sign_in, path)
    approve(sign_in("supervisor"), path)
    assert balance(app, "tube", "bag") == 9


def test_a_store_is_due_again_a_quarter_after_its_last_full_count(sign_in, counted):
    assert "还没有做过全面盘点" in sign_in("storekeeper").page("/stock/counts").text
    hand_in(sign_in, counted)
    approve(sign_in("supervisor"), counted)
    assert "还没有做过全面盘点" not in sign_in("storekeeper").page("/stock/counts").text


def test_phones_take_open_counts_along_and_learn_of_every_entry(world, sign_in, counted):
    def revision():
        return dict(sign_in("technician").get("/sync/manifest").get_json()["pages"]).get(counted)

    before = revision()
    assert before
    tally(sign_in("second"), counted, world, "cable", 475)
    assert revision() not in (None, before)
    hand_in(sign_in, counted)
    assert revision() is None


@pytest.mark.parametrize("statement", ["UPDATE count_entries SET quantity = 1", "DELETE FROM count_entries"])
def test_what_was_counted_stays_as_it_was_written(app, counted, statement):
    with app.app_context(), db.engine.begin() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))
    assert one(app, "SELECT COUNT(*) FROM count_entries WHERE quantity > 1000") == 2
