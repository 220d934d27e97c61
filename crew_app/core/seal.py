"""Secrets of others that must be used again, kept so that the database alone does not give them away."""

import base64
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken


class Unreadable(ValueError):
    """It was sealed with another SECRET_KEY."""


def seal(secret_key: str, text: str) -> str:
    """Make a text unreadable without the installation's key."""
    return _box(secret_key).encrypt(text.encode()).decode()


def unseal(secret_key: str, sealed: str) -> str:
    """The text again; `Unreadable` when the key has changed."""
    try:
        return _box(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("sealed with another key") from error


def _box(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"crew-seal " + secret_key.encode()).digest()))
