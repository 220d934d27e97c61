"""Templates: made, changed, copied, retired; what they ever said is kept."""

from dataclasses import replace

import pytest

from crew_app.core.clock import server_moment
from crew_app.core.db import write_transaction
from crew_app.core.errors import Forbidden, Refused
from crew_app.rounds import templates
from crew_app.rounds.content import Words
from crew_app.rounds.reading import read

NIGHT = read("""{"format": "crew-round/1", "code": "night", "name": {"zh": "夜巡", "en": "Night patrol"},
    "category": "patrol", "stops": [{"key": "gate", "title": "大门", "where": {"place": "north-B1-701"},
    "checks": [{"key": "shut", "kind": "yes-no", "label": "门关好"}]}]}""")
LATER = replace(NIGHT, name=Words("夜间巡逻", "Night patrol"))


@pytest.fixture
def writing(app):
    with app.app_context(), write_transaction():
        yield


@pytest.fixture
def night(writing, world):
    return templates.create(world.sites["north"], NIGHT, by=world.person("supervisor"), at=server_moment())


def test_a_change_is_a_new_version_and_the_same_content_is_none(night, world):
    boss, at = world.person("manager"), server_moment()
    assert templates.change(night, NIGHT, by=boss, at=at).number == 1
    assert templates.change(night, LATER, " shorter ", by=boss, at=at, based_on=1).number == 2
    assert (night.name, night.version) == ("夜间巡逻", 2)
    assert [templates.version(night, number).content for number in (1, 2)] == [NIGHT, LATER]
    assert templates.current(night).note == "shorter"


def test_who_changed_an_older_version_hears_of_the_newer_one(night, world):
    boss, at = world.person("supervisor"), server_moment()
    templates.change(night, LATER, by=boss, at=at, based_on=1)
    with pytest.raises(Refused) as refusal:
        templates.change(night, replace(NIGHT, ordered=True), by=boss, at=at, based_on=1)
    assert refusal.value.code == "changed-meanwhile"
    assert templates.current(night).content == LATER


def test_a_code_that_is_taken_gets_a_number_and_is_refused_in_a_change(night, world):
    boss, at = world.person("supervisor"), server_moment()
    codes = [templates.create(night.site_id, NIGHT, by=boss, at=at).code for _ in range(2)]
    long = replace(NIGHT, code="a" * 40)
    codes += [templates.create(night.site_id, long, by=boss, at=at).code for _ in range(2)]
    assert codes == ["night-2", "night-3", "a" * 40, "a" * 38 + "-2"]
    assert templates.create(world.sites["south"], NIGHT, by=None, at=at).code == "night"
    with pytest.raises(Refused):
        templates.change(night, replace(NIGHT, code="night-2"), by=boss, at=at)


def test_a_copy_says_the_same_under_another_name(night, world):
    made = templates.copy(night, by=world.person("supervisor"), at=server_moment())
    assert (made.code, made.name, made.name_en) == ("night-2", "夜巡（副本）", "Night patrol (copy)")
    assert templates.current(made).content.stops == NIGHT.stops


def test_a_template_is_retired_and_taken_up_again(night, world):
    boss, at = world.person("supervisor"), server_moment()
    templates.retire(night, by=boss, at=at)
    assert night.retired_at == at.at
    templates.restore(night, by=boss)
    assert night.retired_at is None


@pytest.mark.parametrize("login", ["technician", "guard", "outsider"])
def test_who_does_not_plan_rounds_changes_nothing(night, world, login):
    with pytest.raises(Forbidden):
        templates.change(night, LATER, by=world.person(login), at=server_moment())
