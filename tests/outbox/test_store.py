"""What is kept on the phone: nothing half, nothing of another, and what replaces something takes its place."""

import pytest

pytestmark = pytest.mark.browser


def test_a_command_its_photos_and_the_end_of_its_draft_are_one(page):
    found = page.evaluate(
        """async () => {
          const db = await m.database.database();
          await db.put("drafts", { id: "d1" });
          await db.put("drafts", { id: "d2" });
          const shot = { item: photo("a", { key: "p", blob: "b1" }), bytes: new ArrayBuffer(3) };
          await m.store.save(item({ key: "a" }), [shot], { draft: "d1" });
          return [await left(), (await db.getAllKeys("drafts")), (await m.store.photoBytes("b1")).byteLength, news];
        }"""
    )
    assert found == [["a", "p"], ["d2"], 3, [{"type": "outbox"}]]


def test_when_a_part_cannot_be_saved_nothing_is(page):
    found = page.evaluate(
        """async () => {
          const bad = { item: photo("a", { key: "p", blob: () => 1 }), bytes: new ArrayBuffer(3) };
          const failed = await m.store.save(item({ key: "a" }), [bad]).then(() => "", (error) => error.name);
          return [failed, await left(), news];
        }"""
    )
    assert found[0]
    assert found[1:] == [[], []]


def test_what_replaces_a_refused_one_takes_its_place_and_its_photos_go(page):
    found = page.evaluate(
        """async () => {
          const shot = { item: photo("a", { key: "p", blob: "b1" }), bytes: new ArrayBuffer(3) };
          await m.store.save(item({ key: "a", state: "refused" }), [shot]);
          const other = { item: photo("z", { key: "q", blob: "b2" }), bytes: new ArrayBuffer(1) };
          await m.store.save(item({ key: "b" }), [other]);
          await m.store.save(item({ key: "c" }), [], { replaces: "a" });
          return [await left(), (await m.store.photoBytes("b1")) ?? null, (await m.store.photoBytes("b2")).byteLength];
        }"""
    )
    assert found == [["c", "b", "q"], None, 1]


@pytest.mark.parametrize("state", ["waiting", "gone"])
def test_what_is_being_sent_or_gone_cannot_be_replaced(page, state):
    found = page.evaluate(
        """async (state) => {
          if (state === "waiting") await m.store.save(item({ key: "a" }), []);
          const saving = m.store.save(item({ key: "b" }), [], { replaces: "a" });
          const failed = await saving.then(() => null, (error) => error instanceof m.store.Gone);
          return [failed, await left()];
        }""",
        state,
    )
    assert found == [True, ["a"] if state == "waiting" else []]


def test_a_discarded_one_goes_with_its_photos_and_the_word_about_it_joins_the_line(page):
    found = page.evaluate(
        """async () => {
          const shot = { item: photo("a", { key: "p", blob: "b1" }), bytes: new ArrayBuffer(3) };
          await m.store.save(item({ key: "a" }), [shot]);
          await m.store.save(item({ key: "b" }), []);
          news.length = 0;
          await m.store.discard("a", item({ key: "told" }));
          await m.store.discard("a", item({ key: "told twice" }));
          return [await left(), (await m.store.photoBytes("b1")) ?? null, news.length];
        }"""
    )
    assert found == [["b", "told"], None, 2]


def test_a_change_of_what_is_gone_brings_nothing_back(page):
    found = page.evaluate(
        """async () => {
          await m.store.save(item({ key: "a" }), []);
          await m.store.update("a", { attempts: 4 });
          await m.store.update("b", { attempts: 4 });
          return (await m.store.allItems()).map(({ key, attempts, label }) => [key, attempts, label]);
        }"""
    )
    assert found == [["a", 4, "Note"]]


def test_a_receipt_is_kept_even_if_the_entry_is_gone_already(page):
    found = page.evaluate(
        """async () => {
          await m.store.finish(item({ key: "a", about: "WX-1", label: "L", from: ["open"], to: "accepted" }),
            { location: "/x", date: 5, held: "rights" });
          return m.store.receiptOf("a");
        }"""
    )
    assert found.pop("at") > 0
    assert {name: value for name, value in found.items() if value is not None} == {
        "key": "a",
        "person": "p1",
        "subject": "t1",
        "label": "L",
        "from": ["open"],
        "to": "accepted",
        "about": "WX-1",
        "location": "/x",
        "held": "rights",
        "date": 5,
    }


UNDO = """async ([undo, state, ahead]) => {
  const due = Date.now() + ahead;
  await m.store.save(item({ key: "a", undo, state, due }), []);
  news.length = 0;
  const done = await m.store.takeBack("a", { id: "d" });
  const drafts = await (await m.database.database()).getAllKeys("drafts");
  return [done, await left(), drafts, news.length];
}"""


