"""Who gets a job, as arithmetic: trade, roster, area, licence and load."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.desk.dispatch_rules import Area, Candidate, chosen, last_resort, ranked
from crew_app.people.rules import Trade
from crew_app.roster.models import Duty
from crew_app.web.dispatch import reason_words

FLOOR = Area({"zh": "五楼", "en": "Floor 5"}, 1, named=True)
LICENCE = {"zh": "电工证", "en": "Electrician's licence"}


def someone(number=1, **more):
    told: dict[str, Any] = {"knows": True, "duty": Duty.PRESENT} | more
    return Candidate(UUID(int=number), **told)


def first_of(*candidates, rostered=True):
    found = chosen(ranked(candidates, Trade.ELECTRICAL, rostered=rostered))
    return found.candidate.person_id.int if found else None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"duty": Duty.ON_CALL}),
        ({"area": FLOOR}, {}),
        ({"area": FLOOR}, {"area": replace(FLOOR, steps=3)}),
        ({"area": FLOOR}, {"area": replace(FLOOR, named=False)}),
        ({"jobs": 1}, {"jobs": 2}),
        ({}, {"area": FLOOR, "jobs": 5}),
        ({"jobs": 5}, {"duty": Duty.ON_CALL}),
    ],
)
def test_what_counts_for_more(better, worse):
    assert first_of(someone(2, **better), someone(1, **worse)) == 2


@pytest.mark.parametrize("flaw", [{"knows": False}, {"duty": None}, {"lacks": (LICENCE,)}, {"declined": True}])
def test_who_does_not_fit_is_never_chosen_by_itself(flaw):
    assert first_of(someone(1, area=FLOOR, **flaw)) is None
    assert first_of(someone(1, area=FLOOR, **flaw), someone(2, duty=Duty.ON_CALL, jobs=9)) == 2


def test_without_a_roster_everybody_counts_as_there():
    assert first_of(someone(1, duty=None), rostered=False) == 1


def test_it_explains_itself_in_words(app):
    score = ranked([someone(1, area=FLOOR, jobs=2)], Trade.ELECTRICAL, rostered=True)[0]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert reason_words(score.reasons) == "Electrical · on duty · area: Floor 5 · jobs in hand: 2"
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        assert "五楼" in reason_words(score.reasons)
        assert "Electrical" not in reason_words(score.reasons)


crews = st.lists(
    st.builds(
        Candidate,
        st.uuids(),
        st.booleans(),
        st.sampled_from([None, *Duty]),
        st.sampled_from([None, FLOOR]),
        st.integers(0, 9),
        st.sampled_from([(), (LICENCE,)]),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.person_id,
)


@given(crews, st.booleans())
def test_the_choice_does_not_hang_on_the_order_and_the_last_resort_prefers_a_licence(crew, rostered):
    scores = ranked(crew, Trade.ELECTRICAL, rostered=rostered)
    assert scores == ranked(reversed(crew), Trade.ELECTRICAL, rostered=rostered)
    best, last = chosen(scores), last_resort(scores)
    assert best is None or (best.fits and not best.candidate.lacks and not best.candidate.declined)
    assert (last is None) == (not crew)
    if last and last.candidate.lacks:
        assert all(one.lacks for one in crew)
