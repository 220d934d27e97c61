"""What is answered at a stop, kind by kind: what counts, what is a fault, what is asked again. No database."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.errors import Refused
from crew_app.rounds.answers import parse
from crew_app.rounds.content import Check, CheckKind, Condition, Option, PhotoRule, StopPlan, Words
from crew_app.rounds.rules import Outcome

DRAWN = "M10 10 L40 40"
LEVELS = (Option("full", Words("满")), Option("empty", Words("空"), fails=True))


def check(kind, key="it", **more):
    return Check(key, CheckKind(kind), Words("项目"), **more)


def answer(one, typed="", photos=0, **fields):
    """The answer to a single check, or nothing."""
    sent = {f"c-{one.key}": typed, **{name.replace("_", "-"): value for name, value in fields.items()}}
    found = parse(StopPlan("stop", Words("站"), checks=(one,)), sent, {one.key: photos} if photos else {})
    return found[0] if found else None


@pytest.mark.parametrize(
    ("one", "typed", "outcome"),
    [
        (check("yes-no"), "yes", Outcome.OK),
        (check("yes-no"), "no", Outcome.FAIL),
        (check("yes-no", fails_on="yes"), "yes", Outcome.FAIL),
        (check("yes-no", fails_on="never"), "no", Outcome.OK),
        (check("grade"), "pass", Outcome.OK),
        (check("grade"), "flag", Outcome.FLAG),
        (check("grade"), "fail", Outcome.FAIL),
        (check("grade"), "na", Outcome.NOT_APPLICABLE),
        (check("choice", options=LEVELS), "full", Outcome.OK),
        (check("choice", options=LEVELS), "empty", Outcome.FAIL),
        (check("number"), "7", Outcome.NOTED),
        (check("number", low=Decimal(1), high=Decimal(9)), "9", Outcome.OK),
        (check("meter", unit="kWh"), "12345.6", Outcome.NOTED),
        (check("count", high=Decimal(3)), "3", Outcome.OK),
        (check("weight", unit="kg"), "2.5", Outcome.NOTED),
        (check("text"), "一切正常", Outcome.NOTED),
        (check("score", most=Decimal(10), low=Decimal(6)), "6", Outcome.OK),
        (check("score", most=Decimal(10), low=Decimal(6)), "5.9", Outcome.FAIL),
        (check("opinion"), "想要扶手", Outcome.FLAG),
        (check("countdown", seconds=120), "120", Outcome.OK),
        (check("countdown", seconds=120), "119", Outcome.FLAG),
    ],
)
def test_every_kind_of_check_has_its_answers(one, typed, outcome):
    found = answer(one, typed)
    assert found is not None
    assert (found.outcome, found.value) == (outcome, typed)


@pytest.mark.parametrize(
    ("one", "typed", "code"),
    [
        (check("yes-no"), "", "check-missing"),
        (check("yes-no"), "pass", "nonsense"),
        (check("grade"), "yes", "nonsense"),
        (check("choice", options=LEVELS), "half", "nonsense"),
        (check("count"), "-1", "number"),
        (check("weight"), "-0.1", "number"),
        (check("score", most=Decimal(10)), "11", "number"),
        (check("countdown"), "-5", "number"),
        (check("number", low=Decimal(1)), "0.9", "beyond"),
        (check("photo"), "photo", "check-missing"),
        (check("signature"), "x", "check-missing"),
        (check("text"), "长" * 2001, "too-long"),
        (check("grade", photo=PhotoRule.ALWAYS), "pass", "photo-missing"),
        (check("grade", photo=PhotoRule.ON_FAIL), "fail", "photo-missing"),
    ],
)
def test_what_is_missing_or_cannot_be_is_asked_again(one, typed, code):
    with pytest.raises(Refused) as refused:
        answer(one, typed)
    assert refused.value.code == code


def test_what_may_be_left_open_is_left_open():
    assert answer(check("text", required=False)) is None
    assert answer(check("signature", required=False)) is None


def test_a_photo_is_an_answer_and_a_proof():
    assert answer(check("photo"), photos=1).outcome is Outcome.NOTED
    assert answer(check("grade", photo=PhotoRule.ALWAYS), "pass", photos=1).outcome is Outcome.OK
    assert answer(check("grade", photo=PhotoRule.ON_FAIL), "pass").outcome is Outcome.OK


def test_two_parties_sign_or_it_is_not_signed():
    both = check("signature", parties=2)
    one = {"c-it-1_path": DRAWN, "c-it-1_name": "张三"}
    with pytest.raises(Refused, match="check-missing"):
        parse(StopPlan("stop", Words("站"), checks=(both,)), one, {})
    (found,) = parse(StopPlan("stop", Words("站"), checks=(both,)), {**one, "c-it-2_paper": "1"}, {})
    assert json.loads(found.value) == [{"name": "张三", "path": DRAWN}, {"name": "", "path": ""}]
    with pytest.raises(Refused, match="signature"):
        parse(StopPlan("stop", Words("站"), checks=(both,)), {**one, "c-it-2_path": "<svg>"}, {})


@pytest.mark.parametrize(("proof", "code"), [({}, "beyond-photo"), ({"photos": 1}, ""), ({"n_it": "镜头坏了"}, "")])
def test_outside_the_limits_it_is_confirmed_and_shown(proof, code):
    one = check("number", low=Decimal(1), high=Decimal(9))
    if code:
        with pytest.raises(Refused) as refused:
            answer(one, "10", sure_it="1", **proof)
        assert refused.value.code == code
    else:
        assert answer(one, "10", sure_it="1", **proof).fault


@given(st.decimals(-50, 50, places=2), st.decimals(-20, 20, places=2), st.decimals(0, 20, places=2))
def test_a_number_is_a_fault_exactly_outside_its_limits(number, low, width):
    one = check("number", low=low, high=low + width)
    assert answer(one, str(number), sure_it="1", n_it="看过").fault == (not low <= number <= low + width)


def test_a_question_that_hangs_on_another_is_asked_only_then():
    first = check("grade", "first")
    then = check("text", "then", when=Condition("first", ("fail", "flag")))
    plan = StopPlan("stop", Words("站"), checks=(first, then))
    assert [one.check.key for one in parse(plan, {"c-first": "pass", "c-then": "x"}, {})] == ["first"]
    with pytest.raises(Refused):
        parse(plan, {"c-first": "flag"}, {})
