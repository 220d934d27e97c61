"""Sending what waits, by the outbox's own modules in a browser: order, refusals, pauses, other people, lost answers."""

import pytest

pytestmark = pytest.mark.browser

SAVE = """async (list) => {
  for (const more of list) await m.store.save(item(more), []);
  news.length = 0;
}"""
REST = "async () => (await m.store.allItems()).map(({ key, state, attempts }) => [key, state, attempts])"
PAUSE = "m.sender.pause()"
TOLD = "() => news.map(({ type, key, why }) => [type, key ?? why ?? null])"


@pytest.fixture
def phone(page, lab):
    return Phone(page, lab)


class Phone:
    """A phone on which something is saved and sent."""

    def __init__(self, page, lab):
        self.page, self.lab = page, lab

    def save(self, *items):
        self.page.evaluate(SAVE, list(items))

    def flush(self, *answers):
        self.lab.answer(*answers)
        self.page.evaluate("m.sender.flush()")

    @property
    def rest(self):
        return [tuple(one) for one in self.page.evaluate(REST)]

    @property
    def asked(self):
        return [one["Crew-Key"] for one in self.lab.script.asked]

    def pause(self):
        return self.page.evaluate(PAUSE)

    def wait_of(self):
        return self.pause()["until"] - self.page.evaluate("Date.now()")


def test_what_waits_goes_in_order_and_leaves_receipts(phone):
    phone.save({"key": "a"}, {"key": "b"}, {"key": "c", "subject": "t2"})
    phone.flush({"status": 201, "ours": True, "headers": {"Crew-Location": "/t/1", "Crew-Held": "clash"}}, 200, 200)
    assert (phone.asked, phone.rest) == (["a", "b", "c"], [])
    kept = phone.page.evaluate("m.store.receiptOf('a')")
    assert (kept["location"], kept["held"], kept["person"], kept["subject"]) == ("/t/1", "clash", "p1", "t1")
    assert kept["date"] == 1772438400000
    assert phone.page.evaluate(TOLD) == [["sent", "a"], ["sent", "b"], ["sent", "c"]]


def test_a_request_says_whose_it_is_when_it_was_made_and_that_it_is_the_outbox(phone):
    phone.save({"key": "a", "v": 3, "body": "note=%E7%81%AF"})
    phone.flush(200)
    (asked,) = phone.lab.script.asked
    assert (asked["path"], asked["body"]) == ("/tickets/1/notes", "note=%E7%81%AF")
    named = ("Crew-Outbox", "Crew-Version", "Crew-Key", "Crew-Person", "Crew-Made-At", "Content-Type")
    assert [asked[name] for name in named] == [
        *("1", "3", "a", "p1", "2026-03-02T07:00:00.000Z", "application/x-www-form-urlencoded")
    ]
    assert abs(phone.page.evaluate("(at) => Date.now() - Date.parse(at)", asked["Crew-Sent-At"])) < 60_000


def test_a_refused_one_is_parked_with_its_reason_and_only_its_own_subject_waits(phone):
    phone.save({"key": "a"}, {"key": "b"}, {"key": "c", "subject": "t2"})
    words = {"Content-Type": "text/plain", "Crew-Refusal": "not-enough"}
    phone.flush({"status": 422, "ours": True, "headers": words, "text": "Nothing left"}, 200)
    assert phone.asked == ["a", "c"]
    assert phone.rest == [("a", "refused", 0), ("b", "waiting", 0)]
    refusal = {"status": 422, "code": "not-enough", "reason": "Nothing left"}
    assert phone.page.evaluate("m.store.itemByKey('a')")["refusal"] == refusal
    assert phone.page.evaluate(TOLD) == [["refused", "a"], ["sent", "c"]]


