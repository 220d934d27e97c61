"""Bringing lists in, and taking everything out, on the server itself."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from crew_app.core.changes import How
from crew_app.core.clock import now, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.imports import jobs, runs, working
from crew_app.imports.models import ImportRun, ImportState, Subject
from crew_app.people.models import Membership, Person, Site
from crew_app.people.rules import RIGHTS, Right
from crew_app.web import importing
from crew_app.web.dumping import Wanted, dump


def bring(subject: str, file: Path, site_code: str, login: str, *, dry_run: bool) -> Iterator[str]:
    """Read, check, and unless it is only a trial carry out; lines that say how it goes. `Refused` when it does not."""
    site = session.scalar(select(Site).where(Site.code == site_code))
    if site is None:
        raise Refused("unknown-site", N_("There is no site with this code."))
    by = _somebody(site, login)
    run_id, person_id = new_id(), by.id
    with write_transaction():
        run = runs.begin(run_id, site.id, Subject(subject), (file.name, file.read_bytes()), by=by, at=server_moment())
        runs.set_options(run, how=How.COMMAND)
    _do(run_id)
    yield from _columns(run_id)
    with write_transaction():
        run = session.get_one(ImportRun, run_id)
        runs.set_meaning(run, runs.meaning(run), by=session.get_one(Person, person_id), at=server_moment())
    run = _do(run_id)
    yield f"new {run.made_count}, changed {run.changed_count}, as it is {run.same_count}, wrong cells {run.error_count}"
    for fault, words in importing.faults(run, None):
        yield f"{fault.cell} {fault.heading}: {fault.value!r} {words}"
    if dry_run or run.error_count:
        _stop(run_id, person_id)
        if run.error_count:
            raise Refused("import-faults", N_("Some cells are wrong. Nothing was brought in."))
        return
    with write_transaction():
        by, run = session.get_one(Person, person_id), session.get_one(ImportRun, run_id)
        runs.carry_out(run, by=by, at=server_moment())
    run = _do(run_id)
    yield f"Brought in: new {run.made_count}, changed {run.changed_count}."


def _somebody(site: Site, login: str) -> Person:
    """The person in whose name it happens: the one that is named, else an administrator of the site."""
    roles = [role for role, rights in RIGHTS.items() if Right.IMPORT in rights]
    query = select(Person).join(Membership).where(Person.active, Membership.site_id == site.id)
    query = query.where(Person.login == login) if login else query.where(Membership.role.in_(roles))
    found = session.scalars(query.order_by(Person.created_at).limit(1)).first()
    if found is None:
        raise Refused("unknown-person", N_("Nobody at this site may bring in lists. Name somebody with --by."))
    return found


def _do(run_id: UUID) -> ImportRun:
    """The step that waits, here and now; the worker elsewhere may have done it already."""
    found = session.get_one(ImportRun, run_id)
    if found.state in runs.BUSY:
        working.do(jobs.Job(found.id, found.site_id, found.subject, found.state), importing.secret())
    session.rollback()
    run = session.get_one(ImportRun, run_id)
    if run.state is ImportState.FAILED:
        raise Refused("import-failed", importing.failure(run).replace("%", "%%"))
    return run


def _columns(run_id: UUID) -> Iterator[str]:
    for one in importing.columns(session.get_one(ImportRun, run_id)):
        yield f"{one.letter} {one.heading} -> {one.field or '-'}"


def _stop(run_id: UUID, person_id: UUID) -> None:
    with write_transaction():
        run = session.get_one(ImportRun, run_id)
        runs.cancel(run, by=session.get_one(Person, person_id), at=server_moment())


def take_out(file: Path, site_code: str, login: str, form: str, *, photos: bool) -> str:
    """Write everything of one site, or of all, into a file; a line that says how much."""
    query = select(Site).order_by(Site.code)
    here = list(session.scalars(query.where(Site.code == site_code) if site_code else query))
    if not here:
        raise Refused("unknown-site", N_("There is no site with this code."))
    wanted = Wanted(tuple(one.id for one in here), _somebody(here[0], login).id, now(), form, photos)
    size = 0
    with file.open("wb") as target:
        for part in dump(wanted):
            size += target.write(part)
    return f"{file}: {size} bytes"
