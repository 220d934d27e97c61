"""What is written down about the running service: a line each on standard output, as text or as JSON.

No line holds a path, a query, a form value, a name or a secret: routes by their rule, people by their id, errors by
their kind and place. What an exception says is kept back unless its kind never quotes values.
"""

import json
import logging
import os
import re
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from types import TracebackType
from typing import Any

from flask import has_request_context, request
from jinja2 import TemplateError
from sqlalchemy.exc import DBAPIError

STANDARD_OUTPUT = 1
TELLING = (AttributeError, ImportError, NameError, NotImplementedError, TemplateError, TypeError)
"""Kinds of errors whose words come from the code alone."""
_THREAD = local()
_COLUMNS_ONLY = re.compile(r"(UNIQUE|CHECK|NOT NULL|FOREIGN KEY) constraint failed(: [a-z0-9_., ]+)?")


@dataclass(slots=True)
class Seen:
    """A request as it goes on; what is not known yet is empty."""

    id: str
    method: str
    route: str = "-"
    status: int = 500
    person: str = ""
    site: str = ""
    receipt: str = ""
    refusal: str = ""
    statements: int = 0
    asked: float = 0.0
    in_database: float = 0.0
    """Seconds."""


def begin(seen: Seen) -> None:
    """This thread works on that request from now on."""
    _THREAD.seen = seen


def end() -> None:
    """It is done."""
    _THREAD.seen = None


def current() -> Seen | None:
    """The request this thread works on."""
    found: Seen | None = getattr(_THREAD, "seen", None)
    return found


class Lines(logging.Handler):
    """Writes records of Python's logging, from the application and from packages."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def emit(self, record: logging.LogRecord) -> None:
        """One line; a stack trace follows on lines of its own, or as a field."""
        seen = current()
        facts: dict[str, Any] = {"level": record.levelname.lower(), "logger": record.name, "message": _words(record)}
        if seen:
            rule = request.url_rule if has_request_context() else None
            seen.route = rule.rule if rule else seen.route
            facts |= {"request": seen.id, "route": seen.route}
        trace = stack(record.exc_info[1]) if record.exc_info and record.exc_info[1] else ""
        if self._as_json:
            write(_json("log", facts | ({"trace": trace} if trace else {})))
            return
        about = f" [{seen.id} {seen.route}]" if seen else ""
        write(f"{_now()} {facts['level']} {record.name}: {facts['message']}{about}\n{trace}")


class AsJson(logging.Formatter):
    """For the server's own lines, which it writes before the application is there."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        facts = {"level": record.levelname.lower(), "logger": record.name, "message": _words(record)}
        return _json("log", facts).rstrip()


def _words(record: logging.LogRecord) -> str:
    try:
        return " ".join(record.getMessage().splitlines())
    except (TypeError, ValueError):  # wrongly put together, and no reason to lose a request
        return str(record.msg)


def start(*, as_json: bool) -> None:
    """Write down what the application and its packages say, from warnings upward."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, Lines)]:
        root.removeHandler(handler)
    root.addHandler(Lines(as_json=as_json))
    root.setLevel(logging.WARNING)


def say_request(seen: Seen, seconds: float, waited: float, *, as_json: bool) -> None:
    """The line of a request that was answered: `waited` seconds until work on it began, `seconds` in all."""
    ms, waited_ms, database_ms = seconds * 1000, waited * 1000, seen.in_database * 1000
    method = seen.method if seen.method.isalpha() else "?"
    known = (("person", seen.person), ("site", seen.site), ("receipt", seen.receipt), ("refusal", seen.refusal))
    if as_json:  # put together by hand: all of it comes from the code, or was looked at letter by letter
        more = "".join([f',"{name}":"{value}"' for name, value in known if value])
        write(
            f'{{"time":"{_now()}","what":"request","request":"{seen.id}","method":"{method}","route":{_text(seen.route)}'
            f',"status":{seen.status},"ms":{ms:.1f},"waited_ms":{waited_ms:.1f},"statements":{seen.statements}'
            f',"database_ms":{database_ms:.1f}{more}}}\n'
        )
        return
    more = "".join([f" {name}={value}" for name, value in known if value])
    work = f"{ms:.1f} ms (waited {waited_ms:.1f}, {seen.statements} statements {database_ms:.1f})"
    write(f"{_now()} {method} {seen.route} {seen.status} {work} {seen.id}{more}\n")


@lru_cache(maxsize=2000)
def _text(route: str) -> str:
    return json.dumps(route)


def write(line: str) -> None:
    """One system call, so that lines of several processes do not mix; a log that nobody reads stops nobody."""
    with suppress(OSError):
        os.write(STANDARD_OUTPUT, line.encode(errors="replace"))


def stack(error: BaseException) -> str:
    """Where it happened, and before that what it came from: places in the code and kinds of errors, no values."""
    parts: list[str] = []
    found: BaseException | None = error
    while found is not None and len(parts) < 10:  # noqa: PLR2004 - chains can be circles
        parts.insert(0, _places(found.__traceback__) + kind(found))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\nwhich led to\n".join(parts) + "\n"


def _places(trace: TracebackType | None) -> str:
    return "".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}: {frame.line}\n" for frame in traceback.extract_tb(trace)
    )


def kind(error: BaseException) -> str:
    """What sort of error it is, in words that hold nothing of what was entered."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, DBAPIError):
        return f"{name}: {_of_database(error.orig)}"
    if isinstance(error, OSError):
        return f"{name}: {error.strerror or 'no reason given'}"
    return f"{name}: {' '.join(str(error).splitlines())}" if isinstance(error, TELLING) else name


def _of_database(error: Any) -> str:
    """PostgreSQL quotes the values that clash, so only its code and the constraint; SQLite names columns alone."""
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        told = (type(error).__name__, error.sqlstate, diagnosis.table_name, diagnosis.constraint_name)
        return " ".join(part for part in told if part)
    return " ".join(str(part) for part in (type(error).__name__, getattr(error, "sqlite_errorname", ""), _short(error)))


def _short(error: Any) -> str:
    words = str(error)
    fixed = ("database is locked", "database or disk is full", "disk I/O error", "unable to open database file")
    return words if words in fixed or _COLUMNS_ONLY.fullmatch(words) else ""


def _json(what: str, facts: dict[str, Any]) -> str:
    return json.dumps({"time": _now(), "what": what} | facts, ensure_ascii=False, separators=(",", ":")) + "\n"


def _now() -> str:
    at = time.time()
    return f"{_second(int(at))}.{int(at % 1 * 1000):03d}Z"


@lru_cache(maxsize=2)
def _second(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
