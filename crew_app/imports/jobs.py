"""An import in the worker's hands: what it needs to know of it, and the run itself, locked."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from crew_app.core.db import session, write_transaction
from crew_app.imports.models import ImportRow, ImportRun, ImportState, Subject

AT_ONCE = 1000
"""Rows that are staged, checked or tidied away in one short transaction."""


class Stopped(Exception):
    """The import was cancelled while it was worked on."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the worker knows of the import it works on, without holding on to a row."""

    id: UUID
    site_id: UUID
    subject: Subject
    state: ImportState


def locked(job: Job) -> ImportRun:
    """The run, locked, still in the state in which the worker took it."""
    query = select(ImportRun).where(ImportRun.id == job.id).with_for_update()
    run = session.scalars(query.execution_options(populate_existing=True)).one()
    if run.state is not job.state:
        raise Stopped
    return run


def forget_rows(run_id: UUID) -> None:
    """Let go of the staged rows, a few in each short transaction."""
    while True:
        query = select(ImportRow.number).where(ImportRow.run_id == run_id).order_by(ImportRow.number)
        last = session.scalars(query.limit(AT_ONCE)).all()
        session.rollback()
        if not last:
            return
        with write_transaction():
            session.execute(delete(ImportRow).where(ImportRow.run_id == run_id, ImportRow.number <= last[-1]))
