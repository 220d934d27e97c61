"""Encryption of what lies in a backup: AES-256-GCM in numbered parts, the last of them marked.

Each file has a key of its own, derived from the backup's key, a random salt and what the file is. A part that is
altered, stands elsewhere or is missing does not open, and neither does a file under another name.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crew_app.backups.troubles import Damaged, WrongKey

MAGIC = b"CREWSEAL1\n"
PART = 1 << 20
"""Bytes in each part but the last."""
_CHECK, _SALT, _TAG = 8, 16, 16
_HEAD = len(MAGIC) + _CHECK + _SALT
OVERHEAD = _HEAD + _TAG
"""Bytes that a sealed file of one part is longer than what is in it."""


def sealed_size(size: int) -> int:
    """How long a file becomes."""
    return _HEAD + size + _TAG * max(1, -(-size // PART))


def hidden_name(key: bytes, fingerprint: str) -> str:
    """The name of a file by its fingerprint; without the key nobody can tell which picture it is."""
    return hmac.new(key, b"name " + fingerprint.encode(), hashlib.sha256).hexdigest()


def seal(key: bytes, data: bytes, about: str) -> bytes:
    """Encrypt; `about` says what it is and must be said again to open it."""
    salt = os.urandom(_SALT)
    box, parts = _box(key, salt, about), [MAGIC, _check(key, salt), salt]
    starts = range(0, max(1, len(data)), PART)
    for number, start in enumerate(starts):
        parts.append(box.encrypt(_nonce(number, last=number == len(starts) - 1), data[start : start + PART], None))
    return b"".join(parts)


def unseal(key: bytes, blob: bytes, about: str) -> bytes:
    """Decrypt; `WrongKey`, or `Damaged` that says in which way."""
    if not blob.startswith(MAGIC) or len(blob) < OVERHEAD:
        raise Damaged(about, "it is cut off" if MAGIC.startswith(blob[: len(MAGIC)]) else "it is no encrypted file")
    check, salt = blob[len(MAGIC) : len(MAGIC) + _CHECK], blob[len(MAGIC) + _CHECK : _HEAD]
    if not hmac.compare_digest(check, _check(key, salt)):
        raise WrongKey(about)
    box, step = _box(key, salt, about), PART + _TAG
    parts = [blob[start : start + step] for start in range(_HEAD, len(blob), step)]
    return b"".join(_opened(box, part, number, len(parts), about) for number, part in enumerate(parts))


def _opened(box: AESGCM, part: bytes, number: int, of: int, about: str) -> bytes:
    last = number == of - 1
    if found := _tried(box, part, number, last=last):
        return found[0]
    if last and _tried(box, part, number, last=False):
        raise Damaged(about, f"it is cut off after part {number + 1}")
    if not last and _tried(box, part, number, last=True):
        raise Damaged(about, f"something was put behind its last part, {number + 1}")
    for other in range(of + 1):
        if _tried(box, part, other, last=False) or _tried(box, part, other, last=True):
            raise Damaged(about, f"part {other + 1} stands where part {number + 1} belongs")
    why = f"it is {'cut off, ' if last else ''}altered, or belongs to another file"
    raise Damaged(about, f"part {number + 1} of {of} does not open: {why}")


def _tried(box: AESGCM, part: bytes, number: int, *, last: bool) -> tuple[bytes] | None:
    try:
        return (box.decrypt(_nonce(number, last=last), part, None),)
    except (InvalidTag, ValueError):  # too short to have a tag
        return None


def _box(key: bytes, salt: bytes, about: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"crew backup " + about.encode()).derive(key))


def _check(key: bytes, salt: bytes) -> bytes:
    return hmac.new(key, b"check " + salt, hashlib.sha256).digest()[:_CHECK]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
