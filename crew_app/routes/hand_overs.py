"""Shift hand-over: drafted from what is open, signed by both; and the posts that are relieved."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.registers import facts, hand_over_forms, hand_over_queries, hand_overs, shift_rules, sites
from crew_app.registers.hand_overs import Signed
from crew_app.registers.shift_models import HandOver, Part, ShiftPost
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.facts import fact_text
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("hand_overs", __name__, url_prefix="/hand-overs")


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """What waits for a signature, what is missing, what was handed over."""
    me, at = person(), now()
    here = me.sites_with(Right.SEE_SITE)
    past = hand_over_queries.past(here, optional_uuid(request.args, "before"))
    return render_template(
        "hand_overs/index.html",
        waiting=hand_over_queries.waiting(here),
        missing=hand_over_queries.missing(here, at),
        past=past,
        more=past[-1].id if len(past) == hand_over_queries.PAGE else None,
        overdue=shift_rules.overdue,
        at=at,
    )


@blueprint.get("/new")
@needs(Right.HAND_OVER)
def new() -> str:
    """The draft: which post, what is open there, to be edited and signed."""
    me = person()
    posts = hand_over_queries.posts(me.sites_with(Right.HAND_OVER))
    chosen = optional_uuid(request.args, "post")
    post = hand_over_queries.post(me, chosen, Right.HAND_OVER) if chosen else hand_over_queries.usual_post(me, posts)
    return render_template("hand_overs/new.html", posts=posts, post=post, **(_draft(me, post) if post else {}))


@blueprint.post("")
@needs(Right.HAND_OVER)
@command
def create() -> Done:
    """Hand over; the relief may sign at once, on the same phone."""
    me, form = person(), request.form
    post = hand_over_queries.post(me, uuid(form, "post_id"), Right.HAND_OVER)
    lines = hand_over_forms.parse_lines(form)
    signed = hand_over_forms.need_signed(form, Part.OUTGOING, me)
    found = hand_overs.hand_over(uuid(form, "hand_over_id"), post, lines, signed, by=me, at=this_moment())
    if optional_uuid(form, "relief_id"):
        hand_overs.relieve(found, _relief(me, found), by=me, at=this_moment())
    return _done(found, 201)


@blueprint.get("/all.xlsx")
@needs(Right.SEE_SITE)
def export() -> Response:
    """All hand-overs that both have signed, as a spreadsheet."""
    columns = [
        Column(gettext("Post"), 18),
        Column(gettext("End of the shift"), 18, Format.TIME),
        Column(gettext("Hands over"), 14),
        Column(gettext("Signed"), 18, Format.TIME),
        Column(gettext("Takes over"), 14),
        Column(gettext("Signed"), 18, Format.TIME),
        Column(gettext("What was handed over"), 60),
    ]
    here = person().sites_with(Right.SEE_SITE)
    rows = in_pages(lambda before: hand_over_queries.past(here, before), lambda one: one.id)
    return sheet(gettext("Shift hand-overs"), columns, _rows(rows))


@blueprint.get("/<uuid:hand_over_id>")
@needs(Right.SEE_SITE)
def show(hand_over_id: UUID) -> str:
    """One hand-over: its lines, who signed, and the relief's signature while it is missing."""
    me, at = person(), now()
    found = hand_over_queries.hand_over(me, hand_over_id)
    return render_template(
        "hand_overs/show.html",
        hand_over=found,
        groups=[(source, list(lines)) for source, lines in groupby(found.lines, attrgetter("source"))],
        people=_others(found, found.person_id) if found.person_id == me.id else [],
        may_sign=found.relieved_at is None and me.can(Right.HAND_OVER, found.site_id),
        overdue=found.relieved_at is None and shift_rules.overdue(found.ends_at, at),
        at=at,
    )


@blueprint.post("/<uuid:hand_over_id>/relief")
@needs(Right.HAND_OVER)
@command
def relieve(hand_over_id: UUID) -> Done:
    """Take over, with notes below the lines."""
    me = person()
    found = hand_over_queries.hand_over(me, hand_over_id, Right.HAND_OVER, lock=True)
    notes = hand_over_forms.parse_notes(request.form)
    hand_overs.relieve(found, _relief(me, found), notes, by=me, at=this_moment())
    return _done(found)


@blueprint.get("/posts")
@needs(Right.KEEP_REGISTERS)
def posts() -> str:
    """The posts that are relieved, to be edited."""
    me = person()
    here = sites.sites(me, Right.KEEP_REGISTERS)
    found = hand_over_queries.posts([site.id for site in here], all_of_them=True)
    return render_template("hand_overs/posts.html", posts=found, sites=here, trades=list(Trade))


@blueprint.post("/posts")
@needs(Right.KEEP_REGISTERS)
@command
def add_post() -> Done:
    """Add a post."""
    site = sites.site(person(), Right.KEEP_REGISTERS, optional_uuid(request.form, "site_id"))
    form = hand_over_forms.parse_post(request.form)
    hand_overs.add_post(uuid(request.form, "post_id"), site, form, at=this_moment())
    return Done(url_for("hand_overs.posts"), site.id, 201)


@blueprint.post("/posts/<uuid:post_id>")
@needs(Right.KEEP_REGISTERS)
@command
def change_post(post_id: UUID) -> Done:
    """Change a post, or put it out of use."""
    post = hand_over_queries.post(person(), post_id, Right.KEEP_REGISTERS)
    hand_overs.change_post(post, hand_over_forms.parse_post(request.form))
    return Done(url_for("hand_overs.posts"), post.site_id)


def _draft(me: Person, post: ShiftPost) -> dict[str, Any]:
    at = now()
    drafted = facts.draft(post, at)
    return {
        "groups": [
            (source, [(fact, fact_text(fact)) for fact in group])
            for source, group in groupby(drafted, attrgetter("source"))
        ],
        "running": hand_over_queries.running_state(post),
        "ends_at": shift_rules.planned_end(post.changes, at.astimezone(post.site.zone)),
        "people": [one for one in sites.members([post.site_id], Right.HAND_OVER) if one.id != me.id],
        "at": at,
    }


def _relief(me: Person, found: HandOver) -> Signed:
    """Who takes over: whoever is chosen, else whoever is signed in."""
    chosen = optional_uuid(request.form, "relief_id")
    relief = sites.member(found.site_id, chosen, Right.HAND_OVER) if chosen else me
    return hand_over_forms.need_signed(request.form, Part.RELIEF, relief)


def _others(found: HandOver, person_id: UUID) -> list[Person]:
    return [one for one in sites.members([found.site_id], Right.HAND_OVER) if one.id != person_id]


def _done(found: HandOver, status: int = 200) -> Done:
    return Done(url_for("hand_overs.show", hand_over_id=found.id), found.site_id, status)


def _rows(found: Iterator[HandOver]) -> Iterator[list[Value]]:
    for one in found:
        text = "\n".join(line.text for line in one.lines)
        people = (named(one.person), one.at, named(one.relieved_by), one.relieved_at)
        yield [named(one.post), one.ends_at, *people, text]
