"""The second step of an import: the dry run. What it would do is counted, what is wrong is named by its cell."""

import json
from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import delete, select

from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.imports import runs
from crew_app.imports.cells import column_name
from crew_app.imports.fields import field_of
from crew_app.imports.jobs import AT_ONCE, Job, locked
from crew_app.imports.models import CellError, ImportRow, ImportRun, ImportState, Subject
from crew_app.imports.plan_lists import AssetPlanner, DepartmentPlanner, ItemPlanner
from crew_app.imports.plan_people import PersonPlanner
from crew_app.imports.plan_places import PlacePlanner
from crew_app.imports.plan_stock import StockPlanner
from crew_app.imports.plan_templates import TemplatePlanner
from crew_app.imports.planning import Fault, Insert, Page, Planner, Row
from crew_app.places.models import AssetKind

MOST_FAULTS = 1000
"""Faults that are kept with their words; all are counted."""
PLANNERS: dict[Subject, type[Planner]] = {
    planner.subject: planner
    for planner in (
        DepartmentPlanner,
        PlacePlanner,
        AssetPlanner,
        PersonPlanner,
        ItemPlanner,
        StockPlanner,
        TemplatePlanner,
    )
}


def check(job: Job) -> None:
    """The dry run: count what would be made and changed, and say which cells are wrong."""
    _forget_faults(job)
    sums, new_kinds = Page(), list[str]()
    for page, done in plan_pages(job, None):
        kept = page.faults[: max(0, MOST_FAULTS - len(sums.faults))]
        add_up(sums, page)
        new_kinds += [
            row["name"]
            for step in page.steps
            if isinstance(step, Insert) and step.model is AssetKind
            for row in step.rows
        ]
        _tell(job, sums, kept, done)
    with write_transaction():
        run = locked(job)
        run.state, run.changed_at, run.rows_done = ImportState.CHECKED, now(), run.rows_total
        runs.set_options(run, new_kinds=new_kinds[:20])


def add_up(sums: Page, page: Page) -> None:
    """Count a page with the others."""
    sums.made, sums.changed, sums.same = sums.made + page.made, sums.changed + page.changed, sums.same + page.same
    sums.faults += page.faults
    page.faults = []


def _tell(job: Job, sums: Page, faults: list[Fault], done: int) -> None:
    with write_transaction():
        run = locked(job)
        run.rows_done, run.error_count = done, len(sums.faults)
        run.made_count, run.changed_count, run.same_count = sums.made, sums.changed, sums.same
        columns = {field: column for column, field in runs.meaning(run).items()}
        headings = [column["heading"] for column in json.loads(run.columns)]
        session.add_all(_fault(job, one, columns, headings) for one in faults)


def _fault(job: Job, fault: Fault, columns: Mapping[str, int], headings: list[str]) -> CellError:
    column = columns.get(fault.field)
    heading = headings[column] if column is not None else field_of(job.subject, fault.field).words
    return CellError(
        id=new_id(),
        site_id=job.site_id,
        run_id=job.id,
        row=fault.row,
        cell=f"{column_name(column)}{fault.row}" if column is not None else str(fault.row),
        heading=heading[:80],
        value=fault.value[:200],
        message=fault.message[:200],
        params=json.dumps({name: str(value) for name, value in fault.params.items()}, ensure_ascii=False),
    )


def plan_pages(job: Job, secret: str | None) -> Iterator[tuple[Page, int]]:
    """What each page of rows comes to, and how many rows were looked at."""
    run = session.get_one(ImportRun, job.id)
    meaning, heading_row = runs.meaning(run), run.heading_row
    planner = PLANNERS[job.subject](job.site_id, {"secret": secret})
    done = 0
    for rows in _pages(job.id, heading_row, meaning):
        page = planner.page(rows)
        done += len(rows)
        session.rollback()
        yield page, done
    yield planner.end(), done
    session.rollback()


def _pages(run_id: UUID, after: int, meaning: Mapping[int, str]) -> Iterator[list[Row]]:
    while True:
        query = select(ImportRow.number, ImportRow.values).where(ImportRow.run_id == run_id, ImportRow.number > after)
        found = session.execute(query.order_by(ImportRow.number).limit(AT_ONCE)).all()
        if not found:
            return
        after = found[-1][0]
        yield [Row(number, _named(json.loads(values), meaning)) for number, values in found]


def _named(cells: list[str], meaning: Mapping[int, str]) -> dict[str, str]:
    return {field: cells[column] for column, field in meaning.items() if column < len(cells)}


def _forget_faults(job: Job) -> None:
    with write_transaction():
        run = locked(job)
        run.rows_done = run.made_count = run.changed_count = run.same_count = run.error_count = 0
        session.execute(delete(CellError).where(CellError.run_id == job.id))
