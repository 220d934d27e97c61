"""Passwords: how they are kept, checked, and what is too weak."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crew_app.core.errors import Refused
from crew_app.core.words import N_

SHORTEST, LONGEST = 8, 200
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher()
_one_at_a_time = threading.Lock()
_DECOY = _hasher.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right. An unknown person (None) costs the same time as a wrong password."""
    try:
        with _one_at_a_time:  # hashing is meant to be dear; a flood of guesses must not take every core
            _hasher.verify(password_hash or _DECOY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def check_strength(password: str, login: str) -> None:
    """`Refused` ("weak-password") when a password is too short, endless, or contains the log-in name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused("weak-password", N_("A password needs %(shortest)s characters or more."), shortest=SHORTEST)
    if (login and login.lower() in password.lower()) or len(set(password)) < 4:  # noqa: PLR2004
        raise Refused("weak-password", N_("This password is too easy to guess."))


def temporary_password() -> str:
    """A password to read out or write down once: 60 random bits in three groups."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
