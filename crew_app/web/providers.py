"""What asking a provider of accounts has in common: the only way out, and words for what goes wrong."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import current_app, request

from crew_app.core import outside
from crew_app.core.db import session as database
from crew_app.core.errors import Refused, Unavailable
from crew_app.core.words import N_
from crew_app.web.gate import stepped_out

LONGEST_CLAIM = 120
MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that was begun."""

    state: str
    nonce: str
    verifier: str


def new_attempt() -> Attempt:
    """One that nobody can guess."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


def down() -> Unavailable:
    """The provider does not answer, or with something else than what was asked for."""
    words = N_("The hospital's accounts cannot be reached right now. Sign in with your password, or try again later.")
    return Unavailable("provider-down", words)


def not_confirmed() -> Refused:
    """It answers, but what it says proves nothing."""
    return Refused("not-confirmed", N_("This sign-in could not be confirmed. Please start again."))


@contextmanager
def asking(url: str, ca_file: str = "") -> Iterator[outside.Session]:
    """A session that may reach the host that was configured, wherever it is; nobody waits for it meanwhile."""
    hosts = {urlsplit(url).hostname or "", *current_app.config["SETTINGS"].outside_hosts}
    database.rollback()  # no transaction stays open while the network is waited for
    try:
        with stepped_out(request.environ), outside.allowing(hosts), outside.Session(ca_file) as session:
            yield session
    except (requests.RequestException, outside.NotOutside, OSError) as error:
        current_app.logger.warning("accounts: %s", type(error).__name__)  # its words may hold a secret
        raise down() from error


def answered(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; anything else is none."""
    try:
        found = response.json()
    except ValueError as error:
        raise down() from error
    if not response.ok or not isinstance(found, dict):
        raise down()
    return found


def values_of(claims: Iterable[tuple[str, Any]], prefix: str = "") -> dict[str, frozenset[str]]:
    """Claims as texts, nested ones under their path: {"realm_access.roles": {"crew"}}."""
    found: dict[str, frozenset[str]] = {}
    for name, value in claims:
        if isinstance(value, dict) and prefix.count(".") < 3:  # noqa: PLR2004 - deeper is nobody's group
            found |= values_of(value.items(), f"{prefix}{name}.")
        else:
            values = value[:MOST_VALUES] if isinstance(value, list) else [value]
            found[prefix + name] = frozenset(str(one) for one in values if isinstance(one, (str, int)))
    return found
