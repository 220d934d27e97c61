"""Old for new (交旧领新): what is owed, what is handed in, what lies off the books."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import Account, AccountKind
from crew_app.storeroom import loans, old_parts
from crew_app.storeroom.forms import parse_lines
from crew_app.storeroom.request_forms import filled_in
from crew_app.tickets.forms import text
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("old_parts", __name__, url_prefix="/stock/old-parts")


@blueprint.get("")
@signed_in
def index() -> str:
    """Who owes which old parts; one's own only, for whoever keeps no stock."""
    me = person()
    return render_template(
        "old_parts/index.html",
        owing=_by_account(old_parts.owed(me)),
        off_books=old_parts.off_the_books(me.sites_with(Right.KEEP_STOCK)),
    )


@blueprint.post("/<uuid:owed_id>/returns")
@needs(Right.KEEP_STOCK)
@command
def hand_in(owed_id: UUID) -> Done:
    """Take old parts in."""
    me, form = person(), request.form
    account = loans.account(me, owed_id, AccountKind.OWED)
    lines = [line.asked(stock.item(line.item_id)) for line in parse_lines(filled_in(form))]
    old_parts.hand_in(account, lines, text(form, "note")[:500], by=me, at=this_moment())
    return Done("/stock/old-parts", account.site_id)


def _by_account(rows: Sequence[old_parts.Owed]) -> dict[Account, list[old_parts.Owed]]:
    found: dict[Account, list[old_parts.Owed]] = {}
    for row in rows:
        found.setdefault(row.account, []).append(row)
    return found
