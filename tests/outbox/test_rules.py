"""What is sent next and what an answer means, asked from the module itself in a browser."""

import pytest

pytestmark = pytest.mark.browser

PICK = """(wanted) => {
  const now = 1000;
  const named = (name, more) => item({ key: name, ...more });
  const shot = (name, after, more) => photo(after, { key: name, ...more });
  const cases = {
    nothing: [],
    first: [named("a", { subject: "x" }), named("b", { subject: "y" })],
    behind: [named("a", { subject: "x", due: 2000 }), named("b", { subject: "x" }), named("c", { subject: "y" })],
    refused_before: [named("a", { subject: "x", state: "refused" }), named("b", { subject: "x" })],
    without_subject: [named("a", { subject: "", due: 2000 }), named("b", { subject: "" })],
    just_due: [named("a", { due: 1000 })],
    not_due: [named("a", { due: 1001 })],
    command_first: [shot("p", "gone", {}), named("a", {})],
    photo_waits: [named("a", { due: 2000 }), shot("p", "a", {})],
    photo_goes: [named("a", { due: 2000 }), shot("p", "sent", {})],
    photo_not_due: [shot("p", "sent", { due: 2000 }), shot("q", "sent", {})],
    photo_without: [shot("p", undefined, {})],
  };
  const picked = ([name, items]) => [name, m.rules.pick(items, now)?.key ?? null];
  return Object.fromEntries(Object.entries(cases).map(picked));
}"""


def test_which_one_is_sent_next(page):
    assert page.evaluate(PICK) == {
        "nothing": None,
        "first": "a",
        "behind": "c",
        "refused_before": None,
        "without_subject": "b",
        "just_due": "a",
        "not_due": None,
        "command_first": "a",
        "photo_waits": None,
        "photo_goes": "p",
        "photo_not_due": "q",
        "photo_without": "p",
    }


HELD_UP = """() => {
  const named = (name, more) => item({ key: name, ...more });
  const before = named("a", { seq: 1, state: "refused" });
  const other = named("o", { seq: 1, state: "refused", subject: "t2" });
  const fine = named("f", { seq: 1 });
  const mine = named("b", { seq: 2 });
  const shot = photo("b", { key: "p", seq: 3 });
  const first = named("n", { seq: undefined });
  const none = [named("x", { seq: 1, subject: "", state: "refused" }), named("y", { seq: 2, subject: "" })];
  const shotBefore = photo("zz", { key: "q", seq: 1, state: "refused" });
  const held = (item, items) => m.rules.isHeldUp(item, items);
  return {
    behind: held(mine, [before, mine]), behind_other: held(mine, [other, mine]), behind_fine: held(mine, [fine, mine]),
    refused: held({ ...mine, state: "refused" }, [before, mine]), itself: held(mine, [{ ...mine, state: "refused" }]),
    later: held({ ...mine, seq: 0 }, [before]), unnumbered: held(first, [{ ...before, seq: undefined }]),
    unnumbered_before: held(mine, [{ ...before, seq: undefined }]), unnumbered_after: held(first, [before]),
    photo: held(shot, [before, mine, shot]), photo_refused: held(shot, [{ ...mine, state: "refused" }, shot]),
    photo_fine: held(shot, [mine, shot]), photo_alone: held(shot, [before, shot]), no_subject: held(none[1], none),
    photo_before: held(mine, [shotBefore, mine]),
  };
}"""


def test_what_waits_for_a_decision(page):
    assert [name for name, held in page.evaluate(HELD_UP).items() if held] == [
        "behind",
        "unnumbered_before",
        "photo",
        "photo_refused",
    ]


def test_how_long_to_wait_and_to_be_patient(page):
    assert page.evaluate("[0, 1, 2, 3, 8, 9, 99].map(m.rules.backOff)") == [
        *(2000, 2000, 4000, 8000, 256_000, 300_000, 300_000)
    ]
    assert page.evaluate("[m.rules.patience(item()), m.rules.patience(photo('a', { size: 500_000 }))]") == [
        60_000,
        70_000,
    ]