def test_after_a_failure_of_the_server_only_that_one_waits_longer_each_time(phone):
    phone.save({"key": "a", "attempts": 2}, {"key": "b", "subject": "t2"})
    phone.flush(500, 200)
    assert phone.asked == ["a", "b"]
    assert phone.rest == [("a", "waiting", 3)]
    due = phone.page.evaluate("async () => (await m.store.itemByKey('a')).due - Date.now()")
    assert 4_000 < due <= 8_000
    assert ["outbox", None] in phone.page.evaluate(TOLD)


def test_a_server_that_names_a_time_is_obeyed(phone):
    phone.save({"key": "a"})
    phone.flush({"status": 500, "headers": {"Retry-After": "60"}})
    assert 50_000 < phone.page.evaluate("async () => (await m.store.itemByKey('a')).due - Date.now()") <= 60_000


@pytest.mark.parametrize("answers", [(), (503,), ({"status": 200, "text": "portal"},), ({"status": 429},), (507,)])
def test_where_nothing_gets_through_all_stays_and_sending_pauses(phone, answers):
    phone.save({"key": "a"}, {"key": "b", "subject": "t2"})
    phone.flush(*answers)
    assert phone.rest == [("a", "waiting", 0), ("b", "waiting", 0)]
    assert phone.asked == ["a"]
    assert (phone.pause()["why"], phone.pause()["attempts"]) == ("down", 1)
    assert 0 < phone.wait_of() <= 2_000
    assert phone.page.evaluate(TOLD) == [["halted", "down"]]


def test_pauses_grow_until_something_gets_through(phone):
    phone.save({"key": "a"})
    for _ in range(3):
        phone.flush(503)
    assert phone.pause()["attempts"] == 3
    assert 4_000 < phone.wait_of() <= 8_000
    phone.flush(200)
    assert phone.pause() is None


def test_an_empty_outbox_asks_for_nothing_and_looks_once(phone):
    phone.page.evaluate(
        "(async () => { globalThis.looks = 0; const whole = navigator.locks.request; "
        "navigator.locks.request = (...all) => { looks++; return whole.apply(navigator.locks, all); }; "
        "await m.sender.flush(); })()"
    )
    assert phone.page.evaluate("looks") == 1


def test_a_pause_is_as_long_as_the_server_says(phone):
    phone.save({"key": "a"})
    phone.flush({"status": 503, "headers": {"Retry-After": "90"}})
    assert 80_000 < phone.wait_of() <= 90_000


@pytest.mark.parametrize(
    "answer", [{"status": 401}, {"status": 403}, {"status": 303, "headers": {"Location": "/login"}}]
)
def test_when_a_sign_in_is_asked_for_everything_is_kept(phone, answer):
    phone.save({"key": "a"}, {"key": "b", "subject": "t2"})
    phone.flush(answer)
    assert phone.rest == [("a", "waiting", 0), ("b", "waiting", 0)]
    assert phone.pause()["why"] == "session"
    assert 290_000 < phone.wait_of() <= 300_000


def test_a_refusal_ends_a_pause_too(phone):
    phone.save({"key": "a"})
    phone.flush(503)
    phone.flush(422)
    assert phone.pause() is None


def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_key(phone):
    phone.save({"key": "a"})
    phone.flush()
    phone.flush(200)
    assert phone.asked == ["a", "a"]
    assert phone.rest == []


def test_only_the_signed_in_persons_entries_go(phone):
    phone.save({"key": "a", "person": "p2"}, {"key": "b"})
    phone.flush(200, 200)
    assert phone.asked == ["b"]
    phone.page.evaluate("m.session.seen('p2', Date.now() + 1)")
    phone.flush(200)
    assert phone.asked == ["b", "a"]
    assert phone.rest == []


def test_nobody_signed_in_sends_nothing_except_what_is_handed_in(phone):
    phone.save({"key": "a"}, {"key": "b", "person": "p2"})
    phone.page.evaluate("m.session.signedOut()")
    phone.flush(200)
    assert phone.asked == []
    phone.page.evaluate("m.session.handIn('p2')")
    phone.flush(200)
    assert phone.asked == ["b"]
    phone.page.evaluate("m.session.handIn('')")
    assert phone.page.evaluate("m.session.sendingFor()") == ""


