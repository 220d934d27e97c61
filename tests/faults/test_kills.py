"""A server that is killed under load loses and doubles nothing it acknowledged; the same look finds what was lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.judge import judge, missing_photos, of_file
from tests.faults.kills import Outcome, kills
from tests.support.database import Template

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("kills")]  # one run for all of them
KILLS, SEED = 3, 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def outcome(sqlite_template: Template, folder: Path) -> Outcome:
    """A crew at work whose server died three times."""
    return kills(sqlite_template, folder, KILLS, SEED)


def test_nothing_acknowledged_is_lost_or_doubled(outcome: Outcome) -> None:
    assert outcome.verdict.clean, outcome.verdict
    assert outcome.books == []
    assert outcome.acknowledged > KILLS
    assert not outcome.journal.answers[500]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "DELETE FROM receipts WHERE key = (SELECT key FROM receipts WHERE location LIKE '/tickets/%' LIMIT 1)",
            "lost",
        ),
        ("UPDATE tickets SET description = (SELECT description FROM tickets ORDER BY number DESC LIMIT 1)", "doubled"),
    ],
)
def test_what_is_lost_or_doubled_is_found(outcome: Outcome, folder: Path, statement: str, says: str) -> None:
    rows = of_file(folder / "data" / "crew.db")
    with closing(sqlite3.connect(folder / "data" / "crew.db", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute(statement)

        def within(query: str, *values: object) -> list[tuple[object, ...]]:
            return connection.execute(query, values).fetchall()

        found = judge(within, outcome.journal.sent, outcome.journal.acknowledged)
        connection.execute("ROLLBACK")
    assert getattr(found, says)
    assert judge(rows, outcome.journal.sent, outcome.journal.acknowledged).clean


def test_a_photo_that_went_is_found(outcome: Outcome, folder: Path, tmp_path: Path) -> None:
    assert missing_photos(of_file(folder / "data" / "crew.db"), tmp_path)