JUDGE = """async ([status, headers, text]) => {
  const body = [204, 205, 304].includes(status) ? null : text;
  const response = new Response(body, { status, headers: { "Date": "Mon, 02 Mar 2026 08:00:00 GMT", ...headers } });
  return m.rules.judge(response, "k1");
}"""
OURS = {"Crew-Receipt": "k1"}
PLAIN = OURS | {"Content-Type": "text/plain; charset=utf-8", "Crew-Refusal": "not-enough"}
SENT = {"kind": "sent", "location": "", "held": "", "date": 1772438400000}
DOWN, LATER = {"kind": "down"}, {"kind": "later"}


def refused(status, code="", reason=""):
    return {"kind": "refused", "refusal": {"status": status, "code": code, "reason": reason}}


@pytest.mark.parametrize(
    ("status", "headers", "text", "verdict"),
    [
        (200, OURS | {"Crew-Location": "/t", "Crew-Held": "clash"}, "", SENT | {"location": "/t", "held": "clash"}),
        (201, OURS, "", SENT),
        (200, {}, "welcome to the portal", DOWN),
        (200, {"Crew-Receipt": "other"}, "", DOWN),
        (302, OURS, "", {"kind": "session"}),
        (300, {}, "", {"kind": "session"}),
        (399, {}, "", {"kind": "session"}),
        (401, {}, "", {"kind": "session"}),
        (403, {}, "", {"kind": "session"}),
        (401, OURS, "", refused(401)),
        (403, PLAIN, " no \n", refused(403, "not-enough", "no")),
        (422, PLAIN, "x" * 600, refused(422, "not-enough", "x" * 500)),
        (422, OURS | {"Content-Type": "text/html"}, "<p>", refused(422)),
        (404, OURS, "", refused(404)),
        (404, {}, "", LATER),
        (400, {}, "", LATER),
        (413, {}, "", refused(413, "too-large")),
        (413, PLAIN, "big", refused(413, "not-enough", "big")),
        (500, OURS, "", LATER),
        (500, {"Retry-After": "7"}, "", LATER | {"wait": 7000}),
        (501, OURS, "", DOWN),
        (502, {}, "", DOWN),
        (503, {"Retry-After": "30"}, "", DOWN | {"wait": 30_000}),
        (507, OURS, "", DOWN),
        (409, OURS, "", LATER),
        (409, {}, "", LATER),
        (408, OURS, "", DOWN),
        (425, OURS, "", DOWN),
        (429, {"Retry-After": "soon"}, "", DOWN),
        (426, OURS, "", refused(426)),
    ],
)
def test_what_an_answer_means(page, status, headers, text, verdict):
    found = page.evaluate(JUDGE, [status, headers, text])
    assert {name: value for name, value in found.items() if value is not None} == verdict


def test_whatever_the_browser_did_not_follow_asks_for_a_sign_in(page, lab):
    lab.answer({"status": 302, "headers": {"Location": "/login"}, "ours": True})
    script = "async () => m.rules.judge(await fetch('/x', { method: 'POST', redirect: 'manual' }), 'k')"
    assert page.evaluate(script) == {"kind": "session"}


def test_the_servers_clock_the_first_of_two_and_ours_without_one(page):
    script = "(date) => m.rules.serverTime(new Headers(date ? { Date: date } : {}))"
    first, other = "Mon, 02 Mar 2026 08:00:00 GMT", "Mon, 02 Mar 2026 09:00:00 GMT"
    assert page.evaluate(script, first) == page.evaluate(script, f"{first}, {other}") == 1772438400000
    for nothing in ("", "yesterday"):
        assert abs(page.evaluate(script, nothing) - page.evaluate("Date.now()")) < 60_000
