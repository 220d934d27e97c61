"""Examples for whoever programs the other side; the tests run them."""

VERIFY = """\
import base64, hashlib, hmac, time

def is_genuine(secret, headers, body):        # body: the bytes as they came
    stamp = headers["Webhook-Timestamp"]
    if abs(time.time() - int(stamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f'{headers["Webhook-Id"]}.{stamp}.'.encode() + body
    wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return hmac.compare_digest("v1," + wanted, headers["Webhook-Signature"])
"""
"""How a receiver checks a message, in Python."""


def whoami(host: str, token: str = "") -> str:
    """The first request."""
    return f'curl -H "Authorization: Bearer {token or "$TOKEN"}" {host}/api/v1/me'


def opening(host: str) -> str:
    """A job is opened."""
    body = '{"place": "B1-701", "job_kind": "lamp", "description": "…"}'
    lines = ('curl -H "Authorization: Bearer $TOKEN"', '-H "Idempotency-Key: $(uuidgen)"')
    return " \\\n  ".join((*lines, f"--json '{body}'", f"{host}/api/v1/tickets"))
