"""The first step of an import: its rows are staged, and what the columns mean is guessed."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.imports import reading, runs
from crew_app.imports.fields import MOST_ROWS
from crew_app.imports.guessing import LOOKED_AT, SAMPLES, guess
from crew_app.imports.jobs import AT_ONCE, Job, forget_rows, locked
from crew_app.imports.models import ImportFile, ImportRow, ImportRun, ImportState


def stage(job: Job) -> None:
    """Stage the rows, a few in each short transaction, and guess what the columns mean."""
    forget_rows(job.id)
    run = session.get_one(ImportRun, job.id)
    file = session.get(ImportFile, job.id)
    said = reading.read(file.data if file else b"", run.sheet, runs.options(run).get("encoding", ""))
    session.rollback()
    about: dict[str, Any] = next(said, {})
    top: list[tuple[int, list[str]]] = []
    batch: list[tuple[int, list[str]]] = []
    count = 0
    for number, cells in said:
        if len(top) < LOOKED_AT + SAMPLES:
            top.append((number, cells))
        batch.append((number, cells))
        count += 1
        if count > MOST_ROWS[job.subject] + LOOKED_AT:
            raise reading.refused("too-many-rows", str(MOST_ROWS[job.subject]))
        if len(batch) == AT_ONCE:
            _stage(job, batch)
            batch = []
    if not count:
        raise reading.refused("empty")
    _stage(job, batch)
    _guess(job, about, top)


def _stage(job: Job, batch: list[tuple[int, list[str]]]) -> None:
    rows = [
        {"run_id": job.id, "site_id": job.site_id, "number": number, "values": json.dumps(cells, ensure_ascii=False)}
        for number, cells in batch
    ]
    table: Any = ImportRow.__table__
    with write_transaction():
        run = locked(job)
        run.rows_done += len(rows)
        if rows:
            session.connection().execute(insert(table), rows)


def _guess(job: Job, about: Mapping[str, Any], top: list[tuple[int, list[str]]]) -> None:
    known = runs.remembered(job.site_id, job.subject, job.id)
    found = guess(job.subject, top, known)
    below = [cells for number, cells in top if number > found.row]
    columns = []
    for column, heading in enumerate(found.headings):
        samples = [cells[column][:60] for cells in below if column < len(cells) and cells[column]]
        columns.append({"heading": heading[:80], "samples": list(dict.fromkeys(samples))[:SAMPLES]})
    with write_transaction():
        run = locked(job)
        run.state, run.changed_at, run.heading_row = ImportState.READ, now(), found.row
        run.sheet = about.get("sheet", "")
        run.rows_total = run.rows_done - sum(number <= found.row for number, _ in top)
        run.columns = json.dumps(columns, ensure_ascii=False)
        run.meaning = json.dumps({str(column): field for column, field in found.meaning.items()})
        runs.set_options(run, **{name: about.get(name, "") for name in ("kind", "sheets", "encoding", "delimiter")})
