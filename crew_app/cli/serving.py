"""Serving: database up to date, a first administrator, a certificate when wanted, then the server."""

import errno
import gc
import logging
import os
import socket
from pathlib import Path
from typing import Any

import click
import flask_migrate
from granian import Granian
from granian.constants import Interfaces

from crew_app import create_app
from crew_app.config import read_settings
from crew_app.core.clock import now
from crew_app.core.db import write_transaction
from crew_app.people import actions, queries
from crew_app.people.passwords import temporary_password
from crew_app.people.rules import Role
from crew_app.web.hosts import refuse_another_key
from crew_app.web.paths import MIGRATIONS

FIRST = "admin"
WAITING = 64
"""Requests whose bodies may be on their way at once; `web/gate.py` lets two of them work."""


def refuse_taken_port(host: str, port: int) -> None:
    """Another server that listens there would get some of our requests: Granian shares ports with others."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = f"Something else is listening on port {port}. Stop it, or choose another: PORT={port + 1}"
            raise click.ClickException(words) from error
        raise


def prepare() -> None:
    """Bring the database up to date; on the very first start make an administrator who must choose a password."""
    app = create_app(read_settings())
    with app.app_context():
        upgrade_database()
        refuse_another_key(now())
        if queries.anybody():
            return
        password = temporary_password()
        with write_transaction():
            site = actions.add_site("main", "本院", "Main site")
            person = actions.add_person(FIRST, "管理员", password, site, [Role.ADMINISTRATOR], at=now())
            person.must_change_password = True
    click.echo(f"\n  First start. Sign in as {FIRST} with the password {password}\n  You will choose your own then.\n")


def upgrade_database() -> None:
    """Run the migrations that are missing."""
    flask_migrate.upgrade(directory=str(MIGRATIONS))


def run(host: str, port: int, workers: int, *, https: bool) -> None:
    """Serve until told to stop."""
    # The server doubts so many threads; most of them only wait for bodies, which it cannot know.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    certificate, key = local_certificate(host) if https else (None, None)
    os.environ.setdefault("CREW_SCHEDULER", "1")  # read by each worker after the fork: threads do not survive one
    gc.collect()
    gc.freeze()  # workers share what was loaded by now as long as nobody writes into it, and a look-through writes
    Granian(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=WAITING,
        backpressure=256,
        working_dir=MIGRATIONS.parent,
        respawn_failed_workers=True,  # what the others do goes on, where a process was killed
        ssl_cert=certificate,
        ssl_key=key,
        log_access=False,
        log_dictconfig=_json_lines() if read_settings().watching.log_json else None,
    ).serve()


def _json_lines() -> dict[str, Any]:
    formatter = {"()": "crew_app.web.logs.AsJson"}
    return {"formatters": {"generic": formatter, "access": formatter}}


def local_certificate(host: str) -> tuple[Path, Path]:
    """A certificate for this machine, made once and kept; phones accept it after a warning."""
    from crew_app.web.certificate import make_certificate

    folder = read_settings().data / "certificate"
    certificate, key = folder / "server.pem", folder / "server.key"
    if not certificate.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_certificate(certificate, key, host)
    os.environ["CREW_HTTPS"] = "1"
    return certificate, key
