"""Lists for tests: files as hospitals have them, and an import from its first to its last step."""

import io

import openpyxl

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.imports import runs, working
from crew_app.imports.models import CellError, ImportRun, Subject

SECRET = b"secret of a test"


def book(*rows, sheet="Sheet1", merged=()):
    """A workbook with these rows."""
    made = openpyxl.Workbook()
    page = made.create_sheet(sheet, 0)
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def table(text):
    """Rows out of lines with | between the cells."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def brought(world, subject, data, name="list.xlsx", site="north", by="administrator"):
    """An import that was read; its id. Needs an application context."""
    run_id = new_id()
    with write_transaction():
        runs.begin(run_id, world.sites[site], Subject(subject), (name, data), by=world.person(by), at=server_moment())
    working.work(SECRET)
    return run_id


def checked(world, subject, data, meaning=None, **options):
    """An import whose dry run is done, with the columns as they were guessed or as they are given."""
    run_id = brought(world, subject, data, **options)
    by = world.person(options.get("by", "administrator"))
    with write_transaction():
        run = session.get_one(ImportRun, run_id)
        assert not run.failure, (run.failure, run.options)
        runs.set_meaning(run, meaning or runs.meaning(run), by=by, at=server_moment())
    working.work(SECRET)
    return session.get_one(ImportRun, run_id)


def carried_out(world, subject, data, **options):
    """An import that was carried out."""
    run = checked(world, subject, data, **options)
    assert not run.error_count, faults(run)
    run_id = run.id
    by = world.person(options.get("by", "administrator"))
    with write_transaction():
        runs.carry_out(session.get_one(ImportRun, run_id), by=by, at=server_moment())
    working.work(SECRET)
    run = session.get_one(ImportRun, run_id)
    assert not run.failure, (run.failure, run.options)
    return run


def faults(run):
    """What is wrong, as cell and words."""
    found = session.query(CellError).filter_by(run_id=run.id).order_by(CellError.row, CellError.cell)
    return [(one.cell, one.message) for one in found]


def counts(run):
    """Made, changed, same, wrong."""
    return run.made_count, run.changed_count, run.same_count, run.error_count
