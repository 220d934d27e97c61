"""Receipts: proof that a command was carried out, written in the same transaction as its effect."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.clock import Moment
from crew_app.core.db import Base, session
from crew_app.core.errors import InFlight, Refused
from crew_app.core.types import Time, UtcDateTime
from crew_app.core.words import N_


class Receipt(Base):
    """The answer to one command. `key` was made on the device; `fingerprint` covers what was asked for."""

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_received_at", "received_at"),)

    key: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    location: Mapped[str] = mapped_column(String(300))
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)


def fingerprint(method: str, path: str, fields: Iterable[tuple[str, str]], body: bytes = b"") -> str:
    """SHA-256 over what a request asks for, independent of the order in which its fields were sent."""
    digest = hashlib.sha256()
    for part in (method, path, *(f"{len(name)}:{name}={len(value)}:{value}" for name, value in sorted(fields))):
        digest.update(part.encode(errors="surrogatepass") + b"\0")
    digest.update(body)
    return digest.hexdigest()


def find(key: UUID, fingerprint_: str, person_id: UUID | None) -> Receipt | None:
    """The receipt of this command if it was carried out before.

    `Refused` ("key-reused") when the key belongs to another content or another person; nothing else is revealed.
    """
    _claim(key)
    receipt = session.get(Receipt, key)
    if receipt and (receipt.fingerprint != fingerprint_ or receipt.person_id != person_id):
        raise Refused("key-reused", N_("This entry was already used for something else. Please enter it again."))
    return receipt


def known(key: UUID) -> bool:
    """Whether there is a receipt of this command, without looking whose."""
    return session.get(Receipt, key) is not None


def keep(
    key: UUID, fingerprint_: str, person_id: UUID | None, answer: tuple[int, str], when: Moment, site_id: UUID | None
) -> None:
    """Add the receipt of a command that was carried out; `answer` is its status and location."""
    session.add(
        Receipt(
            key=key,
            site_id=site_id,
            person_id=person_id,
            fingerprint=fingerprint_,
            status=answer[0],
            location=answer[1],
            device_at=when.device_at,
            received_at=when.received_at,
            offset_ms=when.offset_ms,
        )
    )


def _claim(key: UUID) -> None:
    """On PostgreSQL, hold the key until the transaction ends; SQLite writers are alone anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return
    number = int.from_bytes(key.bytes[8:], signed=True)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise InFlight("in-flight", N_("This entry is being processed right now."))
