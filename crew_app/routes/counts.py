"""Stock counts: begin, count, hand in, approve."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Forbidden
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import Account
from crew_app.storeroom.counts import actions, forms, queries
from crew_app.storeroom.counts.actions import Plan, Tally
from crew_app.storeroom.counts.comparison import Comparison, compare, item_order, worth
from crew_app.storeroom.counts.models import CountState, StockCount
from crew_app.storeroom.levels import bins
from crew_app.tickets.forms import optional_uuid, text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("counts", __name__, url_prefix="/stock/counts")
PAGE = 200
"""Items to count on one page: a shelf wall, and what a phone can hold with ease."""


@blueprint.get("")
@needs(Right.SEE_STOCK)
def index() -> str:
    """When each store is due, what is being counted, and what was."""
    me = person()
    closed = queries.closed(me, optional_uuid(request.args, "before"))
    return render_template(
        "stock/counts/index.html",
        due=queries.due(me, now()),
        live=queries.live(me),
        closed=closed,
        accounts=queries.countable(me),
        categories=queries.categories(),
        more=closed[-1].id if len(closed) == queries.PAGE else None,
    )


@blueprint.post("")
@needs(Right.KEEP_STOCK)
@command
def create() -> Done:
    """Begin a count."""
    me, form = person(), forms.parse_count(request.form)
    plan = Plan(
        count_id=form.count_id,
        account=_kept(me, form.account_id),
        scope=form.scope,
        part=form.part,
        items=[stock.item(form.item_id)] if form.item_id else (),
        blind=form.blind,
        due=form.due,
        note=form.note,
    )
    return _done(actions.open_count(plan, by=me, at=this_moment()), status=201)


@blueprint.get("/<uuid:count_id>")
@needs(Right.SEE_STOCK)
def show(count_id: UUID) -> str:
    """Count: what is still to be counted, or what was, with a field for each item."""
    me = person()
    count = queries.count(me, count_id)
    return render_template("stock/counts/show.html", count=count, **_counting(me, count))


@blueprint.post("/<uuid:count_id>/entries")
@needs(Right.SEE_STOCK)
@command
def add_entry(count_id: UUID) -> Done:
    """Write down how much of an item was found."""
    me = person()
    count = queries.count(me, count_id, lock=True)
    form = forms.parse_entry(request.form)
    tally = Tally(form.entry_id, stock.item(form.item_id), form.quantity, form.bin)
    actions.enter(count, tally, by=me, at=this_moment())
    return _done(count)


@blueprint.post("/<uuid:count_id>/zeros")
@needs(Right.KEEP_STOCK)
@command
def count_as_zero(count_id: UUID) -> Done:
    """Say that nothing is there of items that nobody found."""
    me = person()
    count = queries.count(me, count_id, Right.KEEP_STOCK, lock=True)
    items = [stock.item(item_id) for item_id in forms.parse_items(request.form)]
    actions.count_as_zero(count, items, by=me, at=this_moment())
    return _done(count)


@blueprint.post("/<uuid:count_id>/proposal")
@needs(Right.KEEP_STOCK)
@command
def propose(count_id: UUID) -> Done:
    """Hand in the result."""
    me = person()
    count = queries.count(me, count_id, Right.KEEP_STOCK, lock=True)
    actions.propose(count, text(request.form, "note"), by=me, at=this_moment())
    return _done(count)


@blueprint.get("/<uuid:count_id>/differences")
@needs(Right.SEE_STOCK)
def differences(count_id: UUID) -> str:
    """What was found against what the books had, and the decision about it."""
    me = person()
    count = queries.count(me, count_id)
    queries.need_books(count, me)
    comparison, booked = compare(count), queries.results(count.id)
    surplus, shortage = worth(booked or comparison.lines)
    return render_template(
        "stock/counts/differences.html",
        count=count,
        comparison=comparison,
        lines=booked or comparison.lines,
        surplus=surplus,
        shortage=shortage,
        live=count.state in queries.LIVE,
        decider=actions.may_decide(count, me),
    )


@blueprint.post("/<uuid:count_id>/approval")
@needs(Right.APPROVE_STOCK)
@command
def approve(count_id: UUID) -> Done:
    """Book the differences as they were shown."""
    me = person()
    count = queries.count(me, count_id, Right.APPROVE_STOCK, lock=True)
    actions.approve(count, request.form.get("fingerprint", ""), by=me, at=this_moment())
    return _done(count)


@blueprint.post("/<uuid:count_id>/return")
@needs(Right.APPROVE_STOCK)
@command
def send_back(count_id: UUID) -> Done:
    """Have it counted again."""
    me = person()
    count = queries.count(me, count_id, Right.APPROVE_STOCK, lock=True)
    actions.send_back(count, text(request.form, "note"), by=me, at=this_moment())
    return _done(count)


@blueprint.post("/<uuid:count_id>/cancellation")
@needs(Right.KEEP_STOCK)
@command
def cancel(count_id: UUID) -> Done:
    """Give the count up."""
    me = person()
    count = queries.count(me, count_id, Right.KEEP_STOCK, lock=True)
    actions.cancel(count, by=me, at=this_moment())
    return Done(url_for("counts.index"), count.site_id)


def _counting(me: Person, count: StockCount) -> dict[str, Any]:
    comparison, lies = compare(count), bins(count.account_id)
    waiting = sorted(comparison.uncounted, key=lambda item: (item.id not in lies, lies.get(item.id), item_order(item)))
    after = optional_uuid(request.args, "after")
    place = next((number for number, item in enumerate(waiting, 1) if item.id == after), 0)
    page = waiting[place : place + PAGE]
    return {
        "comparison": comparison,
        "expected": len(waiting) + _listed(count, comparison),
        "items": page,
        "places": [
            (name, list(group)) for name, group in groupby(page, lambda item: lies.get(item.id) or item.category)
        ],
        "more": page[-1].id if len(waiting) > place + PAGE else None,
        "bins": lies,
        "counted_view": "counted" in request.args,
        "books": _books(me, count, page),
        "sees_books": queries.may_see_books(count, me),
    }


def _listed(count: StockCount, comparison: Comparison) -> int:
    """How many of the items on the list have been counted."""
    listed = queries.listed(count.id)
    return sum(line.item.id in listed for line in comparison.lines)


def _books(me: Person, count: StockCount, items: list[Any]) -> dict[UUID, Any]:
    """What the books have now, for those who may know while they count."""
    if count.blind or count.state is not CountState.OPEN or not queries.may_see_books(count, me):
        return {}
    return stock.on_hand([item.id for item in items], [count.account_id])


def _kept(me: Person, account_id: UUID) -> Account:
    account = stock.account(me, account_id)
    if not me.can(Right.KEEP_STOCK, account.site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    return account


def _done(count: StockCount, status: int = 200) -> Done:
    return Done(url_for("counts.show", count_id=count.id), count.site_id, status)
