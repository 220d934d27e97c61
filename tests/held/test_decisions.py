"""Deciding about late entries, without the web: which are carried out, what overrules, whose words join the story."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.held.actions import Late, hold
from crew_app.held.decisions import reject, take_over
from crew_app.held.rules import Decision, Why
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import HoldReason, State
from tests.support.tickets import bring_to


@pytest.fixture
def desk(app, world):
    """A job that the technician has, and entries of a second one that came late."""
    with app.app_context():
        yield Desk(world)
        session.rollback()


class Desk:
    """`carried` are the entries that were carried out; `fails` is what carrying out one raises."""

    def __init__(self, world):
        self.world, self.carried, self.fails = world, [], None
        self.ticket = bring_to(world, State.ACCEPTED)
        self.before = self.ticket.event_count

    def late(self, action, why=Why.CLASH, sender="second", subject=None, **fields):
        key = new_id()
        late = Late(key, self.ticket.site_id, subject or self.ticket.id, why, "x", action, "/", urlencode(fields))
        return hold(late, by=self.world.person(sender), at=server_moment())

    def take(self, *entries, note="so war es"):
        take_over(entries, note, self._carry_out, by=self.world.person("supervisor"), at=server_moment())

    def reject(self, *entries, note="zu spät"):
        reject(entries, note, by=self.world.person("supervisor"), at=server_moment())

    def told(self):
        """The story since the job was accepted: verb, words, and who."""
        query = select(TicketEvent).filter_by(ticket_id=self.ticket.id).order_by(TicketEvent.position)
        return [
            (event.verb.value, event.note, event.person and event.person.login)
            for event in session.scalars(query).all()[self.before :]
        ]

    def _carry_out(self, entry):
        if self.fails:
            raise self.fails
        self.carried.append(entry.key)


def test_what_clashes_is_not_carried_out_but_settled_with_its_words_first(desk):
    entry = desk.late("ticket_states.finish", note="schon fertig")
    desk.take(entry)
    assert desk.carried == []
    assert (desk.ticket.state, desk.ticket.owner_id) == (State.FINISHED, desk.world.people["second"])
    assert desk.ticket.finished_at == entry.at
    assert desk.told() == [("note", "schon fertig", "second"), ("settle", "so war es", "supervisor")]
    assert (entry.decision, entry.note) == (Decision.TAKEN, "so war es")


def test_of_several_that_clash_the_last_change_counts_and_all_words_are_kept(desk):
    desk.take(
        desk.late("ticket_states.finish", note="eins"),
        desk.late("ticket_states.hold", note="zwei", reason="access"),
        desk.late("tickets.add_note", note="drei"),
    )
    assert (desk.ticket.state, desk.ticket.hold_reason) == (State.ON_HOLD, HoldReason.ACCESS)
    assert [words for verb, words, _who in desk.told() if verb == "note"] == ["eins", "zwei", "drei"]


@pytest.mark.parametrize("reason", [{}, {"reason": "laziness"}])
def test_a_reason_that_is_none_is_left_out(desk, reason):
    desk.take(desk.late("ticket_states.finish", **reason))
    assert (desk.ticket.state, desk.ticket.hold_reason) == (State.FINISHED, None)


@pytest.mark.parametrize("reason", [{}, {"reason": "laziness"}])
def test_a_job_is_not_put_on_hold_for_no_reason(desk, reason):
    with pytest.raises(Refused) as refusal:
        desk.take(desk.late("ticket_states.hold", **reason))
    assert refusal.value.code == "cannot-take"


@pytest.mark.parametrize("words", [{}, {"note": "  "}])
def test_no_words_add_no_note(desk, words):
    desk.take(desk.late("ticket_states.finish", **words))
    assert [verb for verb, *_rest in desk.told()] == ["settle"]


def test_a_clash_that_changes_no_state_settles_nothing(desk):
    desk.take(desk.late("materials.create", note="zwei Röhren"))
    assert desk.told() == [("note", "zwei Röhren", "second")]


def test_what_lacked_a_right_is_carried_out_and_needs_no_settlement(desk):
    entry = desk.late("ticket_states.finish", Why.RIGHTS, note="fertig")
    desk.take(entry)
    assert desk.carried == [entry.key]
    assert desk.told() == []


@pytest.mark.parametrize("code", ["wrong-state", "not-owner"])
def test_what_clashes_when_it_is_carried_out_is_settled_after_all(desk, code):
    desk.fails = Forbidden(code, "x")
    desk.take(desk.late("ticket_states.finish", Why.RIGHTS))
    assert desk.ticket.state is State.FINISHED


def test_what_cannot_be_carried_out_is_refused_and_says_so(desk):
    desk.fails = Refused("quantity", "x")
    with pytest.raises(Refused) as refusal:
        desk.take(desk.late("materials.create", Why.RIGHTS))
    assert refusal.value.code == "cannot-take"


def test_a_mistake_of_the_program_is_not_taken_for_a_refusal(desk):
    desk.fails = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        desk.take(desk.late("materials.create", Why.RIGHTS))


def test_an_entry_about_no_job_is_decided_all_the_same(desk):
    taken, left = (desk.late("tags.retire", subject=new_id(), note="kein Auftrag") for _ in range(2))
    desk.take(taken)
    desk.reject(left)
    assert (taken.decision, left.decision) == (Decision.TAKEN, Decision.REJECTED)
    assert desk.told() == []


def test_rejecting_keeps_the_words_of_who_was_too_late_but_not_of_who_had_no_right(desk):
    clash = desk.late("ticket_states.finish", note="schon fertig")
    rights = desk.late("ticket_states.cancel", Why.RIGHTS, note="weg damit")
    desk.reject(clash, rights)
    assert desk.ticket.state is State.ACCEPTED
    assert desk.told() == [("note", "schon fertig", "second"), ("settle", "zu spät", "supervisor")]
    assert (clash.decision, clash.note) == (Decision.REJECTED, "zu spät")


@pytest.mark.parametrize("note", ["", "  \n"])
def test_rejecting_needs_a_reason(desk, note):
    with pytest.raises(Refused) as refusal:
        desk.reject(desk.late("ticket_states.finish"), note=note)
    assert refusal.value.code == "words-missing"


@pytest.mark.parametrize("again", ["take", "reject"])
def test_nothing_is_decided_twice_not_even_beside_something_new(desk, again):
    first, fresh = desk.late("ticket_states.finish"), desk.late("tickets.add_note", note="x")
    desk.reject(first)
    with pytest.raises(Refused) as refusal:
        getattr(desk, again)(first, fresh)
    assert refusal.value.code == "decided"
    assert fresh.decision is None


def test_nobody_decides_about_an_own_entry(desk):
    with pytest.raises(Refused) as refusal:
        desk.take(desk.late("ticket_states.finish", sender="supervisor"))
    assert refusal.value.code == "own-entry"


@pytest.mark.parametrize("verb", ["take", "reject"])
def test_the_job_is_read_anew_under_a_lock_before_it_is_changed(desk, verb):
    entry = desk.late("ticket_states.finish")
    session.flush()
    session.execute(update(Ticket).values(event_count=7), execution_options={"synchronize_session": False})
    getattr(desk, verb)(entry)
    assert session.scalar(select(TicketEvent.position).order_by(TicketEvent.position.desc()).limit(1)) == 7
