"""Lists that are brought in: a file, what its columns mean, the dry run, and the real one."""

import re
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.imports import runs
from crew_app.imports.fields import ALSO_NEEDED, FIELDS, SUBJECT_HELP, SUBJECT_LABELS
from crew_app.imports.models import ImportRun, ImportState, Subject
from crew_app.imports.reader_text import ENCODINGS
from crew_app.imports.reading import MOST_BYTES
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web import importing, samples
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Table, Value, sheet, workbook

blueprint = Blueprint("imports", __name__, url_prefix="/admin/imports")
_FILE = "a file is looked at by the server first; what is wrong with it has to be said at once"
_OFFICE = "an import goes on at the server; its page shows how"


@blueprint.get("")
@needs(Right.IMPORT)
def index() -> str:
    """What can be brought in, with a sample of each, and the last imports."""
    me = person()
    return render_template(
        "imports/index.html",
        subjects=[(one, SUBJECT_HELP[one]) for one in SUBJECT_LABELS if me.can(ALSO_NEEDED.get(one, Right.IMPORT))],
        labels=SUBJECT_LABELS,
        sites=sites.sites(me, Right.IMPORT),
        recent=runs.recent(me),
    )


@blueprint.get("/new")
@needs(Right.IMPORT)
def new() -> str:
    """Where a file is chosen."""
    me, subject = person(), _subject(request.args.get("subject", ""))
    return render_template(
        "imports/new.html",
        subject=subject,
        label=SUBJECT_LABELS[subject],
        note=SUBJECT_HELP[subject],
        fields=[(one, samples.heading(one), samples.explanation(one)) for one in FIELDS[subject]],
        sites=sites.sites(me, Right.IMPORT),
        most=MOST_BYTES >> 20,
    )


@blueprint.get("/sample.xlsx")
@needs(Right.IMPORT)
def sample() -> Response:
    """A workbook to be filled in."""
    return samples.sample(_subject(request.args.get("subject", "")))


@blueprint.post("")
@needs(Right.IMPORT)
@online_only(_FILE)
@command
def create() -> Done:
    """Take a file."""
    me, form = person(), request.form
    site = sites.site(me, Right.IMPORT, optional_uuid(form, "site_id"))
    file = request.files.get("file")
    data = file.stream.read(MOST_BYTES + 1) if file and file.filename else b""
    name = (file.filename if file else "") or ""
    subject = _subject(text(form, "subject"))
    run = runs.begin(uuid(form, "run_id"), site.id, subject, (name, data), by=me, at=this_moment())
    return _done(run, 201)


@blueprint.get("/<uuid:run_id>")
@needs(Right.IMPORT)
def show(run_id: UUID) -> str:
    """How far it has come, and what comes next."""
    me = person()
    run = runs.find(run_id, me)
    found = runs.options(run)
    return render_template(
        "imports/show.html",
        run=run,
        label=SUBJECT_LABELS[run.subject],
        busy=run.state in runs.BUSY,
        columns=importing.columns(run),
        missing=importing.missing(run),
        fields=[(one.key, samples.heading(one)) for one in FIELDS[run.subject]],
        faults=importing.faults(run),
        failure=importing.failure(run),
        options=found,
        sheets=[(one, one) for one in found.get("sheets", [])],
        encodings=[(one, one.upper()) for one in ENCODINGS],
        has_passwords=bool(found.get("logins")) and not found.get("shown_at"),
        passwords_open=bool(found.get("shown_at")) and runs.passwords_open(run, me, now()),
        ImportState=ImportState,
    )


@blueprint.post("/<uuid:run_id>/meaning")
@needs(Right.IMPORT)
@online_only(_OFFICE)
@command
def set_meaning(run_id: UUID) -> Done:
    """Say what the columns mean, and let the rows be checked."""
    run = runs.find(run_id, person(), lock=True)
    found = {name: field for name, field in request.form.items() if re.fullmatch(r"column-\d{1,3}", name) and field}
    meaning = {int(name.removeprefix("column-")): field for name, field in found.items()}
    runs.set_meaning(run, meaning, by=person(), at=this_moment())
    return _done(run)


@blueprint.post("/<uuid:run_id>/reading")
@needs(Right.IMPORT)
@online_only(_OFFICE)
@command
def read_again(run_id: UUID) -> Done:
    """Read another sheet, or in another encoding."""
    run, form = runs.find(run_id, person(), lock=True), request.form
    runs.read_again(run, text(form, "sheet"), text(form, "encoding"), by=person(), at=this_moment())
    return _done(run)


@blueprint.post("/<uuid:run_id>/application")
@needs(Right.IMPORT)
@online_only(_OFFICE)
@command
def carry_out(run_id: UUID) -> Done:
    """Bring it in."""
    run = runs.find(run_id, person(), lock=True)
    runs.carry_out(run, by=person(), at=this_moment())
    return _done(run)


@blueprint.post("/<uuid:run_id>/cancellation")
@needs(Right.IMPORT)
@online_only(_OFFICE)
@command
def cancel(run_id: UUID) -> Done:
    """Stop it."""
    run = runs.find(run_id, person(), lock=True)
    runs.cancel(run, by=person(), at=this_moment())
    return _done(run)


@blueprint.post("/<uuid:run_id>/password-list")
@needs(Right.IMPORT)
@online_only(_OFFICE)
@command
def show_passwords(run_id: UUID) -> Done:
    """Open the list of temporary passwords, once."""
    run = runs.find(run_id, person(), lock=True)
    runs.show_passwords(run, by=person(), at=this_moment())
    return _done(run)


@blueprint.get("/<uuid:run_id>/passwords.xlsx")
@needs(Right.IMPORT)
def passwords(run_id: UUID) -> Response:
    """The temporary passwords, for the minutes after they were opened, for whoever opened them."""
    me = person()
    run = runs.find(run_id, me)
    if not runs.passwords_open(run, me, now()):
        raise Unseen("passwords-closed", N_("This list is closed. Set a new password for whoever lacks one."))
    columns = [
        Column(gettext("Staff number"), 14),
        Column(gettext("Name"), 14),
        Column(gettext("Log-in name"), 18),
        Column(gettext("Temporary password"), 22),
    ]
    rows = [[one.staff_number or "", one.name, one.login, password] for one, password in importing.passwords(run)]
    response = workbook(gettext("Temporary passwords"), [Table(gettext("Temporary passwords"), columns, rows)])
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<uuid:run_id>/faults.xlsx")
@needs(Right.IMPORT)
def faults(run_id: UUID) -> Response:
    """What is wrong, as a spreadsheet."""
    run = runs.find(run_id, person())
    columns = [
        Column(gettext("Cell"), 8),
        Column(gettext("Row"), 8, Format.QUANTITY),
        Column(gettext("Column"), 18),
        Column(gettext("Value"), 30),
        Column(gettext("What is wrong"), 70),
    ]
    rows: list[list[Value]] = [
        [one.cell, one.row, one.heading, one.value, words] for one, words in importing.faults(run, None)
    ]
    return sheet(gettext("What is wrong"), columns, rows)


def _subject(said: str) -> Subject:
    if said not in list(Subject):
        raise Refused("unknown-list", N_("Please choose what the list is of."))
    return Subject(said)


def _done(run: ImportRun, status: int = 200) -> Done:
    return Done(url_for("imports.show", run_id=run.id), run.site_id, status=status)
