"""Late entries: what arrived after its sender lost the right, or after somebody else was faster."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.evidence.models import Photo
from crew_app.held import decisions, queries
from crew_app.people.rules import Right
from crew_app.tickets import forms
from crew_app.tickets import queries as tickets
from crew_app.tickets.models import Ticket
from crew_app.web import late
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("late", __name__, url_prefix="/late")
REMEMBERED = timedelta(days=7)


@blueprint.get("")
@signed_in
def index() -> str:
    """What a supervisor has to decide, one row per job and sender; and what became of one's own entries."""
    me = person()
    waiting = queries.undecided(me) if me.can(Right.VERIFY) else []
    own = queries.own(me, now() - REMEMBERED)
    return render_template(
        "late/index.html",
        waiting={(entry.subject_id, entry.person_id): entry for entry in reversed(waiting)},
        own=own,
        tickets=tickets.by_ids({entry.subject_id for entry in [*waiting, *own]}),
    )


@blueprint.get("/<uuid:entry_id>")
@signed_in
def show(entry_id: UUID) -> str:
    """Both sides of one question: what stands, and what arrived late."""
    entries = queries.question(person(), entry_id)
    photo_ids = [photo_id for entry in entries for photo_id in entry.photo_ids]
    return render_template(
        "late/show.html",
        entries=entries,
        first=entries[0],
        ticket=session.get(Ticket, entries[0].subject_id),
        photos={photo_id: session.get(Photo, photo_id) for photo_id in photo_ids},
    )


@blueprint.post("/<uuid:entry_id>/acceptance")
@needs(Right.VERIFY)
@command
def accept(entry_id: UUID) -> Done:
    """Let the late entries count."""
    entries = queries.question(person(), entry_id, lock=True)
    decisions.take_over(entries, _note(), late.carry_out_again, by=person(), at=this_moment())
    return Done(url_for("late.index"), entries[0].site_id)


@blueprint.post("/<uuid:entry_id>/rejection")
@needs(Right.VERIFY)
@command
def reject(entry_id: UUID) -> Done:
    """Leave everything as it stands, with the reason."""
    entries = queries.question(person(), entry_id, lock=True)
    decisions.reject(entries, _note(), by=person(), at=this_moment())
    return Done(url_for("late.index"), entries[0].site_id)


def _note() -> str:
    return forms.text(request.form, "note")
