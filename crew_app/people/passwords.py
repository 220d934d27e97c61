"""Passwords: how they are kept, checked, and what is too weak."""

import secrets
import threading
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.common_passwords import is_common, plain
from crew_app.profiles import STANDARD, Profile

SHORTEST, LONGEST = STANDARD.shortest, 200
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_LEAST_NAME = 4
"""Letters of a name that a password must not contain; shorter ones are in too many words."""
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


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(password_hash)


def check_strength(password: str, login: str, profile: Profile = STANDARD, names: Iterable[str] = ()) -> None:
    """`Refused` ("weak-password") when a password is too short, endless, common, or made of a name that is known."""
    if not profile.shortest <= len(password) <= LONGEST:
        words = N_("A password needs %(shortest)s characters or more.")
        raise Refused("weak-password", words, shortest=profile.shortest)
    if _kinds(password) < profile.kinds:
        words = N_("A password needs %(kinds)s of these: capitals, small letters, digits, other characters.")
        raise Refused("weak-password", words, kinds=profile.kinds)
    known = [plain(name) for name in names]
    has_name = any(len(name) >= _LEAST_NAME and name in plain(password) for name in known)
    has_login = bool(login) and login.lower() in password.lower()
    if has_login or has_name or len(set(password)) < 4 or is_common(password):  # noqa: PLR2004
        raise Refused("weak-password", N_("This password is too easy to guess."))


def _kinds(password: str) -> int:
    """How many of capitals, small letters, digits and others it has."""
    kinds = {unicodedata.category(letter) for letter in password}
    others = kinds - {"Lu", "Ll", "Nd"}
    return sum(one in kinds for one in ("Lu", "Ll", "Nd")) + bool(others)


def temporary_password() -> str:
    """A password to read out or write down once: nearly 60 random bits in three groups, of three kinds."""
    while True:
        text = "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
        if any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
            return text
