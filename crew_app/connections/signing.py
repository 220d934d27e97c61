"""How messages to webhooks are signed, and how a receiver checks it (Standard Webhooks). Pure, no database.

Signed is `id.timestamp.body` with HMAC-SHA256; the secret is what follows `whsec_`, decoded from Base64.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

ID, STAMP, SIGNATURE = "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"
PREFIX = "whsec_"
WINDOW = timedelta(minutes=5)
"""So old at most a message may be when a receiver checks it: what is played back later is refused."""


def secret_of(installation: str, nonce: str) -> str:
    """The secret of a webhook, from the installation's key and what its row keeps: the database alone is not enough."""
    digest = hmac.digest(installation.encode(), b"webhook " + nonce.encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(digest).decode()


def headers(secret: str, message_id: str, body: str, at: datetime) -> dict[str, str]:
    """What a message is sent with."""
    stamp = str(int(at.timestamp()))
    return {ID: message_id, STAMP: stamp, SIGNATURE: "v1," + _signed(secret, message_id, stamp, body)}


def is_genuine(secret: str, headers_: Mapping[str, str], body: str, at: datetime) -> bool:
    """What a receiver does: whether the message is ours and not an old one played back."""
    stamp = headers_.get(STAMP, "")
    if not (stamp.isascii() and stamp.isdecimal()) or abs(int(stamp) - at.timestamp()) > WINDOW.total_seconds():
        return False
    wanted = "v1," + _signed(secret, headers_.get(ID, ""), stamp, body)
    return any(hmac.compare_digest(wanted, one) for one in headers_.get(SIGNATURE, "").split())


def _signed(secret: str, message_id: str, stamp: str, body: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, f"{message_id}.{stamp}.{body}".encode(), hashlib.sha256)).decode()
