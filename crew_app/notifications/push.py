"""Web Push: the installation's own keys (VAPID), encryption for one phone, and what push services answer.

The only module that knows of it. The building stones are those of pywebpush, without its way of sending: that one
resolves names by itself and follows redirects.
"""

import base64
import json
import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import http_ece
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from crew_app.core import outside
from crew_app.core.db import session
from crew_app.notifications.models import PushKey
from crew_app.notifications.outcome import SENT, Came, Outcome

KEPT = 24 * 3600
"""Seconds that a push service keeps it for a phone that is off."""
TOKEN_LIFETIME = 12 * 3600
POINT, SECRET = 65, 16
"""Bytes of a browser's public key and of its secret."""
_MOST_TOLD = 3600


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to one phone: where, for whose keys, and the words."""

    endpoint: str
    p256dh: str
    auth: str
    content: dict[str, str]
    urgent: bool = False


def make_keys(at: datetime) -> PushKey:
    """The key pair, made when there is none yet; within a write transaction."""
    found = session.get(PushKey, 1)
    if found is None:
        secret = ec.generate_private_key(ec.SECP256R1())
        point = secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        number = secret.private_numbers().private_value.to_bytes(32, "big")
        found = PushKey(id=1, private=_text(number), public=_text(point), made_at=at)
        session.add(found)
        session.flush()
    return found


def keys() -> PushKey | None:
    """The key pair, if it was made."""
    return session.get(PushKey, 1)


def keys_of_browser(p256dh: str, auth: str) -> bool:
    """Whether these can be a browser's keys: a point of the curve and a secret."""
    try:
        point, secret = _bytes(p256dh), _bytes(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == POINT and len(secret) == SECRET


def send(letter: Letter, private: str, contact: str) -> Outcome:
    """Push it; what comes of it."""
    try:
        with outside.Session() as web:
            headers = _headers(letter, private, contact)
            response = web.post(letter.endpoint, data=_sealed(letter), headers=headers)
    except outside.NotOutside as error:
        return Outcome(Came.NEVER, str(error))
    except requests.RequestException as error:
        return Outcome(Came.LATER, type(error).__name__)
    return outcome(response.status_code, response.headers.get("Retry-After", ""))


def outcome(status: int, retry_after: str) -> Outcome:
    """What the answer of a push service means."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return SENT
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Outcome(Came.GONE, f"the push service answered {status}")
    reason = f"the push service answered {status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        told = int(retry_after) if retry_after.isdecimal() else 0
        return Outcome(Came.LATER, reason, timedelta(seconds=min(told, _MOST_TOLD)))
    return Outcome(Came.NEVER, reason)


def _headers(letter: Letter, private: str, contact: str) -> dict[str, str]:
    parts = urlsplit(letter.endpoint)
    claims = {"sub": contact, "aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + TOKEN_LIFETIME}
    signed: dict[str, str] = Vapid02.from_raw(private.encode()).sign(claims)
    return {
        **signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Urgency": "high" if letter.urgent else "normal",
    }


def _sealed(letter: Letter) -> bytes:
    """The words, so that only this phone can read them (RFC 8291)."""
    sealed: bytes = http_ece.encrypt(
        json.dumps(letter.content, ensure_ascii=False).encode(),
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(letter.p256dh),
        auth_secret=_bytes(letter.auth),
        version="aes128gcm",
    )
    return sealed


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("not base64")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
