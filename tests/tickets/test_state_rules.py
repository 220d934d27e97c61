"""What the house has agreed on about a job, written here once more: where each verb leads, who is told, what stops."""

from datetime import UTC, datetime, timedelta

import pytest

from crew_app.core.clock import Moment
from crew_app.core.errors import Refused
from crew_app.held.rules import CLASHES, STATE_VERBS, came_late
from crew_app.tickets import rules
from crew_app.tickets.rules import Deadlines, Due, Kind, State, Verb, next_state

LEADS_TO = {
    "accept": {"open": "accepted"},
    "release": {"accepted": "open", "on_hold": "open"},
    "hold": {"accepted": "on_hold"},
    "resume": {"on_hold": "accepted"},
    "supply": {"on_hold": "accepted"},
    "finish": {"accepted": "finished", "on_hold": "finished"},
    "verify": {"finished": "verified"},
    "send_back": {"finished": "accepted"},
    "cancel": {"open": "cancelled", "accepted": "cancelled", "on_hold": "cancelled"},
    "not_fixed": {"finished": "accepted", "verified": "accepted"},
    "pick_up": {"open": "accepted", "accepted": "accepted"},
    "drop": {"accepted": "verified"},
}
UNTOLD = {"note", "photo", "material", "reverse", "settle", "discard", "decline", "ask_help", "help", "escalate"}
UNTOLD |= {"pick_up", "drop", "change"}
PREFIXES = {"repair": "WX", "hazard": "YH", "planned": "BY", "incident": "SJ", "works": "GC", "delivery": "YS"}
PREFIXES |= {"trip": "YC"}
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("verb", LEADS_TO)
@pytest.mark.parametrize("state", list(State))
def test_a_verb_leads_where_the_house_agreed_and_is_refused_from_anywhere_else(state, verb):
    wanted = LEADS_TO[verb].get(state.value)
    if wanted:
        assert next_state(state, Verb(verb)) is State(wanted)
        return
    with pytest.raises(Refused) as refusal:
        next_state(state, Verb(verb))
    assert refusal.value.code == "wrong-state"
    assert refusal.value.params == {"state": rules.STATE_LABELS[state]}


def test_no_other_verb_changes_the_state():
    assert {verb.value for verb in rules.TRANSITIONS} == set(LEADS_TO)


def test_a_verb_that_leads_nowhere_is_refused(monkeypatch):
    monkeypatch.setitem(rules.TRANSITIONS, Verb.NOTE, (frozenset(State), None))
    with pytest.raises(Refused):
        next_state(State.OPEN, Verb.NOTE)


def test_which_states_are_live_which_are_under_work_and_what_ends_the_asking():
    assert set(rules.LIVE) == {"open", "accepted", "on_hold", "finished"}
    assert set(rules.UNDER_WORK) == {"accepted", "on_hold"}
    assert set(rules.ENDS_DISPATCH) == {"accept", "release", "finish", "cancel"}


def test_what_whoever_reported_it_is_told_of():
    assert {verb.value for verb in Verb} - {verb.value for verb in rules.TOLD} == UNTOLD


def test_each_kind_of_work_has_its_letters():
    assert {kind.value: rules.NUMBER_PREFIX[kind] for kind in Kind} == PREFIXES


def test_a_pause_that_took_no_time_moves_nothing_and_one_of_a_microsecond_does():
    due = Deadlines(AT, AT)
    assert due.shifted(timedelta(0)) == due.shifted(timedelta(seconds=-1)) == due
    assert due.shifted(timedelta(microseconds=1)).resolution == AT + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("left", "status"),
    [(61, Due.ON_TIME), (60, Due.SOON), (59, Due.SOON), (1, Due.SOON), (0, Due.OVERDUE), (-1, Due.OVERDUE)],
)
def test_the_last_quarter_is_soon_and_the_moment_itself_is_late(left, status):
    due = AT + timedelta(minutes=240)
    assert rules.due_status(AT, due, due - timedelta(minutes=left)) is status


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (60, False), (60.000001, True), (3600, True), (-5, False)])
def test_what_arrives_within_a_minute_is_not_late(seconds, late):
    assert came_late(Moment(AT, AT + timedelta(seconds=seconds))) is late


def test_which_refusals_say_that_somebody_else_was_faster():
    assert set(CLASHES) == {"wrong-state", "not-owner"}


def test_every_change_of_a_jobs_state_that_a_phone_can_send_is_known_by_its_verb():
    asked = ("accept", "release", "hold", "resume", "finish", "verify", "send_back", "cancel")
    assert {f"ticket_states.{verb}": Verb(verb) for verb in asked} == STATE_VERBS
