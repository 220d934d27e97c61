"""Reading and writing many rows as the database has them, without a Python value for each."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, Uuid

Raw = list[Any]
"""The values of a row in the order of the table's columns; ids as 32 hex digits, times as text in UTC."""
_LINES = 2_000


class Rows(ABC):
    """One open transaction."""

    null: Any
    """How nothing is written."""
    originals: str
    """The condition that a row is no copy: what was made before it was broken off is not copied once more."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.driver_connection

    @abstractmethod
    def read(self, table: Table, where: str = "1 = 1") -> list[Raw]:
        """The rows of a table that fulfil a condition."""

    @abstractmethod
    def write(self, table: Table, rows: Iterable[Raw]) -> int:
        """Add rows; how many."""

    @abstractmethod
    def unguarded(self, table: str) -> "Guards":
        """Without the triggers that keep the rows of a table from being deleted."""

    def run(self, statement: str) -> None:
        """Anything else."""
        self.connection.exec_driver_sql(statement)

    def has(self, table: Table, key: str, value: str) -> bool:
        """Whether there is a row with this value."""
        query = f"SELECT 1 FROM {table.name} WHERE {key} = '{value}' LIMIT 1"  # noqa: S608 - names and ids of our own
        return self.connection.exec_driver_sql(query).first() is not None


class Guards:
    """Triggers that are put back in the same transaction."""

    def __init__(self, rows: Rows, off: list[str], on: list[str]) -> None:
        self.rows, self.off, self.on = rows, off, on

    def __enter__(self) -> None:
        for statement in self.off:
            self.rows.run(statement)

    def __exit__(self, *_: object) -> None:
        for statement in self.on:
            self.rows.run(statement)


class SqliteRows(Rows):
    """By `executemany`."""

    null = None
    originals = "substr(id, 13, 1) <> '8'"

    def read(self, table: Table, where: str = "1 = 1") -> list[Raw]:
        """See `Rows`."""
        found = self.driver.execute(f"SELECT {_names(table)} FROM {table.name} WHERE {where}")  # noqa: S608
        return [list(row) for row in found]

    def write(self, table: Table, rows: Iterable[Raw]) -> int:
        """See `Rows`."""
        places = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table.name} ({_names(table)}) VALUES ({places})"  # noqa: S608
        return int(self.driver.executemany(statement, rows).rowcount)

    def unguarded(self, table: str) -> Guards:
        """See `Rows`."""
        query = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"  # noqa: S608
        found = list(self.driver.execute(query))
        return Guards(self, [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found])


class PostgresRows(Rows):
    """By `COPY`, in its text form."""

    null = "\\N"
    originals = "substr(CAST(id AS text), 15, 1) <> '8'"

    def read(self, table: Table, where: str = "1 = 1") -> list[Raw]:
        """See `Rows`."""
        ids = [place for place, column in enumerate(table.columns) if isinstance(column.type, Uuid)]
        query = f"COPY (SELECT {_names(table)} FROM {table.name} WHERE {where}) TO STDOUT"  # noqa: S608
        found = []
        with self.driver.cursor().copy(query) as copy:
            text = b"".join(copy).decode()
        for line in text.split("\n")[:-1]:
            row: Raw = line.split("\t")
            for place in ids:
                row[place] = row[place].replace("-", "")
            found.append(row)
        return found

    def write(self, table: Table, rows: Iterable[Raw]) -> int:
        """See `Rows`."""
        count = 0
        with self.driver.cursor().copy(f"COPY {table.name} ({_names(table)}) FROM STDIN") as copy:
            for some in _parts(rows):
                count += len(some)
                copy.write("".join("\t".join(map(str, row)) + "\n" for row in some))
        return count

    def unguarded(self, table: str) -> Guards:
        """See `Rows`."""
        return Guards(self, [f"ALTER TABLE {table} DISABLE TRIGGER USER"], [f"ALTER TABLE {table} ENABLE TRIGGER USER"])


def rows_of(connection: Connection) -> Rows:
    """For the database of a connection."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL TimeZone = 'UTC'")
        return PostgresRows(connection)
    return SqliteRows(connection)


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _parts(rows: Iterable[Raw]) -> Iterator[list[Raw]]:
    left = iter(rows)
    while some := list(islice(left, _LINES)):
        yield some
