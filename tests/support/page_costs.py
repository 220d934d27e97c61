"""What pages ask of the database: how often the same, and whether by an index."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from crew_app.core.db import db
from crew_app.web.lists import LISTS
from tests.support.counting import statements
from tests.support.growing_pages import who_may
from tests.support.query_plans import asked_of, scans

AGAIN = 4
"""So often a page may ask the same: once for each of a few sites or stores, never once for each row."""
TOPICS = {"/reports/trends": 8, "/reports/costs": 8}
"""Pages that ask the same about each of a fixed number of topics."""
_VALUES = re.compile(r"\((\?, )*\?\)")
CREWS = (
    *("/", "/tickets?all=1", "/tickets?state=verified", "/tickets?q=WX-2026", "/stock", "/places", "/people"),
    *("/reports", "/reports/trends", "/reports/wall", "/rounds", "/stock/lists/dead", "/stock/value", "/stock/costs"),
    *("/reports/costs", "/reports/costs/rows", "/reports/costs/own-works", "/review/figures", "/evidence-archive"),
)


@dataclass(frozen=True)
class Cost:
    """Of one page: what it asked too often, and the tables it reads from end to end."""

    path: str
    again: int
    scanned: frozenset[str]


def lists() -> list[str]:
    """Every list page, and what crews open all day."""
    return [*CREWS, *(path for path in sorted(LISTS) if path not in CREWS)]


def costs(app: Flask, clients: dict[str, FlaskClient], paths: list[str]) -> Iterator[Cost]:
    """Of each page that somebody may see, and of its file."""
    for path in paths:
        login = who_may(clients, path)
        if login:
            yield _cost(app, clients[login], path)


def of_files(app: Flask, clients: dict[str, FlaskClient]) -> Iterator[tuple[str, int, int]]:
    """Of each list as a file: its address, how often it asked the same, and its rows."""
    for path in sorted(LISTS):
        login = who_may(clients, path)
        if login:
            with statements(app) as asked:
                lines = clients[login].get(f"{path}/list.csv").get_data(as_text=True).count("\n")
            yield path, _most(asked), lines


def _cost(app: Flask, client: FlaskClient, path: str) -> Cost:
    with statements(app) as every, asked_of(app) as asked:
        client.get(path)
    with app.app_context(), db.engine.connect() as connection:
        found = scans(connection, asked)
    return Cost(path, _most(every), frozenset(table for tables in found.values() for table in tables))


def _most(asked: list[str]) -> int:
    """How often the most frequent statement ran, however many values it was given."""
    return max(Counter(_VALUES.sub("(?)", one) for one in asked).values(), default=0)
