"""The database: whole, up to date, not held by anybody; audit chain and books."""

import fcntl
import itertools
import time
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from crew_app.cli.audit import WORDS
from crew_app.cli.audit import problems as chain_problems
from crew_app.cli.checkup.findings import Patient, Said, fail, fine, warn
from crew_app.cli.ledger import problems as ledger_problems
from crew_app.core import chain_checks
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.stock import checks
from crew_app.stock.models import Move
from crew_app.web.paths import MIGRATIONS

MB = 1 << 20
LONG_WAL = 256 * MB
PATIENCE = 5.0
"""Seconds in which the queue of writers must have moved on."""
MANY_MOVES = 300_000
"""From so many on the sums of the books are made with --deep only."""
APART = 2.0
"""Seconds by which the database's clock may differ."""
RESTORE = (
    "Stop the service, move the data folder aside, bring back the newest good backup: `crew restore BACKUPS --to …`."
)


def integrity(patient: Patient) -> Said:
    """What the database finds when it looks at itself."""
    if patient.database_file is None:
        version = session.scalar(text("SHOW server_version"))
        yield fine(f"PostgreSQL {version} answers.")
        return
    pragma = "integrity_check" if patient.deep else "quick_check"
    try:
        found = [str(row[0]) for row in session.execute(text(f"PRAGMA {pragma}(5)")) if row[0] != "ok"]
    except DatabaseError as error:
        found = [str(error.orig)]
    if found:
        yield fail(f"The database is damaged: {found[0]}", RESTORE)
    else:
        yield fine(f"The database is whole ({pragma}).")


def migrations(_patient: Patient) -> Said:
    """Whether program and database belong together."""
    script = ScriptDirectory(str(MIGRATIONS))
    there, head = session.scalar(text("SELECT version_num FROM alembic_version")), script.get_current_head()
    if there == head:
        yield fine(f"The database is at the present migration, {head}.")
    elif there in {step.revision for step in script.walk_revisions()}:
        yield fail(f"The database is at migration {there}, the program at {head}.", "Back up, then `crew db upgrade`.")
    else:
        words = f"The database was made by a newer program (migration {there}, this one knows {head})."
        yield fail(words, "Install that version again; do not start this one.")


def log_size(patient: Patient) -> Said:
    """SQLite's write-ahead log, which grows while somebody reads for long."""
    if patient.database_file is None:
        return
    log = patient.database_file.with_name(patient.database_file.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    if size > LONG_WAL:
        words = f"The write-ahead log has {size // MB} MB: something reads for very long, and everything gets slow."
        yield warn(words, f"End what reads (`fuser -v {log}`), or restart the service: it is folded in then.")
    else:
        yield fine(f"The write-ahead log has {size // MB} MB.")


def queue(patient: Patient) -> Said:
    """Whether writers move on."""
    if patient.database_file is None:
        return
    path = patient.database_file.with_name(patient.database_file.name + ".queue")
    if not path.exists():
        yield fine("Nobody has written yet.")
        return
    with path.open("a") as file:
        if _got(file.fileno()):
            yield fine("Writers move on.")
            return
    holder = _holder(path)
    who = f"process {holder}" if holder else "a process"
    words = f"For {PATIENCE:.0f} seconds {who} has let nobody else write."
    step = f"Look what it is (`ps -fp {holder}`); when it hangs, end it: nothing that was acknowledged is lost."
    yield fail(words, step if holder else "Restart the service: nothing that was acknowledged is lost.")


def _got(descriptor: int) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def _holder(path: Path) -> int:
    """The process that holds a lock on a file, by /proc/locks; 0 when that is not known."""
    inode = str(path.stat().st_ino)
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        words = line.split()
        if "->" not in words and words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode:
            return max(0, int(words[4]))
    return 0


def clock(patient: Patient) -> Said:
    """The database's clock against this machine's."""
    if patient.database_file is not None:
        return
    before = now()
    there = session.scalar(select(func.clock_timestamp()))
    apart = abs((there - before).total_seconds()) if there else 0.0
    if apart > APART:
        words = f"The clock of the database's machine is {apart:.0f} s apart from this one's."
        yield fail(words, "Let NTP keep both clocks.")
    else:
        yield fine("The database's clock agrees.")


def chain(patient: Patient) -> Said:
    """Whether evidence was altered: the newest links, or all of them."""
    if not patient.deep:
        ends = chain_checks.faults_at_end()
        found = [f"{fault.chain} {fault.position}: {WORDS[fault.what]}" for fault in itertools.islice(ends, 20)]
    else:
        found = list(itertools.islice(chain_problems([]), 20))
        if not chain_checks.all_closed():
            found = [one for one in found if WORDS["unsealed"] not in one]
    extent = "all links" if patient.deep else "the newest links"
    if found:
        step = "Find out who can write to the database; compare with kept heads: `crew audit verify --heads FILE`."
        yield fail(f"The audit chain does not fit ({extent}): {found[0]}", step)
    else:
        yield fine(f"The audit chain fits ({extent}).")


def books(patient: Patient) -> Said:
    """The stock ledger."""
    many = session.scalar(select(func.count()).select_from(Move)) or 0
    whole = patient.deep or many <= MANY_MOVES
    found = list(itertools.islice(ledger_problems() if patient.deep else _quick(whole=whole), 20))
    if found:
        yield fail(
            f"The stock books are wrong: {found[0]}", "Look at all of it: `crew ledger check`; keep a copy first."
        )
    else:
        yield fine("The stock books fit." if whole else "The stock books balance; their sums are checked with --deep.")


def _quick(*, whole: bool) -> list[str]:
    found = [f"trigger {name} is missing" for name in checks.missing_triggers()]
    found += [f"item {item} does not sum to zero" for item in checks.unbalanced_items()]
    drifts = checks.drifts() if whole else []
    return found + [f"balance {one.account_id} {one.item_id}: {one.from_moves} by moves, {one.kept}" for one in drifts]
