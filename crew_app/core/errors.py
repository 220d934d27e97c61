"""What can go wrong in a way that a person should hear about.

A message is an English text marked with `N_`; the web layer translates it and fills in `params`.
"""

from http import HTTPStatus


class CrewError(Exception):
    """Base of all refusals. `code` is stable for programs, `message` is for people."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params


class Refused(CrewError):
    """The request was understood and cannot be done as it stands."""


class Forbidden(CrewError):
    """The person may see this but may not do that."""

    status = HTTPStatus.FORBIDDEN


class Unseen(CrewError):
    """It does not exist, or not for this person; the two are not told apart."""

    status = HTTPStatus.NOT_FOUND


class InFlight(CrewError):
    """The same command is being carried out at this moment; the same request may be sent again."""

    status = HTTPStatus.CONFLICT


class TooMany(CrewError):
    """More than is plausible in this time; later it works again."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class Unavailable(CrewError):
    """The server cannot keep anything safe right now (disk full, database locked)."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
