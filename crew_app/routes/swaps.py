"""Swapping shifts."""

from uuid import UUID

from flask import Blueprint, request, url_for

from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.roster import queries, swaps
from crew_app.roster.models import ShiftSwap
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("swaps", __name__, url_prefix="/roster/swaps")


@blueprint.post("")
@needs(Right.SEE_SITE)
@command
def propose() -> Done:
    """Offer one's shift to a colleague, for one of theirs or for nothing."""
    me, form = person(), request.form
    shift = queries.shift(me, uuid(form, "shift_id"), lock=True)
    other_id = optional_uuid(form, "other_id")
    other = queries.shift(me, other_id, lock=True) if other_id else None
    to = other.person if other else sites.member(shift.site_id, optional_uuid(form, "person_id"), Right.SEE_SITE)
    found = swaps.propose(uuid(form, "swap_id"), shift, to, text(form, "note"), other=other, by=me, at=this_moment())
    return _done(found, 201)


@blueprint.post("/<uuid:swap_id>/agreement")
@needs(Right.SEE_SITE)
@command
def agree(swap_id: UUID) -> Done:
    """Say yes."""
    found = queries.swap(person(), swap_id)
    swaps.agree(found, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:swap_id>/approval")
@needs(Right.DISPATCH)
@command
def approve(swap_id: UUID) -> Done:
    """Let it happen."""
    found = queries.swap(person(), swap_id)
    swaps.approve(found, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:swap_id>/refusal")
@needs(Right.SEE_SITE)
@command
def refuse(swap_id: UUID) -> Done:
    """Say no."""
    found = queries.swap(person(), swap_id)
    swaps.refuse(found, text(request.form, "note"), by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:swap_id>/withdrawal")
@needs(Right.SEE_SITE)
@command
def withdraw(swap_id: UUID) -> Done:
    """Take one's proposal back."""
    found = queries.swap(person(), swap_id)
    swaps.withdraw(found, by=person(), at=this_moment())
    return _done(found)


def _done(found: ShiftSwap, status: int = 200) -> Done:
    return Done(url_for("roster.mine"), found.site_id, status)