def test_older_news_about_who_is_signed_in_is_ignored(phone):
    phone.page.evaluate("m.session.seen('p3', Date.now() + 5000)")
    phone.page.evaluate("m.session.seen('p4', Date.now() - 5000)")
    assert phone.page.evaluate("m.session.whoami()") == "p3"


def test_a_photo_goes_after_its_command_with_its_bytes(phone):
    phone.page.evaluate(
        """async () => {
          const command = item({ key: "a" });
          const shot = photo("a", { key: "p", blob: "blob1" });
          await m.store.save(command, [{ item: shot, bytes: new TextEncoder().encode("pixels").buffer }]);
        }"""
    )
    phone.flush(200, 200)
    assert phone.asked == ["a", "p"]
    assert phone.lab.script.asked[1]["body"] == "pixels"
    assert phone.page.evaluate("m.store.photoBytes('blob1')") is None
    assert phone.page.evaluate("m.store.receiptOf('p')")["after"] == "a"


def test_a_photo_whose_bytes_are_gone_is_parked_and_says_so(phone):
    phone.save({"key": "p", "blob": "nothing", "after": "sent"})
    phone.flush()
    assert phone.page.evaluate("m.store.itemByKey('p')")["refusal"] == {
        "status": 0,
        "code": "photo-missing",
        "reason": "",
    }
    assert phone.asked == []


def test_two_calls_at_once_send_each_once(phone):
    phone.save({"key": "a"}, {"key": "b"})
    phone.lab.answer(200, 200)
    phone.page.evaluate("Promise.all([m.sender.flush(), m.sender.flush(), m.sender.flush()])")
    assert phone.asked == ["a", "b"]


def test_two_pages_at_once_send_each_once(phone):
    phone.save({"key": "a"}, {"key": "b"})
    phone.lab.answer(200, 200)
    other = phone.page.context.new_page()
    other.goto(f"{phone.lab.url}/lab")
    phone.page.evaluate(
        "navigator.locks.request('crew-outbox', async () => { await new Promise((go) => setTimeout(go, 50)); })"
    )
    other.evaluate("import('/src/outbox/sender.js').then((it) => { globalThis.done = it.flush(); })")
    phone.page.evaluate("m.sender.flush()")
    other.evaluate("globalThis.done")
    assert phone.asked == ["a", "b"]


def test_a_sign_to_send_during_sending_is_not_lost(phone):
    phone.lab.answer(200, 200)
    phone.page.evaluate(
        """async () => {
          await m.store.save(item({ key: "a" }), []);
          const sending = m.sender.flush();
          await m.store.save(item({ key: "b", subject: "t9" }), []);
          m.sender.flush();
          await sending;
        }"""
    )
    assert phone.asked == ["a", "b"]


def test_what_became_of_it_is_known_after_a_moment(phone):
    phone.save({"key": "a"}, {"key": "b", "subject": "t2"}, {"key": "c", "subject": "t3"})
    headers = {"Crew-Location": "/t/1"}
    phone.lab.answer({"status": 200, "ours": True, "headers": headers}, 422)
    assert phone.page.evaluate("m.outcome.deliver('a')") == {"kind": "sent", "location": "/t/1", "held": ""}
    assert phone.page.evaluate("m.outcome.deliver('b')")["kind"] == "refused"
    assert phone.page.evaluate("m.outcome.deliver('c')") == {"kind": "waiting"}


def test_the_next_try_is_when_the_first_is_due_and_not_within_a_pause(phone):
    assert phone.page.evaluate("m.schedule.nextTry()") is None
    phone.save({"key": "a", "due": 9000}, {"key": "b", "due": 5000}, {"key": "r", "state": "refused", "due": 1})
    assert phone.page.evaluate("m.schedule.nextTry()") == 5000
    phone.page.evaluate("m.database.setSetting('pause', { why: 'down', attempts: 1, until: 7000 })")
    assert phone.page.evaluate("m.schedule.nextTry()") == 7000
