"""Swapping shifts (换班): one proposes, the other agrees, a supervisor approves where the site wants it."""

from datetime import datetime
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.roster import queries
from crew_app.roster.actions import need_crew, trace
from crew_app.roster.models import DutyShift, RosterVerb, ShiftSwap, SwapState

HREF = "/roster/mine"


def propose(
    swap_id: UUID, shift: DutyShift, to: Person, note: str = "", *, other: DutyShift | None, by: Person, at: Moment
) -> ShiftSwap:
    """Offer one's own shift to a colleague, for one of theirs or for nothing."""
    if shift.person_id != by.id:
        raise Forbidden("not-your-shift", N_("This is not your shift."))
    if session.get(ShiftSwap, swap_id):
        raise Refused("swap-known", N_("This swap was already proposed."))
    if to.id == by.id:
        raise Refused("person", N_("Please choose a colleague."))
    need_crew(to, shift.site_id)
    if other and (other.person_id != to.id or other.site_id != shift.site_id):
        raise Refused("swap-stale", N_("The other shift is in other hands now. Please choose again."))
    _need_to_come([shift, other], at.at)
    swap = ShiftSwap(
        id=swap_id,
        site_id=shift.site_id,
        shift=shift,
        other=other,
        from_id=by.id,
        to_id=to.id,
        note=note[:500],
        made_at=at.at,
        state=SwapState.PROPOSED,
    )
    session.add(swap)
    session.flush()
    _tell(swap, [to], N_("%(name)s wants to swap a shift with you"), by, at)
    return swap


def agree(swap: ShiftSwap, *, by: Person, at: Moment) -> None:
    """Say yes; where the site needs no supervisor for it, that is all."""
    if swap.to_id != by.id:
        raise Forbidden("not-your-swap", N_("Only whoever was asked can agree."))
    _need_state(swap, SwapState.PROPOSED)
    swap.agreed_at = at.at
    if not queries.rules_of(swap.site_id).swap_approval:
        _carry_out(swap, by=by, at=at)
        return
    swap.state = SwapState.AGREED
    session.flush()
    deciding = queries.on_duty(swap.site_id, at.at, Right.DISPATCH)
    _tell(swap, deciding, N_("A swap of shifts waits for your approval"), by, at)


def approve(swap: ShiftSwap, *, by: Person, at: Moment) -> None:
    """Let the swap happen: by somebody who makes the roster and is none of the two."""
    if not by.can(Right.DISPATCH, swap.site_id) or by.id in (swap.from_id, swap.to_id):
        raise Forbidden("may-not", N_("A supervisor who takes no part in the swap decides this."))
    _need_state(swap, SwapState.AGREED)
    _carry_out(swap, by=by, at=at)


def refuse(swap: ShiftSwap, answer: str = "", *, by: Person, at: Moment) -> None:
    """Say no: whoever was asked, or who makes the roster."""
    if swap.to_id != by.id and (not by.can(Right.DISPATCH, swap.site_id) or by.id == swap.from_id):
        raise Forbidden("may-not", N_("Only whoever was asked or makes the roster can refuse."))
    _need_state(swap, SwapState.PROPOSED, SwapState.AGREED)
    _decide(swap, SwapState.REFUSED, by, at)
    swap.answer = answer[:500]
    _tell(swap, [swap.giver, swap.taker], N_("Swap of shifts refused"), by, at)


def withdraw(swap: ShiftSwap, *, by: Person, at: Moment) -> None:
    """Take a proposal back."""
    if swap.from_id != by.id:
        raise Forbidden("not-your-swap", N_("Only whoever proposed it can take it back."))
    _need_state(swap, SwapState.PROPOSED, SwapState.AGREED)
    _decide(swap, SwapState.WITHDRAWN, by, at)


def _carry_out(swap: ShiftSwap, *, by: Person, at: Moment) -> None:
    shift, other = swap.shift, swap.other
    if shift is None or shift.person_id != swap.from_id or (other and other.person_id != swap.to_id):
        raise Refused("swap-stale", N_("One of the shifts is in other hands now. Please propose it again."))
    _need_to_come([shift, other], at.at)
    for moved, to in ((shift, swap.to_id), (other, swap.from_id)):
        if moved:
            before, moved.person_id, moved.rota_id = moved.person_id, to, None
            trace(RosterVerb.SWAP, moved, by=by, at=at, before=before)
    _decide(swap, SwapState.DONE, by, at)
    _tell(swap, [swap.giver, swap.taker], N_("Shifts are swapped"), by, at)


def _need_to_come(shifts: list[DutyShift | None], at: datetime) -> None:
    if any(one and one.starts_at <= at for one in shifts):
        raise Refused("shift-begun", N_("This shift has already begun."))


def _need_state(swap: ShiftSwap, *states: SwapState) -> None:
    if swap.state not in states:
        raise Refused("swap-decided", N_("This swap is already decided."))


def _decide(swap: ShiftSwap, state: SwapState, by: Person, at: Moment) -> None:
    swap.state, swap.decided_at, swap.decided_by_id = state, at.at, by.id
    session.flush()


def _tell(swap: ShiftSwap, people: list[Person], words: str, by: Person, at: Moment) -> None:
    name = {"zh": by.name, "en": by.name_en or by.name}
    message = Message(swap.site_id, Topic.JOB, words, {"name": name}, href=HREF)
    told = [one for one in people if one.id != by.id]
    tell(told, message, key=f"swap:{swap.id}:{swap.state.value}", at=at.at)
