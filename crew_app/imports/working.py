"""The worker's part of an import: read, check, carry out. Killed at any point, it begins that step anew."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from crew_app.core.changes import NEW, How, Trace, note
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import CrewError, Refused
from crew_app.core.words import N_
from crew_app.imports import runs
from crew_app.imports.applying import Spool, Who, carry_out, overtaken, spool
from crew_app.imports.bulk import Overtaken
from crew_app.imports.checking import add_up, check, plan_pages
from crew_app.imports.jobs import Job, Stopped, forget_rows, locked
from crew_app.imports.models import ImportFile, ImportRun, ImportState
from crew_app.imports.planning import Page
from crew_app.imports.staging import stage
from crew_app.people.models import Person

MOST_TRIES = 3
KEPT = timedelta(days=7)
"""How long a file waits for somebody who does not come back."""


def work(secret: bytes) -> int:
    """Do what waits, the oldest first; how much was done. `secret` is what temporary passwords are made from."""
    done = 0
    while job := _next():
        do(job, secret)
        done += 1
    return done + tidy(now())


def do(job: Job, secret: bytes) -> None:
    """One step of one import, whatever comes of it."""
    try:
        _begin(job)
        if job.state is ImportState.READING:
            stage(job)
        elif job.state is ImportState.CHECKING:
            check(job)
        else:
            _apply(job, secret)
    except Stopped:
        session.rollback()
    except CrewError as refusal:
        _fail(job, refusal)


def _next() -> Job | None:
    session.rollback()
    query = select(ImportRun.id, ImportRun.site_id, ImportRun.subject, ImportRun.state)
    found = session.execute(query.where(ImportRun.state.in_(runs.BUSY)).order_by(ImportRun.changed_at).limit(1)).first()
    session.rollback()
    return Job(*found) if found else None


def _begin(job: Job) -> None:
    """Count the tries: what ends the process each time must not do so for ever."""
    with write_transaction():
        run = locked(job)
        tries = runs.options(run).get("tries", 0) + 1
        runs.set_options(run, tries=tries)
    if tries > MOST_TRIES:
        raise Refused("import-interrupted", N_("This import was interrupted three times. Nothing was brought in."))


def _fail(job: Job, refusal: CrewError) -> None:
    with write_transaction():
        run = session.get_one(ImportRun, job.id)
        if run.state is job.state:
            run.state, run.failure, run.changed_at = ImportState.FAILED, refusal.message[:400], now()
            runs.set_options(run, failure_params={name: str(value) for name, value in refusal.params.items()})


def _apply(job: Job, secret: bytes) -> None:
    """Plan without a lock, then write everything in one transaction; planned anew when others were quicker."""
    for _ in range(MOST_TRIES):
        with spool(_who(job)) as plan:
            sums = Page()
            for page, done in plan_pages(job, f"{secret.hex()}:{job.id}"):
                plan.keep(page)
                add_up(sums, page)
                with write_transaction():
                    locked(job).rows_done = done
            if sums.faults:
                raise overtaken()
            try:
                _write(job, plan, sums)
            except (Overtaken, IntegrityError):
                continue
            return
    raise overtaken()


def _who(job: Job) -> Who:
    run = session.get_one(ImportRun, job.id)
    found = runs.options(run)
    return Who(UUID(found["by"]), run.site_id, now(), How(found.get("how", How.IMPORT)))


def _write(job: Job, plan: Spool, sums: Page) -> None:
    begun = worked = 0.0
    with write_transaction():
        begun, worked = time.monotonic(), time.thread_time()
        run = locked(job)
        runs.check_right(session.get_one(Person, plan.who.person_id), run.site_id, run.subject)
        carry_out(plan, plan.who)
        run, at = locked(job), now()
        words = f"{run.subject}: +{sums.made} ~{sums.changed} ={sums.same}; sha256 {run.sha256}"
        note(run, NEW, "", words, Trace(plan.who.person_id, at, plan.who.how), name=run.file_name)
        run.state, run.changed_at, run.applied_at = ImportState.DONE, at, at
        run.made_count, run.changed_count, run.same_count = sums.made, sums.changed, sums.same
        runs.set_options(run, logins=plan.logins)
    held, took = round((time.monotonic() - begun) * 1000), round((time.thread_time() - worked) * 1000)
    with write_transaction():
        runs.set_options(session.get_one(ImportRun, job.id), lock_ms=held, lock_cpu_ms=took)


def tidy(at: datetime) -> int:
    """Let go of the rows and files of imports that are over, and of those nobody came back to; how many."""
    forgotten = _forgotten(at)
    query = select(ImportFile.run_id).join(ImportRun, ImportRun.id == ImportFile.run_id)
    over = session.scalars(query.where(ImportRun.state.in_([ImportState.DONE, ImportState.CANCELLED])).limit(20)).all()
    session.rollback()
    for run_id in over:
        forget_rows(run_id)
        with write_transaction():
            session.execute(delete(ImportFile).where(ImportFile.run_id == run_id))
    return len(over) + forgotten


def _forgotten(at: datetime) -> int:
    waiting = [ImportState.READ, ImportState.CHECKED, ImportState.FAILED]
    query = select(ImportRun.id).join(ImportFile, ImportFile.run_id == ImportRun.id)
    ids = session.scalars(query.where(ImportRun.state.in_(waiting), ImportRun.changed_at < at - KEPT).limit(20)).all()
    session.rollback()
    if ids:
        with write_transaction():
            for run_id in ids:
                session.get_one(ImportRun, run_id).state = ImportState.CANCELLED
    return len(ids)
