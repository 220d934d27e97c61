"""Statements made ready before the transaction that runs them: within it only the database works.

Types are turned into what the driver takes beforehand, so that other writers wait for rows, not for Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from crew_app.core.db import session
from crew_app.imports.planning import Update


class Overtaken(Exception):
    """Somebody changed what the plan was made from."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """One statement with many rows of parameters; `exact` when each must change a row."""

    sql: str
    rows: list[tuple[Any, ...]]
    exact: bool = False

    def run(self) -> None:
        """Run it in the present transaction; `Overtaken` when a row is not as it was."""
        done = session.connection().exec_driver_sql(self.sql, self.rows)
        if self.exact and done.rowcount != len(self.rows):
            raise Overtaken


def insertion(table: Table, rows: Sequence[dict[str, Any]]) -> Bulk:
    """Rows of one table with the same columns; usual values are filled in."""
    defaults: dict[str, Any] = {one.name: one.default for one in table.columns if one.default is not None}
    usual = {name: found.arg for name, found in defaults.items() if found.is_scalar}
    columns = [one for one in table.columns if one.name in rows[0] or one.name in usual]
    makers = [(one.name, usual.get(one.name), _maker(one)) for one in columns]
    names, marks = ", ".join(f'"{one.name}"' for one in columns), ", ".join([_mark()] * len(columns))
    found = [tuple(make(row.get(name, default)) for name, default, make in makers) for row in rows]
    return Bulk(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', found)  # noqa: S608 - names of our own tables


def change(table: Table, fields: Sequence[str], updates: Sequence[Update]) -> Bulk:
    """New values of these fields, for rows that still have the old ones."""
    columns, mark = [table.columns[name] for name in fields], _mark()
    makers = [(one.name, _maker(one)) for one in columns]
    key = _maker(table.columns["id"])
    values = ", ".join(f'"{one.name}" = {mark}' for one in columns)
    same = " AND ".join(f'"{one.name}" IS NOT DISTINCT FROM {mark}' for one in columns)
    rows = [
        (
            *(make(one.after[name]) for name, make in makers),
            key(one.id),
            *(make(one.before.get(name)) for name, make in makers),
        )
        for one in updates
    ]
    return Bulk(f'UPDATE "{table.name}" SET {values} WHERE id = {mark} AND {same}', rows, exact=True)  # noqa: S608


def _mark() -> str:
    return "?" if session.get_bind().dialect.name == "sqlite" else "%s"


def _maker(column: Column[Any]) -> Any:
    dialect = session.get_bind().dialect
    found = column.type.dialect_impl(dialect).bind_processor(dialect)
    return found or _same


def _same(value: Any) -> Any:
    return value
