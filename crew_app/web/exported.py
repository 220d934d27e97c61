"""Who took data out: each file that is handed out is written into the record, once it has gone out."""

from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.wsgi import ClosingIterator

from crew_app.core.db import session, write_transaction
from crew_app.people import records
from crew_app.people.models import Person
from crew_app.people.record_models import What
from crew_app.web.people import person_or_none

OWN_LOG = frozenset({"photos"})
"""Blueprints that write down by themselves what they hand out."""


def start(app: Flask) -> None:
    """Watch for files."""
    app.after_request(_watch)


def _watch(response: Response) -> Response:
    told = response.headers.get("Content-Disposition")
    if told and told.startswith("attachment") and response.status_code == 200 and request.blueprint not in OWN_LOG:  # noqa: PLR2004
        person = person_or_none()
        if person:
            _when_sent(response, person.id, request.full_path.rstrip("?"), (request.remote_addr or "", _browser()))
    return response


def _browser() -> str:
    return request.user_agent.string


def _when_sent(response: Response, person_id: UUID, path: str, where: tuple[str, str]) -> None:
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - it outlives the request

    def write() -> None:
        with app.app_context():
            try:
                with write_transaction():
                    found = session.get(Person, person_id)
                    records.record(What.EXPORT, found, detail=path, where=where)
            except OperationalError:
                app.logger.exception("an export could not be written down: %s", path)

    if response.direct_passthrough:  # what is called at the end is not called for a file
        response.response = ClosingIterator(response.response, write)  # type: ignore[arg-type]
    else:
        response.call_on_close(write)
