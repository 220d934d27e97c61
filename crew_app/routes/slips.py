"""The page of any slip, and what the pages of all kinds of slips share."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, render_template

from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import Item
from crew_app.storeroom import queries, slips, write_offs
from crew_app.storeroom.forms import Fields, parse_lines
from crew_app.storeroom.models import Slip, SlipKind, SlipState
from crew_app.storeroom.slips import Asked
from crew_app.web.access import signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

WITHOUT_JAVASCRIPT = 50

blueprint = Blueprint("slips", __name__, url_prefix="/stock/slips/<uuid:slip_id>")


@blueprint.get("")
@signed_in
def show(slip_id: UUID) -> str:
    """A slip: its lines, its story, its signatures and photos, what was booked; and the paper it prints as."""
    me = person()
    slip = queries.slip(me, slip_id)
    return render_template(
        "slips/show.html",
        slip=slip,
        site=queries.site(slip),
        entry=queries.entry(slip),
        prices=queries.prices(slip),
        may_cancel=_may_cancel(slip, me),
        decider=write_offs.decider(slip) if slip.kind is SlipKind.SCRAP else None,
        worth=write_offs.value(slip) if slip.kind is SlipKind.SCRAP else None,
    )


@blueprint.post("/cancellation")
@signed_in
@command
def cancel(slip_id: UUID) -> Done:
    """Take a slip back while nothing came of it."""
    me = person()
    slip = queries.slip(me, slip_id, lock=True)
    slips.cancel(slip, by=me, at=this_moment())
    return shown(slip)


def shown(slip: Slip, status: int = HTTPStatus.OK) -> Done:
    """The answer to a command about a slip: look at its page."""
    return Done(f"/stock/slips/{slip.id}", slip.site_id, status=status)


def lines_of(form: Fields) -> list[Asked]:
    """The lines of a form, each with its item."""
    return [line.asked(stock.item(line.item_id)) for line in parse_lines(form)]


def item_choices() -> Sequence[Item]:
    """What phones without JavaScript can choose from."""
    return stock.items(limit=WITHOUT_JAVASCRIPT)


def _may_cancel(slip: Slip, me: Person) -> bool:
    is_open = slip.state in (SlipState.PROPOSED, SlipState.APPROVED)
    return is_open and (slip.person_id == me.id or me.can(Right.KEEP_STOCK, slip.site_id))
