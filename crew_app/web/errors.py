"""What went wrong, in words: what happened, what is safe, what to do next."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from crew_app.core.db import session
from crew_app.core.errors import CrewError, InFlight
from crew_app.core.words import N_
from crew_app.web.languages import translate
from crew_app.web.logs import kind
from crew_app.web.outages import FULL_ERRNOS, full, outage
from crew_app.web.people import forget
from crew_app.web.problems import of_api, problem

RETRY_AFTER = "5"
LATER = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE, HTTPStatus.TOO_MANY_REQUESTS)
OF_THE_SESSION = frozenset({"other-person", "cross-site"})
"""Refusals that say nothing of the command itself: the phone stops sending and keeps everything."""
MESSAGES = {
    400: N_("The request was not understood."),
    404: N_("This page does not exist, or not for you."),
    405: N_("This can't be done that way."),
    413: N_("That is too large to send. Photos may have up to 25 MB."),
    500: N_("Something went wrong on the server. Nothing was changed."),
}


def start(app: Flask) -> None:
    """Answer every error in the person's language, and tell the outbox which command it was."""
    app.register_error_handler(CrewError, crew_error)
    app.register_error_handler(HTTPException, _http_error)
    for outage_of_database in (OperationalError, InterfaceError, NoConnection, PendingRollbackError):
        app.register_error_handler(outage_of_database, _database_error)
    app.register_error_handler(DBAPIError, _broken_off)
    app.register_error_handler(DataError, _data_error)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(OSError, _disk_error)
    app.register_error_handler(Exception, _unexpected)


def crew_error(error: CrewError) -> Response:
    """The answer to a refusal."""
    words = translate(error.message, **error.params)
    if of_api():
        return _with_headers(problem(error.status, error.code, words, getattr(error, "troubles", ())))
    return _answer(error.status, error.code, words)


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    message = MESSAGES.get(error.code, MESSAGES[400])
    response = _answer(error.code, error.name.lower().replace(" ", "-"), gettext(message))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _database_error(error: SQLAlchemyError) -> Response:
    current_app.logger.error("database: %s", kind(error))
    session.rollback()
    forget()
    return crew_error(outage(error))


def _broken_off(error: DBAPIError) -> Response:
    """Whatever the database says while its connection breaks off is an outage, and anything else a mistake of ours."""
    return _database_error(error) if error.connection_invalidated else _unexpected(error)


def _clash(error: IntegrityError) -> Response:
    """Two requests made the same new thing at once; asked again, the later one hears what became of the first."""
    current_app.logger.warning("clash: %s", kind(error))
    session.rollback()
    return crew_error(InFlight("in-flight", N_("This entry is being processed right now.")))


def _data_error(_error: DataError) -> Response:
    """A value the database cannot hold at all, such as a NUL in a text."""
    session.rollback()
    return _answer(HTTPStatus.BAD_REQUEST, "bad-request", gettext(MESSAGES[400]))


def _disk_error(error: OSError) -> Response:
    if error.errno not in FULL_ERRNOS:
        return _unexpected(error)
    current_app.logger.error("disk: %s", error.strerror)
    session.rollback()
    return crew_error(full())


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("unexpected error", exc_info=error)
    session.rollback()
    forget()
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "error", gettext(MESSAGES[500]))


def _answer(status: int, code: str, message: str) -> Response:
    if of_api():
        return _with_headers(problem(status, code, message))
    if "Crew-Outbox" in request.headers:
        response = Response(message, status=status, mimetype="text/plain")
    else:
        response = Response(_page(status, code, message), status=status)
    response.headers["Crew-Refusal"] = code
    _with_headers(response)
    key = _command_key()
    if key and code not in OF_THE_SESSION:
        response.headers["Crew-Receipt"] = key
    return response


def _with_headers(response: Response) -> Response:
    if response.status_code in LATER:
        response.headers["Retry-After"] = str(g.get("retry_after", RETRY_AFTER))
    return response


def _command_key() -> str | None:
    """Which command is answered, even when it was refused before it was read."""
    if "command" in g:
        return str(g.command.key)
    try:
        return str(UUID(request.headers.get("Crew-Key", "")))
    except ValueError:
        return None


def _page(status: int, code: str, message: str) -> str:
    return render_template("errors/error.html", status=int(status), code=code, message=message)
