"""Guessing passwords by the thousand: what an attacker sends, and how much of it is looked at."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from crew_app.people import passwords
from crew_app.profiles import STANDARD
from tests.support.client import SAME_ORIGIN, CrewClient
from tests.support.people import PASSWORD

FREE = STANDARD.tries
WAIT = timedelta(minutes=STANDARD.wait_minutes)
GUESSES = int(os.environ.get("GUESSES", "260"))
WARD = "10.20.0.1"
"""Behind this address are hundreds of people."""


def attempt(client: CrewClient, login: str, password: str = "", address: str = WARD) -> int:
    """Try a password from an address; the status of the answer."""
    data, where = {"login": login, "password": password}, {"REMOTE_ADDR": address}
    return client.post("/login", data=data, headers=SAME_ORIGIN, environ_base=where).status_code


def phone_of(client: CrewClient, login: str, address: str = WARD) -> CrewClient:
    """A phone on which somebody signed in before, and signed out."""
    assert attempt(client, login, PASSWORD, address) == 302
    client.post("/sign-out", headers=SAME_ORIGIN)
    return client


def report(line: str) -> None:
    """Say how many guesses were looked at."""
    sys.stdout.write(f"\n{line}\n")


@contextmanager
def looked_at(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The passwords that were compared with anything within the block."""
    found: list[str] = []
    compare = passwords.matches

    def count(password: str, password_hash: str | None) -> bool:
        found.append(password)
        return compare(password, password_hash)

    with patch.context() as inner:
        inner.setattr("crew_app.people.actions.matches", count)
        yield found
