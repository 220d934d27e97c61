"""The machines that serve one database: which are alive, what waits on their disks, and that they share one key."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base, session
from crew_app.core.ids import new_id
from crew_app.core.types import Time, UtcDateTime

SILENT = timedelta(minutes=3)
FORGOTTEN = timedelta(days=7)
"""A machine that was silent so long and held nothing leaves the list."""


class Host(Base):
    """One machine, known by a file in its data folder, as it last spoke."""

    __tablename__ = "hosts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    key_print: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[Time]
    waiting: Mapped[int] = mapped_column(default=0)
    """Photos on its disk that the bucket does not have yet."""
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Held:
    """What waits on a machine for the bucket."""

    files: int = 0
    since: datetime | None = None


def host_id(data: Path) -> UUID:
    """The name of this machine for others, made once."""
    path = data / "host_id"
    if not path.exists():
        draft = data / f".host_id.{os.getpid()}"
        draft.write_text(str(new_id()))
        draft.replace(path)
    return UUID(path.read_text().strip())


def key_print(secret_key: str) -> str:
    """By what two machines see that they have the same key, without telling it."""
    return hmac.digest(secret_key.encode(), b"which key is it", hashlib.sha256).hex()


def speak(own: UUID, name: str, print_: str, held: Held, at: datetime) -> None:
    """Say that this machine is alive, within a write transaction."""
    found = session.get(Host, own)
    if found is None:
        found = Host(id=own, name=name[:120], key_print=print_, seen_at=at)
        session.add(found)
    found.name, found.key_print, found.seen_at = name[:120], print_, at
    found.waiting, found.waiting_since = held.files, held.since


def others_with_another_key(own: UUID, print_: str, at: datetime) -> list[str]:
    """Names of machines that are alive and have another key: each would end what the other one signed."""
    query = select(Host.name).where(Host.id != own, Host.key_print != print_, Host.seen_at > at - SILENT)
    return list(session.scalars(query.order_by(Host.name)))


def known() -> list[Host]:
    """All machines, by name."""
    return list(session.scalars(select(Host).order_by(Host.name, Host.id)))


def forget_gone(at: datetime) -> int:
    """Forget machines that are long gone and held nothing; how many, within a write transaction."""
    query = delete(Host).where(Host.seen_at < at - FORGOTTEN, Host.waiting == 0)
    return int(session.connection().execute(query).rowcount)
