"""The language: the person's own choice, then this browser's, then what the browser asks for; Chinese at last."""

from enum import Enum

import pytest

from crew_app.people.rules import ROLE_LABELS, TRADE_LABELS
from crew_app.places.models import PLACE_LABELS
from crew_app.stock.models import ACCOUNT_LABELS
from crew_app.tickets import rules
from crew_app.tickets.models import PHOTO_LABELS
from crew_app.web import filters
from crew_app.web.languages import named
from tests.support.client import path_of

LABELS: list[tuple[Enum, str]] = [
    pair
    for labels in (
        ROLE_LABELS,
        TRADE_LABELS,
        PLACE_LABELS,
        ACCOUNT_LABELS,
        PHOTO_LABELS,
        rules.HOLD_LABELS,
        rules.KIND_LABELS,
        rules.PRIORITY_LABELS,
        rules.STATE_LABELS,
        rules.VERB_LABELS,
    )
    for pair in labels.items()
]


def language_of(client, path="/login", **headers):
    return client.page(path, headers=headers).root.get("lang")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW", "zh-Hans"),
        ("fr,en;q=0.5", "en"),
        ("fr", "zh-Hans"),
        ("", "zh-Hans"),
    ],
)
def test_the_browser_is_listened_to(stranger, asked, shown):
    assert language_of(stranger, **{"Accept-Language": asked}) == shown


def test_a_choice_is_kept_in_the_browser(stranger):
    stranger.language = "zh-CN"
    stranger.post("/language", data={"locale": "en"})
    assert language_of(stranger) == "en"


def test_a_choice_is_kept_with_the_person_on_any_phone(sign_in):
    sign_in("technician").post("/language", data={"locale": "en"})
    assert language_of(sign_in("technician", language="zh-CN"), "/") == "en"


def test_an_unknown_language_is_refused(stranger):
    assert stranger.post("/language", data={"locale": "xx"}).status_code == 422


def test_after_choosing_one_is_back_on_the_same_page(sign_in):
    client = sign_in("technician")
    response = client.post("/language", data={"locale": "en"}, headers={"Referer": "http://localhost/tickets?x=1"})
    assert path_of(response).startswith("/tickets")


@pytest.mark.parametrize(
    "referrer", ["https://evil.example/x", "http://localhost//evil.example/x", "http://localhost/\\evil.example", ""]
)
def test_choosing_a_language_never_leads_to_another_web_site(stranger, referrer):
    response = stranger.post("/language", data={"locale": "en"}, headers={"Referer": referrer})
    assert path_of(response).startswith("/")


def test_names_are_shown_in_the_language_of_the_page(world, sign_in):
    path = f"/places/{world.places['room']}"
    assert "701室" in sign_in("technician").page(path).text
    assert "Room 701" in sign_in("technician", language="en").page(path).text


def test_what_has_no_english_name_keeps_its_chinese_one(app):
    class Thing:
        name, name_en = "水泵", ""

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert named(Thing()) == "水泵"


@pytest.mark.parametrize(("member", "words"), LABELS, ids=repr)
def test_every_member_has_its_own_words(app, member, words):
    """Members of different enumerations may be equal as text (State.OPEN and Verb.OPEN) and still differ in words."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert filters.label(member) == words
