"""The document of the API against a running server: what it says may be sent is taken, what it says is answered is.

`make api-check` runs it long (`EXAMPLES=500`); without, a little of everything. Sabotage: a member that is not as the
document says, and an error of the server, are found.
"""

import os
import shutil
import sqlite3

import pytest

from crew_app import create_app
from crew_app.core.db import db
from tests.acceptance.sabotage import Cut, sabotaged
from tests.support.api import new_system
from tests.support.api_check import check, stage
from tests.support.database import Template, settings_for, sqlite_url
from tests.support.small_hospital import small_hospital

EXAMPLES = int(os.environ.get("EXAMPLES", "3"))
QUICK = {"API_PER_MINUTE": "100000"}
DRIFT = Cut(
    "crew_app/api/kinds.py",
    "        return str(value)\n\n\n@dataclass",
    "        return len(str(value))\n\n\n@dataclass",
)
BROKEN = Cut(
    "crew_app/api/places.py",
    "    return sliced(rows.departments(where(asked)), asked.limit)",
    "    return sliced(rows.departments(where(asked)), asked.limit // 0)",
)


@pytest.fixture
def filled(tmp_path, sqlite_template):
    """The small hospital with something of everything, and a token of somebody who works and verifies."""
    folder = tmp_path / "filled"
    folder.mkdir()
    shutil.copy(sqlite_template.source, folder / "crew.db")
    app = create_app(settings_for(folder, sqlite_url(folder)))
    stage(app, sqlite_template.world)
    system = new_system(app, sqlite_template.world, "foreman")
    with app.app_context():
        db.engine.dispose()
    with sqlite3.connect(folder / "crew.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return Template(str(folder / "crew.db"), sqlite_template.world), system.token


@pytest.mark.timeout(3600)
def test_everything_the_document_says_holds(filled, tmp_path):
    template, token = filled
    with small_hospital(template, tmp_path, environment=QUICK) as hospital:
        verdict = check(hospital.url, token, tmp_path, examples=EXAMPLES)
    print(verdict.text[-900:])  # noqa: T201 - `make api-check` shows it
    assert verdict.passed, verdict.text
    assert verdict.cases > 1000, verdict.text


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("cut", "found"), [(DRIFT, "Response violates schema"), (BROKEN, "Server error")], ids=["drift", "broken"]
)
def test_a_document_that_does_not_hold_is_found(filled, tmp_path, cut, found):
    template, token = filled
    program = sabotaged(tmp_path / "program", cut)
    with small_hospital(template, tmp_path, program, environment=QUICK) as hospital:
        verdict = check(hospital.url, token, tmp_path, examples=1, only="/api/v1/departments", phases="coverage")
    assert not verdict.passed
    assert found in verdict.text, verdict.text
