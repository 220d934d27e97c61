"""Imports between pages, the worker and the command line."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from crew_app.config import Settings
from crew_app.core.db import session
from crew_app.imports import runs, working
from crew_app.imports.cells import column_name
from crew_app.imports.fields import FIELDS
from crew_app.imports.models import CellError, ImportRun
from crew_app.imports.plan_people import temporary_password
from crew_app.people.models import Person
from crew_app.web.languages import translate
from crew_app.web.samples import heading

SHOWN_FAULTS = 50


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: its letter, heading, a few values, and the field it is taken for."""

    number: int
    letter: str
    heading: str
    samples: list[str]
    field: str


def bring_in(_settings: Settings, _at: datetime) -> int:
    """For the worker: read, check and carry out what waits."""
    return working.work(secret())


def secret() -> bytes:
    """What temporary passwords are made from: the same in every process, in no table."""
    return hashlib.sha256(b"temporary passwords" + str(current_app.secret_key).encode()).digest()


def columns(run: ImportRun) -> list[FileColumn]:
    """The columns of the file that have anything in them."""
    meaning = runs.meaning(run)
    found = [
        FileColumn(number, column_name(number), one["heading"], one["samples"], meaning.get(number, ""))
        for number, one in enumerate(json.loads(run.columns))
    ]
    return [one for one in found if one.heading or one.samples]


def missing(run: ImportRun) -> list[str]:
    """What must be there and has no column, in words."""
    chosen = set(runs.meaning(run).values())
    return [heading(one) for one in FIELDS[run.subject] if one.needed and one.key not in chosen]


def faults(run: ImportRun, most: int | None = SHOWN_FAULTS) -> list[tuple[CellError, str]]:
    """What is wrong, with its words in the person's language."""
    query = select(CellError).where(CellError.run_id == run.id).order_by(CellError.row, CellError.cell)
    found = session.scalars(query.limit(most) if most else query)
    return [(one, words(one.message, json.loads(one.params))) for one in found]


def words(message: str, params: dict[str, Any]) -> str:
    """A text with its parameters, which are data and are not translated."""
    found = translate(message)
    return found % params if params else found


def failure(run: ImportRun) -> str:
    """Why all of it failed."""
    return words(run.failure, runs.options(run).get("failure_params", {})) if run.failure else ""


def passwords(run: ImportRun) -> list[tuple[Person, str]]:
    """Who was made by this import and has not signed in yet, with the password to begin with."""
    key = f"{secret().hex()}:{run.id}"
    logins: list[str] = runs.options(run).get("logins", [])
    found: list[Person] = []
    for start in range(0, len(logins), 500):
        query = select(Person).where(Person.login.in_(logins[start : start + 500]), Person.must_change_password)
        found += session.scalars(query.order_by(Person.login))
    return [(one, temporary_password(key, one.login)) for one in found]
