"""Verbs of an import: begin, say what the columns mean, carry out, cancel, show the passwords once."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.imports.fields import ALSO_NEEDED, FIELDS
from crew_app.imports.guessing import word
from crew_app.imports.models import ImportFile, ImportRun, ImportState, Subject
from crew_app.imports.reader_text import ENCODINGS
from crew_app.imports.reading import MOST_BYTES
from crew_app.people.models import Person
from crew_app.people.rules import Right

BUSY = frozenset({ImportState.READING, ImportState.CHECKING, ImportState.APPLYING})
OVER = frozenset({ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED})
SHOWN_FOR = timedelta(minutes=10)
SHOWN = 50
_HOSTILE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def begin(
    run_id: UUID, site_id: UUID, subject: Subject, file: tuple[str, bytes], *, by: Person, at: Moment
) -> ImportRun:
    """Take a file (name, bytes); it is read by the worker."""
    check_right(by, site_id, subject)
    name, data = file
    if not data:
        raise Refused("file-missing", N_("Please choose a file."))
    if len(data) > MOST_BYTES:
        raise Refused("file-too-large", N_("This file is larger than %(most)s MB. Split it."), most=MOST_BYTES >> 20)
    if session.get(ImportRun, run_id):
        raise Refused("import-known", N_("This file was already taken."))
    run = ImportRun(
        id=run_id,
        site_id=site_id,
        subject=subject,
        file_name=clean_name(name),
        sha256=hashlib.sha256(data).hexdigest(),
        byte_size=len(data),
        made_by_id=by.id,
        made_at=at.at,
        changed_at=at.at,
    )
    session.add(run)
    session.flush()
    session.add(ImportFile(run_id=run.id, site_id=site_id, data=data))
    session.flush()
    return run


def check_right(by: Person, site_id: UUID, subject: Subject) -> None:
    """`Forbidden` without the right to bring in lists, or without the one that this subject needs as well."""
    also = ALSO_NEEDED.get(subject, Right.IMPORT)
    if not (by.can(Right.IMPORT, site_id) and by.can(also, site_id)):
        raise Forbidden("may-not", N_("Your role does not allow this."))


def find(run_id: UUID, by: Person, *, lock: bool = False) -> ImportRun:
    """An import of a site at which this person may bring in lists."""
    query = select(ImportRun).where(ImportRun.id == run_id, ImportRun.site_id.in_(by.sites_with(Right.IMPORT)))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Unseen("unknown-import", N_("This import does not exist, or not for you."))
    return found


def recent(by: Person) -> list[ImportRun]:
    """The last imports of the sites at which this person may bring in lists."""
    query = select(ImportRun).where(ImportRun.site_id.in_(by.sites_with(Right.IMPORT)))
    return list(session.scalars(query.order_by(ImportRun.made_at.desc(), ImportRun.id.desc()).limit(SHOWN)))


def set_meaning(run: ImportRun, meaning: Mapping[int, str], *, by: Person, at: Moment) -> None:
    """Say which column is which field; then the rows are checked."""
    check_right(by, run.site_id, run.subject)
    _need(run, ImportState.READ, ImportState.CHECKED)
    known = {field.key for field in FIELDS[run.subject]}
    chosen = {column: field for column, field in meaning.items() if field in known}
    if len(set(chosen.values())) != len(chosen):
        raise Refused("meaning-twice", N_("Two columns have the same meaning. Choose one of them."))
    missing = [field for field in FIELDS[run.subject] if field.needed and field.key not in chosen.values()]
    if missing:
        raise Refused("meaning-missing", N_("No column is chosen for: %(what)s."), what=missing[0].words)
    run.meaning = json.dumps({str(column): field for column, field in chosen.items()})
    _go(run, ImportState.CHECKING, at.at)


def read_again(run: ImportRun, sheet: str, encoding: str, *, by: Person, at: Moment) -> None:
    """Read another sheet, or the text in another encoding."""
    check_right(by, run.site_id, run.subject)
    _need(run, ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
    if session.get(ImportFile, run.id) is None:
        raise Refused("import-over", N_("This import is over. Bring the file again."))
    run.sheet = sheet[:80]
    set_options(run, encoding=encoding if encoding in ENCODINGS else "", tries=0)
    _go(run, ImportState.READING, at.at)


def carry_out(run: ImportRun, *, by: Person, at: Moment) -> None:
    """Let the worker bring in what was checked; only without a fault."""
    check_right(by, run.site_id, run.subject)
    _need(run, ImportState.CHECKED)
    if run.error_count:
        raise Refused("import-faults", N_("Some cells are wrong. Correct them in the file and bring it again."))
    set_options(run, by=str(by.id))
    _go(run, ImportState.APPLYING, at.at)


def cancel(run: ImportRun, *, by: Person, at: Moment) -> None:
    """Stop; nothing was changed yet, nothing will be."""
    check_right(by, run.site_id, run.subject)
    if run.state in OVER:
        raise Refused("import-over", N_("This import is over already."))
    run.state, run.changed_at = ImportState.CANCELLED, at.at
    session.flush()


def show_passwords(run: ImportRun, *, by: Person, at: Moment) -> None:
    """Open the list of temporary passwords for some minutes, once."""
    check_right(by, run.site_id, run.subject)
    found = options(run)
    if run.state is not ImportState.DONE or not found.get("logins") or found.get("shown_at"):
        raise Refused("passwords-shown", N_("These passwords were shown already. Set a new one for whoever lacks one."))
    set_options(run, shown_at=at.received_at.isoformat(), shown_to=str(by.id))


def passwords_open(run: ImportRun, by: Person, at: datetime) -> bool:
    """Whether the list may be fetched now, by this person."""
    found = options(run)
    if found.get("shown_to") != str(by.id):
        return False
    return at - datetime.fromisoformat(found["shown_at"]) <= SHOWN_FOR


def options(run: ImportRun) -> dict[str, Any]:
    """What else is known of an import."""
    found: dict[str, Any] = json.loads(run.options)
    return found


def set_options(run: ImportRun, **values: Any) -> None:
    """Keep something more about an import."""
    run.options = json.dumps(options(run) | values, ensure_ascii=False)
    session.flush()


def meaning(run: ImportRun) -> dict[int, str]:
    """Column number -> field."""
    return {int(column): field for column, field in json.loads(run.meaning).items()}


def remembered(site_id: UUID, subject: Subject, but: UUID | None = None) -> dict[str, str]:
    """What headings meant in the last imports of this site: word of the heading -> field."""
    query = select(ImportRun.columns, ImportRun.meaning).where(
        ImportRun.site_id == site_id,
        ImportRun.subject == subject,
        ImportRun.id != but,
        ImportRun.state.in_([ImportState.CHECKED, ImportState.APPLYING, ImportState.DONE]),
    )
    found: dict[str, str] = {}
    for columns, said in session.execute(query.order_by(ImportRun.made_at.desc()).limit(5)):
        headings = [column["heading"] for column in json.loads(columns)]
        for column, field in json.loads(said).items():
            if int(column) < len(headings):
                found.setdefault(word(headings[int(column)]), field)
    return found


def clean_name(name: str) -> str:
    """The name of a file without its folders and without signs that do something."""
    plain = _HOSTILE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return plain[-120:] or "?"


def _need(run: ImportRun, *states: ImportState) -> None:
    if run.state not in states:
        raise Refused("import-state", N_("This import has gone on meanwhile. Look at it again."))


def _go(run: ImportRun, state: ImportState, at: datetime) -> None:
    run.state, run.changed_at, run.rows_done = state, at, 0
    set_options(run, tries=0)
