"""What the administrator looks after, on one page, and every change of it."""

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from crew_app.core.changes import PAGE, Wanted, changes
from crew_app.people import queries as people
from crew_app.people.rules import Right
from crew_app.tickets.forms import optional_uuid
from crew_app.web.access import needs, signed_in
from crew_app.web.change_words import KINDS, Told, kind_words, tell
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.office import doors
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("administration", __name__, url_prefix="/admin")


@blueprint.get("")
@signed_in
def index() -> str:
    """The doors of the office that one may open."""
    return render_template("administration/index.html", groups=doors(person()))


@blueprint.get("/changes")
@needs(Right.CONFIGURE)
def changed() -> str:
    """Every change of a setting or a list at one's sites: who, when, from what to what."""
    wanted = _wanted()
    found = changes(wanted, cursor(request.args.get("after", "")))
    return render_template(
        "administration/changes.html",
        changes=tell(found),
        wanted=wanted,
        kinds=sorted(((kind, kind_words(kind)) for kind in KINDS), key=lambda one: one[1]),
        people=people.managed_people(person()),
        more=cursor_of(found[-1].at, found[-1].id) if len(found) == PAGE else None,
    )


@blueprint.get("/changes.xlsx")
@needs(Right.CONFIGURE)
def changed_sheet() -> Response:
    """The same as a spreadsheet, all of them."""
    wanted = _wanted()
    columns = [
        *(Column(gettext("Time"), 18, Format.TIME), Column(gettext("Kind of thing"), 18), Column(gettext("Name"), 28)),
        *(Column(gettext("Value"), 22), Column(gettext("Old"), 30), Column(gettext("New"), 30)),
        *(Column(gettext("Person"), 14), Column(gettext("How"), 16)),
    ]
    found = in_pages(lambda after: tell(changes(wanted, after)), lambda told: (told.at, told.id))
    return sheet(gettext("What was changed"), columns, map(_row, found))


def _row(told: Told) -> list[Value]:
    return [told.at, told.kind, told.name, told.field, told.before, told.after, told.who, told.how]


def _wanted() -> Wanted:
    args = request.args
    kind = args.get("kind", "")
    here = person().sites_with(Right.CONFIGURE)
    who, what = optional_uuid(args, "person_id"), optional_uuid(args, "subject_id")
    return Wanted(here, kind if kind in KINDS else "", who, what)
