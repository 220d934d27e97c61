"""Schemathesis over the whole document of the API, against a real server with the small hospital."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.rounds import visits
from crew_app.rounds.answers import parse
from crew_app.rounds.models import Run, RunStop
from crew_app.rounds.series_models import ReadingSeries
from crew_app.rounds.visits import Seen
from crew_app.tickets.models import Ticket
from tests.support.rounds import make_run
from tests.support.tickets import STATES, make_tickets
from tests.support.world import World

PROGRAM = str(Path(sys.executable).with_name("schemathesis"))
SETTINGS = """\
[generation]
allow-x00 = true

[checks.positive_data_acceptance]
# 422: understood, and refused as things stand (a job that is closed already, a reading of last year); 412: If-Match.
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428", "429"]
"""


@dataclass(frozen=True)
class Verdict:
    """What came of a run."""

    passed: bool
    cases: int
    text: str


def stage(app: Flask, world: World) -> None:
    """Something of everything that the API shows."""
    make_tickets(app, world, STATES)
    ids = make_run(app, world)
    with app.app_context(), write_transaction():
        stop = session.get_one(RunStop, ids["pump"])
        for hours in range(5):
            at = server_moment(datetime.now(UTC) - timedelta(minutes=hours))
            given = parse(stop.plan, {"c-pressure": "0.5"}, {})
            visits.check_in(stop, Seen(new_id(), given), by=world.person("technician"), at=at)


def staged_ids(app: Flask, world: World) -> dict[str, object]:
    """The same; ids of it in the north, by the names that addresses have for them."""
    stage(app, world)
    with app.app_context():
        return {
            "ticket_id": session.scalar(select(Ticket.id).where(Ticket.state == "open")),
            "place_id": world.places["room"],
            "asset_id": world.assets["pump"],
            "department_id": world.departments["ward"],
            "item_id": world.items["tube"],
            "store_id": world.accounts["store"],
            "series_id": session.scalar(select(ReadingSeries.id)),
            "run_id": session.scalar(select(Run.id)),
            "photo_id": world.places["room"],
        }


def check(
    url: str, token: str, folder: Path, *, examples: int, only: str = "", phases: str = "", seed: int = 20261130
) -> Verdict:
    """Run all phases, the stateful one included, with all checks; or some, over one address."""
    path = folder / "schemathesis.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    command = [PROGRAM, "--config-file", str(path), "run", f"{url}/api/v1/openapi.json"]
    command += ["--header", f"Authorization: Bearer {token}", "--checks", "all", "--seed", str(seed), "--no-color"]
    command += ["--max-examples", str(examples), "--workers", "1", "--request-timeout", "30", "--continue-on-failure"]
    command += ["--suppress-health-check", "all", "--generation-database", "none"]
    command += ["--include-path", only] if only else []
    command += ["--phases", phases] if phases else []
    environment: Mapping[str, str] = os.environ | {"NO_COLOR": "1", "COLUMNS": "160"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    found = re.search(r"([\d,]+) generated", text)
    return Verdict(done.returncode == 0, int(found[1].replace(",", "")) if found else 0, text)
