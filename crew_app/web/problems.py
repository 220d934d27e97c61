"""Errors of the API (RFC 9457): what went wrong, for programs and for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, jsonify, request

from crew_app.core.errors import CrewError

API = "/api/"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with a request, and where it stands."""

    where: str
    name: str
    detail: str


class Malformed(CrewError):
    """The request does not fit what was declared."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, code: str, message: str, troubles: Sequence[Trouble] = ()) -> None:
        super().__init__(code, message)
        self.troubles = troubles


class NotJson(CrewError):
    """The body is of a kind that is not taken."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class NoToken(CrewError):
    """Nobody is known by this token, or there is none."""

    status = HTTPStatus.UNAUTHORIZED


class Changed(CrewError):
    """It is not any more as the asker says."""

    status = HTTPStatus.PRECONDITION_FAILED


def of_api() -> bool:
    """Whether a program asks, by the API."""
    return request.path.startswith(API)


def problem(status: int, code: str, words: str, troubles: Sequence[Trouble] = ()) -> Response:
    """The answer to a program."""
    found = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "code": code}
    found["detail"] = words
    if troubles:
        found["errors"] = [{"in": one.where, "name": one.name, "detail": one.detail} for one in troubles]
    response = jsonify(found)
    response.status_code, response.mimetype = status, "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="crew"'
    return response
