"""The ready templates: readable, in two languages, with units, limits and sources, and such as can be walked."""

import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise, product

import pytest

from crew_app.demo.assets import asset_kinds
from crew_app.demo.job_kinds import job_kinds
from crew_app.people.rules import RIGHTS, Right
from crew_app.rounds import ready as module
from crew_app.rounds.answers import parse
from crew_app.rounds.content import NUMERIC, Category, Check, CheckKind, Content, PhotoRule, Presence, StopPlan, Words
from crew_app.rounds.reading import read
from crew_app.rounds.ready import ready, ready_template
from crew_app.rounds.writing import write

# Rows of the domain that a round carries, and what a crew walks for each.
ROWS = {
    "ward rounds": {"ward-electrical", "ward-plumbing", "ward-visit", "nurse-call", "fall-risks"},
    "monthly safety inspection": {"safety-25th", "holiday-check", "chemicals", "storeroom"},
    "fire safety": {
        "extinguishers",
        "exit-lights",
        "fire-detection",
        "hydrants",
        "fire-lanes",
        "fire-patrol",
    },
    "patrols and posts": {"night-patrol", "post-check"},
    "plant logs": {
        "boiler-log",
        "oxygen-plant",
        "oxygen-tank",
        "vacuum-air",
        "pump-room",
        "substation",
        "generator",
        "steriliser",
        "chillers",
        "cold-chain",
        "server-room",
        "negative-pressure",
    },
    "planned maintenance": {
        "fan-coils",
        "split-ac",
        "aircon-water",
        "water-tanks",
        "hot-water",
        "drains",
        "gas-outlets",
        "switchboards",
        "generator-service",
        "oxygen-service",
        "roofs",
    },
    "statutory tests": {"pressure-vessels"},
    "training and drills": {"training", "drill"},
    "tools and assets": {"tools", "asset-check"},
    "meters and energy": {"meters", "energy-round"},
    "contractors": {"contractor-score"},
    "works": {"site-supervision"},
    "linen": {"linen", "laundry"},
    "waste and sewage": {"waste-collection", "waste-store", "sewage"},
    "cleaning": {"cleaning-score", "disinfection"},
    "canteen": {"canteen"},
    "vehicles": {"vehicle-before", "vehicle-after"},
    "lifts": {"lift-log", "lift-care"},
    "dormitories": {"dormitory"},
    "emergencies": {"typhoon", "winter"},
    "grounds and pests": {"grounds", "street-lamps", "pest-control"},
}
FEWEST = 38
SECONDS = 0.1
CHINESE = re.compile("[\u4e00-\u9fff]")
UNTRANSLATED = {"pH", "UPS"}
PARTS = re.compile(
    r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL=\d+|BYDAY=[A-Z,]+|BYMONTHDAY=[\d,-]+|BYMONTH=[\d,]+))*"
)
TEMPLATES = pytest.mark.parametrize("template", ready(), ids=lambda template: template.code)


def words_in(thing: object) -> Iterator[Words]:
    if isinstance(thing, Words):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from words_in(one)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from words_in(getattr(thing, field.name))


def may_fail(check: Check) -> bool:
    match check.kind:
        case CheckKind.YES_NO:
            return check.fails_on != "never"
        case CheckKind.CHOICE:
            return any(option.fails for option in check.options)
        case CheckKind.SCORE:
            return check.low is not None
        case CheckKind.GRADE | CheckKind.OPINION:
            return True
    return check.kind in NUMERIC and (check.low, check.high) != (None, None)


def answers_of(check: Check) -> set[str]:
    """What a condition can be about."""
    own = {"ok", "fail", "flag"}
    match check.kind:
        case CheckKind.YES_NO:
            return own | {"yes", "no"}
        case CheckKind.GRADE:
            return own | {"pass", "na"}
        case CheckKind.CHOICE:
            return own | {option.key for option in check.options}
    return own


def in_order(check: Check) -> Iterator[str]:
    """Every answer that finds nothing wrong; one for numbers and the like."""
    match check.kind:
        case CheckKind.YES_NO:
            yield from {"yes", "no"} - {check.fails_on}
        case CheckKind.GRADE:
            yield "pass"
        case CheckKind.CHOICE:
            yield from (option.key for option in check.options if not option.fails)
        case CheckKind.SCORE:
            yield str(check.most)
        case CheckKind.COUNTDOWN:
            yield str(check.seconds)
        case _:
            limit = next((one for one in (check.low, check.high) if one is not None), Decimal(1))
            yield f"{limit:f}" if check.kind in NUMERIC else "x"


def walked(stop: StopPlan, turn: int) -> dict[str, str]:
    """The form of somebody who finds nothing wrong; another turn takes other branches."""
    form = {f"c-{check.key}": (found := sorted(in_order(check)))[turn % len(found)] for check in stop.checks}
    return form | {f"c-{check.key}-{party}_paper": "1" for check in stop.checks for party in (1, 2)}


