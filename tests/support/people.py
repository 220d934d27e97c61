"""Passwords that cost nothing, for tests that sign in a hundred times; the real hasher stays at hand."""

import secrets
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from crew_app.people import passwords

PASSWORD = "blauer-Eimer-47"
REAL_HASHER = passwords._hasher  # noqa: SLF001 - the one place where tests look behind the curtain
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        make_passwords_cheap(patch)
        yield


def make_passwords_cheap(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(passwords, "_hasher", CHEAP_HASHER)
    patch.setattr(passwords, "_DECOY", CHEAP_HASHER.hash(secrets.token_urlsafe()))
