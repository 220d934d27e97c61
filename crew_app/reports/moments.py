"""Arithmetic with moments inside a query, on both databases, in whole seconds: less than one does not count."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from crew_app.core.types import UtcDateTime


class _Between(FunctionElement[int]):
    name = "seconds_between"
    type = BigInteger()
    inherit_cache = True


class _Earlier(FunctionElement[Any]):
    name = "earlier"
    type = UtcDateTime()
    inherit_cache = True


def seconds_between(start: Any, end: Any) -> ColumnElement[int]:
    """The seconds from one moment to another; below zero the wrong way round, null without one of them."""
    return _Between(start, end)


def earlier(moment: Any, by: timedelta) -> ColumnElement[Any]:
    """The moment so much before another."""
    return _Earlier(moment, int(by / timedelta(seconds=1)))


@compiles(_Between, "sqlite")
def _between_sqlite(element: _Between, compiler: SQLCompiler, **kw: Any) -> str:
    start, end = (compiler.process(part, **kw) for part in element.clauses)
    return f"(CAST(strftime('%s', {end}) AS INTEGER) - CAST(strftime('%s', {start}) AS INTEGER))"


@compiles(_Between, "postgresql")
def _between_postgres(element: _Between, compiler: SQLCompiler, **kw: Any) -> str:
    start, end = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {end})) - FLOOR(EXTRACT(EPOCH FROM {start})) AS BIGINT)"


@compiles(_Earlier, "sqlite")
def _earlier_sqlite(element: _Earlier, compiler: SQLCompiler, **kw: Any) -> str:
    moment, seconds = (compiler.process(part, **kw) for part in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f', {moment}, (-{seconds}) || ' seconds')"


@compiles(_Earlier, "postgresql")
def _earlier_postgres(element: _Earlier, compiler: SQLCompiler, **kw: Any) -> str:
    moment, seconds = (compiler.process(part, **kw) for part in element.clauses)
    return f"({moment} - make_interval(secs => {seconds}))"
