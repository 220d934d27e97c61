"""Templates on the screen: made, read, changed, copied, taken from the library and from files."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest

from crew_app.core.ids import new_id
from crew_app.rounds.content import StopPlan, Words
from crew_app.rounds.reading import read
from crew_app.routes import round_library
from tests.support.client import SAME_ORIGIN, UNKNOWN_ID, accepted, path_of, refused, some_id, unseen
from tests.support.round_templates import NIGHT, TEMPLATES, make_template, save, written


@pytest.fixture
def path(sign_in):
    return make_template(sign_in)


@pytest.fixture
def library(monkeypatch):
    """A library of one: a gate without a place, and the pumps."""
    night = read(written())
    gate = StopPlan("gate", Words("大门", "Gate"))
    monkeypatch.setattr(round_library, "ready", lambda: (replace(night, stops=(gate, night.stops[1])),))


def upload(client, content):
    file = (io.BytesIO(content if isinstance(content, bytes) else content.encode()), "t.json")
    return client.form(
        f"{TEMPLATES}/imports", {"template_id": some_id(), "file": file}, content_type="multipart/form-data"
    )


def test_a_template_is_shown_as_the_crew_will_see_it(sign_in, path):
    text = sign_in("technician").page(path).text
    for words in ("夜巡", "巡逻", "大门", "门关好", "701室", "温度", "5–35"):
        assert words in text
    assert "夜巡" in sign_in("guard").page(TEMPLATES).text
    assert "夜巡" not in sign_in("guard").page(f"{TEMPLATES}?q=锅炉").text


def test_versions_say_who_changed_what(sign_in, path):
    stop = NIGHT["stops"][0]
    warmer = [{**stop, "checks": [stop["checks"][0], stop["checks"][1] | {"high": "40"}]}]
    accepted(save(sign_in("manager"), path, stops=warmer))
    client = sign_in("technician")
    client.language = "en"
    text = client.page(path).text
    assert "大门" not in text
    assert "Gate › 温度: upper limit 35 → 40" in text
    assert "水泵: Stop removed" in text
    assert "Manager" in text
    assert "upper limit" not in client.page(f"{path}?version=1").text.split("Version history")[0]


def test_what_is_saved_as_it_was_makes_no_version(sign_in, path):
    for _ in range(2):
        accepted(save(sign_in("supervisor"), path))
    assert "版本 2" not in sign_in("supervisor").page(path).text
    assert sign_in("supervisor").get(f"{path}?version=2").status_code == 404


def test_a_clash_is_told_and_both_stay(sign_in, path):
    accepted(save(sign_in("manager"), path, code="night", ordered=True))
    boss = sign_in("supervisor")
    mine = {"live": True}
    words = refused(save(boss, path, **mine), 422, "changed-meanwhile")
    assert "员工manager" in words
    preview = boss.post(f"{TEMPLATES}/preview", data=_asked(path, **mine), headers=SAME_ORIGIN)
    assert "员工manager" in preview.get_data(as_text=True)
    assert "clash" in preview.get_data(as_text=True)
    copy = accepted(save(boss, path, clash="copy", **mine), 201)
    assert copy != path
    accepted(save(boss, path, clash="over", **mine))
    exported = json.loads(boss.get(f"{path}/document").get_data(as_text=True))
    assert exported["live"]
    assert "ordered" not in exported
    assert json.loads(boss.get(f"{path}/document?version=2").get_data(as_text=True))["ordered"]


def _asked(path, **changes):
    return {"template_id": path.rsplit("/", 1)[1], "document": written(**changes), "based_on": "1", "stop": "0"}


def test_a_template_is_handed_on_as_a_file(sign_in, path):
    boss = sign_in("supervisor")
    exported = boss.get(f"{path}/document")
    assert exported.headers["Content-Disposition"] == "attachment; filename=night-v1.json"
    made = path_of(upload(boss, b"\xef\xbb\xbf" + exported.get_data()))
    again = boss.get(f"{made}/document").get_data(as_text=True)
    assert read(again) == replace(read(written()), code="night-2")


def test_what_is_wrong_is_named_in_the_language_of_the_person(sign_in):
    client = sign_in("supervisor")
    wrong = [{**NIGHT["stops"][0], "checks": [{"key": "a", "kind": "number", "label": "x", "low": "much"}]}]
    words = refused(client.send(TEMPLATES, {"template_id": some_id(), "document": written(stops=wrong)}), 422)
    assert "第1站" in words
    assert "(stops[0].checks[0].low)" in words
    client.language = "en"
    words = refused(client.send(TEMPLATES, {"template_id": some_id(), "document": written(stops=wrong)}), 422)
    assert "Stop 1, check 1, lower limit (stops[0].checks[0].low): a number is expected here" in words


NO_NUMBERS: tuple[Any, ...] = ("1e99", "NaN", "Infinity", True, [], {}, "1" * 5_000, "0.00001")
HOSTILE = [
    "",
    "[]",
    "null",
    "{" * 5_000,
    "[" * 200_000,
    '{"a":' * 50_000,
    '{"format": "crew-round/1", "format": "crew-round/1"}',
    written(name="夜\x00巡"),
    written(name="half").replace("half", r"\ud800"),
    written(name={"zh": ["x"]}),
    written(code="../../etc"),
    written(category=["patrol"]),
    written(category={"a": {}}),
    written(stops={}),
    written(stops=[7]),
    written(roles=[[]]),
    written(trade=1e400),
    written(suggested=[{"rule": "x", "times": ["25:00"]}]),
    *(written(stops=[NIGHT["stops"][0] | {"opens": value}]) for value in (-1, 10**30, 1.5, True, "8")),
    *(
        written(
            stops=[{"key": "a", "title": "x", "checks": [{"key": "b", "kind": "number", "label": "y"} | {"low": low}]}]
        )
        for low in NO_NUMBERS
    ),
    '{"format": "crew-round/1", "code": "a", "name": "x", "stops": [], "x": 1e99999999999999999999}',
    f'{{"a": {"9" * 5_000}}}',
    '{"a": NaN}',
    "x" * 500_000,
]


@pytest.mark.parametrize("document", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_refused_in_words(sign_in, document):
    client = sign_in("supervisor")
    client.lints = False
    data = document.encode("utf-8", "surrogatepass")
    response = upload(client, data)
    assert response.status_code == 422, response.status
    if len(document) < 50_000:
        refused(client.send(TEMPLATES, {"template_id": some_id(), "document": data}), 422)


def test_the_library_is_browsed_and_a_ready_one_used(sign_in, library):
    client = sign_in("manager")
    assert "夜巡" in client.page(f"{TEMPLATES}/library?category=patrol&q=夜").text
    assert "夜巡" not in client.page(f"{TEMPLATES}/library?category=log").text
    assert "大门" in client.page(f"{TEMPLATES}/library?code=night").text
    fields = {"template_id": some_id(), "ready": "night", "stop": "gate", "where": "north-B1-702"}
    made = accepted(client.send(f"{TEMPLATES}/adoptions", fields), 201)
    assert "702室" in client.page(made).text
    pump = accepted(client.send(f"{TEMPLATES}/adoptions", fields | {"template_id": some_id(), "where": "pump"}), 201)
    assert "增压泵" in client.page(pump).text
    assert "night-2" in client.page(pump).text
    wrong = fields | {"template_id": some_id(), "where": "south-B1-701"}
    refused(client.send(f"{TEMPLATES}/adoptions", wrong), 422, "unknown-place")
    unseen(client.send(f"{TEMPLATES}/adoptions", fields | {"ready": "nothing"}))
    unseen(client.get(f"{TEMPLATES}/library?code=nothing"))


def test_the_editor_comes_with_what_was_said(sign_in, path):
    page = sign_in("supervisor").page(f"{path}/editor")
    (source,) = page.all("textarea", name="document")
    assert json.loads(source.text)["stops"][0]["key"] == "gate"
    names = json.loads(page.form(f"{path}/versions").get("data-names"))
    assert names["place:north-B1-701"] == "north-B1-701 · 701室"
    sign_in("supervisor").page(f"{TEMPLATES}/new")


def test_the_preview_shows_a_template_or_where_it_is_wrong(sign_in):
    client = sign_in("supervisor")
    shown = client.post(f"{TEMPLATES}/preview", data={"document": written(), "stop": "1"}, headers=SAME_ORIGIN)
    assert "门关好" in shown.get_data(as_text=True)
    wrong = client.post(f"{TEMPLATES}/preview", data={"document": written(code="Ä")}, headers=SAME_ORIGIN)
    assert "(code)" in wrong.get_data(as_text=True)


def test_places_are_searched_within_the_own_site(sign_in):
    page = sign_in("supervisor").page(f"{TEMPLATES}/places?q=70")
    codes = [button.get("data-code") for button in page.all("button") if button.get("data-code")]
    assert codes == ["north-B1-701", "north-B1-702"]
    found = sign_in("supervisor").page(f"{TEMPLATES}/places?q=pump")
    assert [one.get("data-pick") for one in found.all("button") if one.get("data-code")] == ["asset", "kind"]
    assert not sign_in("supervisor").page(f"{TEMPLATES}/places").all("button", data_pick="place")


def test_a_template_is_copied_retired_and_taken_up_again(sign_in, path):
    boss = sign_in("supervisor")
    copy = accepted(boss.send(f"{path}/copies", {"copy_id": str(new_id())}), 201)
    assert "夜巡（副本）" in boss.page(copy).text
    accepted(boss.send(f"{path}/retirement"))
    assert "night-2" in boss.page(TEMPLATES).text
    assert path not in boss.page(TEMPLATES).html
    assert path in boss.page(f"{TEMPLATES}?retired=1").html
    accepted(boss.send(f"{path}/restoration"))
    assert path in boss.page(TEMPLATES).html


CHANGES = ("versions", "copies", "retirement", "restoration")


@pytest.mark.parametrize("what", CHANGES)
def test_others_change_nothing(sign_in, path, what):
    fields = {"document": written(), "based_on": "1", "copy_id": str(new_id())}
    assert sign_in("technician").send(f"{path}/{what}", fields).status_code == 403
    unseen(sign_in("outsider").send(f"{path}/{what}", fields))
    unseen(sign_in("supervisor").send(f"{TEMPLATES}/{UNKNOWN_ID}/{what}", fields))


def test_others_of_another_site_see_nothing(sign_in, path):
    outsider = sign_in("outsider")
    for part in ("", "/editor", "/document"):
        unseen(outsider.get(path + part))
    assert path not in outsider.page(TEMPLATES).html
    elsewhere = {"template_id": path.rsplit("/", 1)[1], "document": written()}
    unseen(outsider.post(f"{TEMPLATES}/preview", data=elsewhere, headers=SAME_ORIGIN))


def test_a_site_of_others_is_refused(sign_in, world):
    fields = {"template_id": some_id(), "document": written(), "site_id": str(world.sites["south"])}
    refused(sign_in("supervisor").send(TEMPLATES, fields), 422, "site-missing")