@pytest.mark.parametrize(
    ("undo", "state", "ahead", "possible"),
    [
        (True, "waiting", 60_000, True),
        (False, "waiting", 60_000, False),
        (True, "refused", 60_000, False),
        (True, "waiting", -1, False),
    ],
)
def test_taking_back_is_possible_until_it_is_due(page, undo, state, ahead, possible):
    assert page.evaluate(UNDO, [undo, state, ahead]) == ([True, [], ["d"], 1] if possible else [False, ["a"], [], 0])


def test_nothing_can_be_undone_at_the_moment_it_is_due(page):
    script = "m.store.canUndo(item({ undo: true, due: 5 }), 5)"
    assert page.evaluate(script) is False
    assert page.evaluate("m.store.canUndo(undefined, 5)") is False


def test_receipts_by_person_and_by_subject_and_the_old_ones_go(page):
    found = page.evaluate(
        """async () => {
          const db = await m.database.database();
          const day = 24 * 3600 * 1000;
          const at = (key, days, more = {}) =>
            ({ key, person: "p1", subject: "t1", at: Date.now() - days * day, ...more });
          const others = [at("c", 2, { person: "p2" }), at("d", 0.5, { subject: "t2" })];
          const all = [at("old", 7.1), at("a", 6.9), at("b", 1), ...others];
          for (const one of all) await db.put("receipts", one);
          const keys = (list) => list.map(({ key }) => key);
          const since = Date.now() - 3 * day;
          const exact = (await m.store.receiptOf("b")).at;
          const before = [keys(await m.store.receiptsSince("p1", since)), keys(await m.store.receiptsAbout("t1"))];
          await m.store.forgetOldReceipts();
          return [...before, keys(await m.store.receiptsSince("p1", exact)), (await db.getAllKeys("receipts")).sort()];
        }"""
    )
    assert found == [["d", "b"], ["old", "a", "c", "b"], ["d", "b"], ["a", "b", "c", "d"]]


def test_entries_are_those_of_one_person_in_order(page):
    found = page.evaluate(
        """async () => {
          const all = [["a", "p1"], ["b", "p2"], ["c", "p1"]];
          for (const [key, person] of all) await m.store.save(item({ key, person }), []);
          return [(await m.store.itemsOf("p1")).map(({ key }) => key), (await m.store.itemByKey("b")).person];
        }"""
    )
    assert found == [["a", "c"], "p2"]


def test_a_setting_is_kept_until_it_is_forgotten(page):
    found = page.evaluate(
        """async () => {
          await m.database.setSetting("x", 0);
          const kept = await m.database.setting("x");
          await m.database.setSetting("x", undefined);
          return [kept, (await (await m.database.database()).getAllKeys("settings")).includes("x")];
        }"""
    )
    assert found == [0, False]


def test_a_newer_page_may_take_the_database_and_it_is_opened_anew(page):
    found = page.evaluate(
        """async () => {
          const first = await m.database.database();
          const again = (await m.database.database()) === first;
          const stores = [...first.objectStoreNames].sort();
          const { deleteDB } = await import("/idb.js");
          await deleteDB("crew");
          const fresh = await m.database.database();
          return [again, fresh === first, stores, [...fresh.objectStoreNames].sort().length];
        }"""
    )
    stores = ["blobs", "directory", "drafts", "items", "receipts", "settings"]
    assert found == [True, False, stores, 6]


def test_a_sign_in_of_somebody_else_takes_the_pages_of_others_and_signing_out_all(page):
    found = page.evaluate(
        """async () => {
          const names = async () => (await caches.keys()).sort();
          for (const name of ["crew-pages-p1", "crew-pages-p2", "crew-assets"]) await caches.open(name);
          await (await m.database.database()).put("directory", 1, "x");
          await m.session.seen("p2", Date.now() + 10);
          const after = [await names(), (await (await m.database.database()).getAllKeys("directory")).length];
          await m.session.seen("", Date.now() + 20);
          const nobody = await names();
          await m.session.seen("p2", Date.now() + 30);
          news.length = 0;
          await m.session.seen("p2", Date.now() + 40);
          const same = news.length;
          await new Promise((go) => setTimeout(go, 50));
          await m.session.signedOut();
          return [...after, nobody, same, await names(), await m.session.whoami(), news];
        }"""
    )
    assert found[:4] == [["crew-assets", "crew-pages-p2"], 0, ["crew-assets", "crew-pages-p2"], 0]
    assert found[4] == ["crew-assets"]
