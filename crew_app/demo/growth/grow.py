"""All of it, step by step: each is one transaction, and not made again when it is there."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from crew_app.core.db import WRITE
from crew_app.demo.growth.bases import Rows, rows_of
from crew_app.demo.growth.books import Books, Copy
from crew_app.demo.growth.copies import Shift
from crew_app.demo.growth.hospitals import Hospital, table
from crew_app.demo.growth.logs import Logs
from crew_app.demo.growth.size import Found, Size
from crew_app.demo.growth.work import Work

TOGETHER = 40
"""So many copies of logs in one transaction."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """Something to be written: whether it is there, how many rows are expected, and the writing of it."""

    name: str
    rows: int
    there: Callable[[Rows], bool]
    make: Callable[[Rows], int]


@dataclass(frozen=True)
class Sources:
    """What is repeated, read once."""

    hospital: Hospital
    work: Work
    logs: Logs
    books: list[Books]
    size: Size


def grow(engine: Engine, scale: float, say: Say) -> int:
    """Fill a database that has the demo hospital; how many rows were written."""
    with engine.connect() as connection, connection.begin():
        steps = list(_steps(_sources(rows_of(connection), scale)))
    begun, made, passed, total = time.monotonic(), 0, 0, sum(step.rows for step in steps)
    for step in steps:
        with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            rows = rows_of(connection)
            if not step.there(rows):
                made += step.make(rows)
        passed += step.rows
        spent = time.monotonic() - begun
        if made:
            left = spent / passed * (total - passed)
            say(f"{step.name}: {made:,} rows, {made / spent:,.0f} a second, about {left / 60:.1f} minutes left")
    return made


def analyse(engine: Engine) -> None:
    """Let the database learn how large its tables are."""
    with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.exec_driver_sql("ANALYZE")


def _sources(rows: Rows, scale: float) -> Sources:
    hospital = Hospital(rows)
    work, logs = Work(rows, hospital.sites), Logs(rows)
    accounts = {row[0] for row in work.accounts}
    books = [Books(rows, site, accounts) for site in hospital.sites]
    moves = sum(len(found.by_posting[row[0]]) for found in books for row in found.repeated)
    size = Size(scale, Found(len(work.tickets), moves, len(logs.found["answers"])))
    return Sources(hospital, work, logs, books, size)


def _steps(found: Sources) -> Iterator[Step]:
    for number in range(found.size.hospitals):
        if number:
            yield _hospital(found.hospital, number)
        yield from _work(found, number)
        yield from _logs(found, number)
        yield from _books(found, number)


def _hospital(source: Hospital, number: int) -> Step:
    first = source.names(number)[source.sites[0]]
    return Step(
        f"hospital {number + 1}",
        sum(map(len, source.found.values())),
        lambda rows: rows.has(table("sites"), "id", first),
        lambda rows: source.make(rows, number),
    )


def _job_shifts(found: Sources, number: int) -> list[Shift]:
    many, names = found.size.tickets, found.hospital.names(number)
    return [Shift(1 + number * many + copy, found.size.days(copy, many, number), names) for copy in range(many)]


def _work(found: Sources, number: int) -> Iterator[Step]:
    work = found.work
    rows_each = len(work.tickets) * 5 + len(work.events) + len(work.accounts)
    for shift in _job_shifts(found, number):
        yield Step(
            f"jobs of hospital {number + 1}",
            rows_each,
            lambda rows, shift=shift: work.exists(rows, shift),  # type: ignore[misc]
            lambda rows, shift=shift: work.make(rows, shift),  # type: ignore[misc]
        )


def _logs(found: Sources, number: int) -> Iterator[Step]:
    size, logs, names = found.size, found.logs, found.hospital.names(number)
    many = size.answers
    each = sum(map(len, logs.found.values()))
    for start in range(0, many, TOGETHER):
        shifts = [
            Shift((1 + number * many + copy) & 0xFFFF, size.log_days(copy, number), names)
            for copy in range(start, min(start + TOGETHER, many))
        ]
        yield Step(
            f"logs of hospital {number + 1}",
            each * len(shifts),
            lambda rows, shifts=shifts: logs.exists(rows, shifts[0]),  # type: ignore[misc]
            lambda rows, shifts=shifts: logs.make(rows, shifts),  # type: ignore[misc]
        )


def _books(found: Sources, number: int) -> Iterator[Step]:
    jobs, many = _job_shifts(found, number), found.size.moves
    copies = [
        Copy(Shift(1 + number * many + copy, jobs[copy % len(jobs)].days, jobs[0].names), jobs[copy % len(jobs)])
        for copy in range(many)
    ]
    for books in found.books:
        yield Step(
            f"books of hospital {number + 1}",
            many * (len(books.repeated) * 2 + len(books.moves)),
            lambda rows, books=books: books.exists(rows, copies[0]),  # type: ignore[misc]
            lambda rows, books=books: books.make(rows, copies, with_own=number == 0),  # type: ignore[misc]
        )


def made(engine: Engine) -> dict[str, int]:
    """How many rows there are now."""
    names = ("sites", "tickets", "ticket_events", "moves", "ledger_entries", "runs", "visits", "answers", "photos")
    with engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