def test_every_file_is_a_template_named_by_its_code_in_canonical_bytes():
    names = set()
    for file in files(module.__package__).joinpath("library").iterdir():
        text = file.read_bytes().decode()
        content = read(text)
        assert write(content) == text
        assert file.name == f"{content.code}.json"
        names.add(content.code)
    assert names == {content.code for content in ready()}


def test_the_library_has_a_template_for_every_row():
    codes = [content.code for content in ready()]
    assert len(codes) == len(set(codes)) >= FEWEST
    assert set().union(*ROWS.values()) == set(codes)
    assert {content.category for content in ready()} == set(Category)
    assert len({content.name.zh for content in ready()}) == len({content.name.en for content in ready()}) == len(codes)


def test_a_template_is_found_by_its_code():
    assert ready_template("boiler-log").name.zh == "锅炉运行记录"
    with pytest.raises(LookupError):
        ready_template("../boiler-log")


def test_all_are_read_once_and_in_no_time():
    assert ready() is ready()
    spent = []
    for _ in range(5):
        began = time.process_time()
        ready.__wrapped__()
        spent.append(time.process_time() - began)
    assert min(spent) < SECONDS


@TEMPLATES
def test_all_words_are_there_in_both_languages(template: Content):
    assert template.name.zh
    assert template.purpose.zh
    for words in words_in(template):
        assert bool(words.zh) == bool(words.en)
        assert CHINESE.search(words.zh) or words.zh in UNTRANSLATED | {""}
        assert not CHINESE.search(words.en)


@TEMPLATES
def test_numbers_have_units_and_limits_have_sources(template: Content):
    for check in template.checks():
        if check.kind not in NUMERIC:
            assert check.unit == ""
            continue
        assert bool(check.unit) == (check.kind is not CheckKind.COUNT), check.key
        assert check.source or (check.low, check.high) == (None, None), check.key
        assert check.kind is not CheckKind.METER or check.jump, check.key
        assert check.jump is None or check.jump > 0


@TEMPLATES
def test_what_becomes_a_job_or_a_hazard_can_fail(template: Content):
    for check in template.checks():
        assert not check.job_kind or check.job_kind in job_kinds()
        assert may_fail(check) or not (check.job_kind or check.hazard or check.days is not None), check.key
        assert check.days is not None or not check.hazard, check.key
        if check.hazard and check.kind in {CheckKind.YES_NO, CheckKind.GRADE, CheckKind.NUMBER}:
            assert check.photo is not PhotoRule.OPTIONAL, check.key


@TEMPLATES
def test_stops_name_kinds_of_assets_that_are_known_and_no_places(template: Content):
    for stop in template.stops:
        assert (stop.where.place, stop.where.asset, stop.where.area) == ("", "", "")
        assert stop.where.kind in {"", *asset_kinds()}
        assert (stop.presence is Presence.TAP) == stop.where.anywhere
        assert stop.checks


@TEMPLATES
def test_conditions_can_come_true(template: Content):
    for stop in template.stops:
        for check in stop.checks:
            earlier = stop.check(check.when.check) if check.when else None
            assert check.when is None or (earlier and set(check.when.among) <= answers_of(earlier)), check.key


@TEMPLATES
def test_it_is_planned_and_walked_by_somebody_who_may(template: Content):
    assert all(Right.WALK in RIGHTS[role] for role in template.roles)
    assert template.suggested
    for plan in template.suggested:
        assert PARTS.fullmatch(plan.rule), plan.rule
        assert len(plan.times) == len(set(plan.times))


@TEMPLATES
def test_who_finds_nothing_wrong_walks_it_without_a_fault(template: Content):
    for stop, turn in product(template.stops, range(4)):
        given = parse(stop, walked(stop, turn), dict.fromkeys((check.key for check in stop.checks), 1))
        assert given
        assert [answer.check.key for answer in given if answer.fault] == []


def test_the_night_patrol_has_twelve_stops_in_order_with_windows_of_their_own():
    patrol = ready_template("night-patrol")
    windows = [(stop.opens or 0, stop.closes or 0) for stop in patrol.stops]
    assert (len(windows), patrol.ordered, patrol.live) == (12, True, True)
    assert all(opens < later for (opens, _), (later, _) in pairwise(windows))
    assert all(opens < closes <= patrol.suggested[0].minutes for opens, closes in windows)


def test_the_scores_of_a_full_inspection_add_up_to_a_hundred():
    for code in ("cleaning-score", "contractor-score"):
        points = [check.most for check in ready_template(code).checks() if check.kind is CheckKind.SCORE]
        assert sum(points) == 100
