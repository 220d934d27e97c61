"""Rows of the phones of the demo hospital: most were heard from just now, a few are worth a look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crew_app.core.ids import secret_hash
from crew_app.demo.loading.ids import Row, known


@dataclass(frozen=True, slots=True)
class _Phone:
    """One phone, how long ago it was heard from, and what it held then."""

    login: str
    minutes: int
    unsent: int = 0
    oldest: int = 0
    offset_ms: int = 120
    signed_out: bool = False
    label: str = ""


PHONES = (
    _Phone("wang", 2),
    _Phone("dian1", 1),
    _Phone("dian2", 95, unsent=3, oldest=170),
    _Phone("dian4", 4, offset_ms=-4 * 60_000),
    _Phone("shui1", 14 * 60, unsent=1, oldest=15 * 60),
    _Phone("shui2", 3),
    _Phone("shui3", 9 * 60, signed_out=True),
    _Phone("dian3", 20, label="夜班 1 号机"),
)


def device_rows(now: datetime) -> Iterator[Row]:
    """The phones."""
    for phone in PHONES:
        shared = bool(phone.label)
        yield {
            "id": known("device", phone.login),
            "token_hash": secret_hash(known("device-secret", phone.login).hex),
            "label": phone.label,
            "shared": shared,
            "site_id": known("site", "main") if shared else None,
            "marked_by_id": known("person", "admin") if shared else None,
            "marked_at": now - timedelta(days=30) if shared else None,
            "person_id": known("person", phone.login),
            "created_at": now - timedelta(days=60),
            "seen_at": _seen_at(phone, now),
            "build": "",
            "offset_ms": phone.offset_ms,
        }


def device_person_rows(now: datetime) -> Iterator[Row]:
    """What each of them held."""
    for phone in PHONES:
        yield {
            "device_id": known("device", phone.login),
            "person_id": known("person", phone.login),
            "unsent": phone.unsent,
            "refused": 0,
            "oldest_at": now - timedelta(minutes=phone.oldest) if phone.unsent else None,
            "seen_at": _seen_at(phone, now),
            "password_at": None,
            "signed_out_at": _seen_at(phone, now) if phone.signed_out else None,
        }


def _seen_at(phone: _Phone, now: datetime) -> datetime:
    return now - timedelta(minutes=phone.minutes)
