"""What a person discarded on the phone instead of sending it."""

from flask import Blueprint, request, url_for
from flask_babel import ngettext

from crew_app.sync import discards
from crew_app.web.access import signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("discards", __name__)


@blueprint.post("/sync/discards")
@signed_in
@command
def create() -> Done:
    """Hear of a discarded entry. Whoever could make an entry may say that it is gone."""
    me = person()
    told = discards.parse(request.form)
    ticket = discards.ticket_of(told, me)
    discards.keep(told, ticket, _words(told), by=me, at=this_moment())
    location = url_for("tickets.show", ticket_id=ticket.id) if ticket else url_for("shell.outbox")
    return Done(location, ticket.site_id if ticket else None)


def _words(told: discards.Discarded) -> str:
    """For the story: what it was, in the words of the person's own language, as its label is."""
    if not told.photos:
        return told.label
    return f"{told.label} · {ngettext('%(num)s photo', '%(num)s photos', told.photos)}"
