"""A site's own words stand wherever the usual ones did, for people of that site only."""

import pytest

from crew_app.places import site_words
from tests.support.client import accepted
from tests.support.counting import sql


def words_for(sign_in, **words):
    return sign_in("administrator").send("/admin/words", words)


def test_an_own_word_is_used_on_pages(app, world, sign_in):
    accepted(words_for(sign_in, **{"zh-trade.electrical": "强电班", "en-trade.electrical": "Power team"}))
    client = sign_in("administrator")
    assert "强电班" in client.page("/people").text
    client.language = "en"
    assert "Power team" in client.page("/people").text


def test_one_language_alone_leaves_the_other_as_it_was(app, world, sign_in):
    accepted(words_for(sign_in, **{"zh-trade.electrical": "强电班", "en-trade.electrical": ""}))
    client = sign_in("administrator")
    client.language = "en"
    assert "Electrical" in client.page("/people").text


def test_another_site_keeps_the_usual_words(app, world, sign_in):
    accepted(words_for(sign_in, **{"zh-trade.electrical": "强电班", "en-trade.electrical": ""}))
    assert "强电班" not in sign_in("outsider").page("/people").text


def test_emptied_it_is_the_usual_word_again(app, world, sign_in):
    for word in ("强电班", ""):
        accepted(words_for(sign_in, **{"zh-trade.electrical": word, "en-trade.electrical": ""}))
    assert "强电班" not in sign_in("administrator").page("/people").text
    assert sql(app, "SELECT COUNT(*) FROM site_words") == [(0,)]
    trail = "SELECT before, after FROM changes WHERE kind = 'site_words' ORDER BY at, id"
    assert sql(app, trail) == [("", "强电班"), ("强电班", "")]


def test_the_usual_word_typed_again_is_none_of_its_own(app, world, sign_in):
    usual = {"zh-trade.electrical": "电工", "en-trade.electrical": "Electrical"}
    client = sign_in("administrator")
    placeholders = [field.get("placeholder") for field in client.page("/admin/words").all("input")]
    usual["zh-trade.electrical"] = placeholders[placeholders.index("Electrical") - 1]
    accepted(client.send("/admin/words", usual))
    assert sql(app, "SELECT COUNT(*) FROM site_words") == [(0,)]


@pytest.mark.parametrize("word", ["<script>alert(1)</script>", "' onload=alert(1)", "%(x)s"])
def test_hostile_words_are_words(app, world, sign_in, word):
    accepted(words_for(sign_in, **{"zh-trade.electrical": word, "en-trade.electrical": ""}))
    page = sign_in("administrator").page("/people")
    assert word in page.text
    assert "<script>alert" not in page.html


def test_a_word_has_a_length(app, world, sign_in):
    response = words_for(sign_in, **{"zh-trade.electrical": "长" * (site_words.LONGEST + 1), "en-trade.electrical": ""})
    assert (response.status_code, response.headers["Crew-Refusal"]) == (422, "word-long")


def test_unknown_keys_are_left_alone(app, world, sign_in):
    accepted(words_for(sign_in, **{"zh-nonsense.x": "啊", "en-nonsense.x": ""}))
    assert sql(app, "SELECT COUNT(*) FROM site_words") == [(0,)]


def test_without_the_right_nothing_changes(app, world, sign_in):
    assert sign_in("manager").get("/admin/words").status_code == 403
    assert sign_in("manager").send("/admin/words", {"zh-trade.electrical": "强电班"}).status_code == 403


def test_the_words_of_another_site_are_not_ones_own(app, world, sign_in):
    fields = {"site_id": str(world.sites["south"]), "zh-trade.electrical": "强电班", "en-trade.electrical": ""}
    assert sign_in("administrator").send("/admin/words", fields).status_code == 422
    assert sql(app, "SELECT COUNT(*) FROM site_words") == [(0,)]
