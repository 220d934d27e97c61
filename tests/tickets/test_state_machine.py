"""The state machine, played at random against a table written here from the rules of the house, not from the code."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.tickets import actions, queries
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import HoldReason, State, Verb, next_state
from tests.support.tickets import bring_to
from tests.support.world import World

LEADS_TO = {
    ("open", "accept"): "accepted",
    ("open", "cancel"): "cancelled",
    ("accepted", "release"): "open",
    ("accepted", "hold"): "on_hold",
    ("accepted", "finish"): "finished",
    ("accepted", "cancel"): "cancelled",
    ("on_hold", "release"): "open",
    ("on_hold", "resume"): "accepted",
    ("on_hold", "finish"): "finished",
    ("on_hold", "cancel"): "cancelled",
    ("finished", "verify"): "verified",
    ("finished", "send_back"): "accepted",
}
VERBS = ["accept", "release", "hold", "resume", "finish", "verify", "send_back", "cancel"]
WORKERS = {"technician", "second", "foreman", "supervisor"}
JUDGES = {"supervisor", "foreman", "manager"}
EVERYBODY = [*sorted(WORKERS), "manager", "guard", "requester"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(State))
def test_every_verb_in_every_state(state, verb):
    wanted = LEADS_TO.get((state.value, verb))
    if wanted:
        assert next_state(state, Verb(verb)) == wanted
        return
    with pytest.raises(Refused) as refusal:
        next_state(state, Verb(verb))
    assert refusal.value.code == "wrong-state"


def act(ticket, verb, by):
    at = server_moment()
    if verb in ("accept", "resume", "finish", "verify"):
        getattr(actions, verb)(ticket, by=by, at=at)
    elif verb == "hold":
        actions.hold(ticket, HoldReason.ACCESS, "", by=by, at=at)
    else:
        getattr(actions, verb)(ticket, "Grund", by=by, at=at)


def verbs_of(ticket):
    """What was done to a ticket."""
    return session.scalars(select(TicketEvent.verb).where(TicketEvent.ticket_id == ticket.id)).all()


class Machine(RuleBasedStateMachine):
    """One ticket in many hands; `state`, `owner` and `hands` are what this table says of it."""

    world: World

    def __init__(self):
        super().__init__()
        session.begin_nested()
        self.ticket = bring_to(self.world, State.OPEN)
        self.state, self.owner, self.hands, self.events = "open", None, set(), 1

    def teardown(self):
        session.rollback()

    def may(self, verb, who):
        if verb == "accept":
            return who in WORKERS
        if verb in ("verify", "send_back"):
            return who in JUDGES and who not in self.hands
        if verb == "cancel":
            return who in ("supervisor", "foreman") or (who == "requester" and self.state == "open")
        return who in WORKERS and who == self.owner

    @rule(verb=st.sampled_from(VERBS), who=st.sampled_from(EVERYBODY))
    def somebody_tries_something(self, verb, who):
        self.attempt(verb, who)

    @precondition(lambda self: self.owner)
    @rule(verb=st.sampled_from(["hold", "resume", "finish", "release"]))
    def the_owner_goes_on(self, verb):
        self.attempt(verb, self.owner)

    @rule(who=st.sampled_from(EVERYBODY))
    def somebody_writes_a_note(self, who):
        actions.add_note(self.ticket, "Notiz", by=self.world.person(who), at=server_moment())
        self.events += 1

    def attempt(self, verb, who):
        wanted = LEADS_TO.get((self.state, verb)) if self.may(verb, who) else None
        point = session.begin_nested()
        try:
            act(self.ticket, verb, self.world.person(who))
        except (Refused, Forbidden):
            point.rollback()
            assert wanted is None, f"{who} should have been able to {verb} what is {self.state}"
            return
        assert wanted is not None, f"{who} should not have been able to {verb} what is {self.state}"
        self.state = wanted
        self.events += 1
        if verb in ("accept", "hold", "resume", "finish"):
            self.hands.add(who)
        self.owner = {"accept": who, "release": None}.get(verb, self.owner)

    @invariant()
    def it_stands_as_the_table_says(self):
        owner = self.world.people[self.owner] if self.owner else None
        assert (self.ticket.state, self.ticket.owner_id) == (self.state, owner)
        told = [one for one in verbs_of(self.ticket) if one is not Verb.ASSIGN]
        assert len(told) == self.events
        assert (self.ticket.hold_reason is not None) == (self.state == "on_hold")
        assert (self.ticket.closed_at is not None) == (self.state in ("verified", "cancelled"))
        assert (self.ticket.finished_at is not None) == (self.state in ("finished", "verified"))


def test_any_sequence_of_attempts_keeps_to_the_table(app, world):
    Machine.world = world
    with app.app_context():
        run_state_machine_as_test(Machine, settings=settings(max_examples=25, stateful_step_count=25))


def test_the_story_tells_every_step_with_the_state_before_and_after(app, world):
    with app.app_context():
        ticket = bring_to(world, State.VERIFIED)
        session.refresh(ticket, ["events"])
        steps = [(event.verb, event.from_state, event.to_state, event.position) for event in ticket.events]
    assert steps == [
        ("open", None, "open", 0),
        ("assign", "open", "open", 1),
        ("accept", "open", "accepted", 2),
        ("finish", "accepted", "finished", 3),
        ("verify", "finished", "verified", 4),
    ]


def test_hands_are_found_for_everybody_who_worked(app, world):
    with app.app_context():
        ticket = bring_to(world, State.FINISHED)
        assert isinstance(ticket, Ticket)
        assert queries.had_a_hand_in(ticket, world.person("technician"))
        assert not queries.had_a_hand_in(ticket, world.person("requester"))
        session.rollback()
