"""Verbs about phones: being heard from, signing in and out, sharing, forgetting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from crew_app.core.clock import moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_secret, secret_hash
from crew_app.core.upserts import insert
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.phones.models import Device, DevicePerson

OFTEN = timedelta(minutes=1)
"""A contact that says nothing new is not written down more often."""
UNUSED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Report:
    """What a phone says of itself and of the person who uses it, by its own clock."""

    unsent: int = 0
    refused: int = 0
    oldest_at: datetime | None = None
    sent_at: datetime | None = None
    build: str = ""
    kept: bool = False

    def offset_ms(self, at: datetime) -> int | None:
        """Measured offset, server minus device."""
        return None if self.sent_at is None else round((at - self.sent_at) / timedelta(milliseconds=1))

    def oldest(self, at: datetime) -> datetime | None:
        """Since when the oldest entry waits, by our clock."""
        return moment(at, self.oldest_at, self.sent_at).at if self.oldest_at and self.unsent + self.refused else None


def add_device(*, at: datetime) -> tuple[Device, str]:
    """A phone that was not known before, and the secret for its cookie; forgets phones long out of use."""
    _forget_unused(at)
    token = new_secret()
    device = Device(token_hash=secret_hash(token), created_at=at, seen_at=at)
    session.add(device)
    session.flush()
    return device, token


def is_news(device: Device, person: Person, report: Report, *, at: datetime) -> bool:
    """Whether a contact has to be written down: it says something new, or the last one was a while ago."""
    known = session.get(DevicePerson, (device.id, person.id))
    if known is None or known.signed_out_at or report.kept or at - known.seen_at >= OFTEN:
        return True
    told = (known.unsent, known.refused, device.build, device.person_id)
    return told != (report.unsent, report.refused, report.build, person.id)


def hear(device: Device, person: Person, report: Report, *, at: datetime) -> None:
    """Write down what a phone said; `kept` is the last word before signing out."""
    _touch(device, person, at=at, build=report.build, offset_ms=report.offset_ms(at))
    held = {"unsent": report.unsent, "refused": report.refused, "oldest_at": report.oldest(at)}
    _note(device, person, seen_at=at, signed_out_at=at if report.kept else None, **held)


def signed_in(device: Device, person: Person, *, at: datetime, by_password: bool) -> None:
    """Somebody began to use a phone."""
    _touch(device, person, at=at)
    proof = {"password_at": at} if by_password else {}
    _note(device, person, seen_at=at, signed_out_at=None, **proof)


def signed_out(device: Device, person: Person, *, at: datetime) -> None:
    """Somebody stopped using a phone; what is unsent stays on it."""
    here = DevicePerson.device_id == device.id, DevicePerson.person_id == person.id
    session.execute(update(DevicePerson).where(*here).values(signed_out_at=at, seen_at=at))


def share(device: Device, label: str, site_id: UUID, *, by: Person, at: datetime) -> None:
    """Mark a phone as one that several people of a site use."""
    rename(device, label)
    device.shared, device.site_id = True, site_id
    device.marked_by_id, device.marked_at = by.id, at
    session.flush()


def unshare(device: Device, *, by: Person, at: datetime) -> None:
    """Make it somebody's own phone again: nobody takes it over by PIN any more."""
    device.shared = False
    device.marked_by_id, device.marked_at = by.id, at
    session.flush()


def rename(device: Device, label: str) -> None:
    """Give a phone the name that stands on it."""
    device.label = label.strip()[:60]
    if not device.label:
        raise Refused("words-missing", N_("Please give the phone a name, such as “Night shift 1”."))
    session.flush()


def forget(device: Device) -> None:
    """Take a phone off the list. If somebody still uses it, it comes back as a new one."""
    session.delete(device)
    session.flush()


def _touch(device: Device, person: Person, *, at: datetime, **values: Any) -> None:
    found = update(Device).where(Device.id == device.id)
    session.execute(found.values(person_id=person.id, seen_at=at, **values))


def _note(device: Device, person: Person, **values: Any) -> None:
    row = insert()(DevicePerson).values(
        device_id=device.id, person_id=person.id, **{"unsent": 0, "refused": 0, **values}
    )
    session.execute(row.on_conflict_do_update(index_elements=["device_id", "person_id"], set_=values))


def _forget_unused(at: datetime) -> None:
    """Those nobody shares, that were not heard from for a season, and that hold nothing."""
    holding = select(DevicePerson.device_id).where(DevicePerson.unsent + DevicePerson.refused > 0)
    old = select(Device.id).where(~Device.shared, Device.seen_at < at - UNUSED, Device.id.not_in(holding))
    ids = session.scalars(old.limit(100)).all()
    if ids:
        session.execute(delete(DevicePerson).where(DevicePerson.device_id.in_(ids)))
        session.execute(delete(Device).where(Device.id.in_(ids)))
