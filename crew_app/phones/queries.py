"""Which phones there are, and what they hold, within what the asking person may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.ids import secret_hash
from crew_app.core.words import N_
from crew_app.people.models import Membership, Person
from crew_app.people.rules import Right
from crew_app.phones.models import Device, DevicePerson, Pin
from crew_app.phones.rules import OFFERED, Contact, Worry, worry


def by_token(token: str) -> Device | None:
    """The phone with this secret in its cookie."""
    return session.scalar(select(Device).where(Device.token_hash == secret_hash(token))) if token else None


def known_device(token: str, login: str) -> UUID | None:
    """The phone with this secret, if the person with this log-in name has signed in on it with more than a PIN."""
    query = select(DevicePerson.device_id).join(Device, Device.id == DevicePerson.device_id)
    query = query.join(Person, Person.id == DevicePerson.person_id)
    mine = Device.token_hash == secret_hash(token), Person.login == login, DevicePerson.password_at.is_not(None)
    return session.scalar(query.where(*mine))


def contacts(site_ids: Iterable[UUID]) -> Mapping[UUID, list[Contact]]:
    """The last contacts of everybody at these sites, by person: one query however many there are."""
    told = select(DevicePerson.seen_at, DevicePerson.unsent, DevicePerson.refused, DevicePerson.signed_out_at)
    found: dict[UUID, list[Contact]] = defaultdict(list)
    for seen_at, unsent, refused, gone, person_id in session.execute(
        told.add_columns(DevicePerson.person_id).where(_at(site_ids))
    ):
        found[person_id].append(Contact(seen_at, unsent, refused, signed_out=gone is not None))
    return found


@dataclass(frozen=True, slots=True)
class InHand:
    """One person with their phones, the most pressing first."""

    person: Person
    worry: Worry
    entries: Sequence[DevicePerson]


def in_hands(by: Person, at: datetime) -> list[InHand]:
    """Everybody whose phones `by` may see: those not heard from first, then those with something unsent."""
    query = select(DevicePerson).join(Person, Person.id == DevicePerson.person_id).where(_at(_sites(by)), Person.active)
    options = joinedload(DevicePerson.person), joinedload(DevicePerson.device)
    by_person: dict[UUID, list[DevicePerson]] = defaultdict(list)
    for entry in session.scalars(query.options(*options).order_by(DevicePerson.seen_at)):
        by_person[entry.person_id].append(entry)
    people = [_in_hand(entries, at) for entries in by_person.values()]
    return sorted(people, key=lambda found: (list(Worry).index(found.worry), found.entries[0].seen_at))


def _in_hand(entries: list[DevicePerson], at: datetime) -> InHand:
    """Whoever was heard from with one phone is not missed with an empty other one."""
    newest = entries[-1]
    worries = {entry: worry(entry.contact, at) for entry in entries if entry is newest or entry.contact.holds_something}
    shown = sorted(worries, key=lambda entry: list(Worry).index(worries[entry]))
    return InHand(newest.person, worries[shown[0]], shown)


def shared(by: Person) -> Sequence[Device]:
    """The shared phones of the sites where `by` may see phones."""
    query = select(Device).where(Device.shared, Device.site_id.in_(_sites(by))).options(joinedload(Device.person))
    return session.scalars(query.order_by(Device.label, Device.id)).all()


def phone(by: Person, device_id: UUID) -> Device:
    """A phone that somebody of one's sites uses, or that these sites share."""
    used = select(DevicePerson.device_id).where(_at(_sites(by)))
    return _phone(device_id, or_(Device.site_id.in_(_sites(by)), Device.id.in_(used)))


def managed_phone(by: Person, device_id: UUID) -> Device:
    """A phone in the hands of an administrator: one of these sites, or one of nobody's that people there use."""
    sites = by.sites_with(Right.MANAGE_PEOPLE)
    used = select(DevicePerson.device_id).where(_at(sites))
    return _phone(device_id, or_(Device.site_id.in_(sites), and_(Device.site_id.is_(None), Device.id.in_(used))))


def may_manage(by: Person, device: Device) -> bool:
    """Whether it is such a phone."""
    try:
        return managed_phone(by, device.id) is device
    except Unseen:
        return False


def _phone(device_id: UUID, here: ColumnElement[bool]) -> Device:
    found = session.scalar(select(Device).where(Device.id == device_id, here))
    if found is None:
        raise Unseen("unknown-phone", N_("This phone is not known here."))
    return found


def users(by: Person, device: Device) -> Sequence[DevicePerson]:
    """Who uses a phone, of the people that `by` may see; the last one first."""
    query = select(DevicePerson).where(DevicePerson.device_id == device.id, _at(_sites(by)))
    query = query.options(joinedload(DevicePerson.person)).order_by(DevicePerson.seen_at.desc())
    return session.scalars(query).all()


def of_person(person_id: UUID) -> Sequence[DevicePerson]:
    """The phones that somebody uses."""
    query = select(DevicePerson).where(DevicePerson.person_id == person_id).options(joinedload(DevicePerson.device))
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody who may take over a shared phone, and whether a PIN will do."""

    person: Person
    pin: Pin | None

    @property
    def by_pin(self) -> bool:
        """Whether there is a PIN that is not locked."""
        return self.pin is not None and not self.pin.locked


def offers(device: Device, at: datetime) -> list[Offer]:
    """Who gave their password on this shared phone in the last hours, and still works at its site."""
    rows = session.execute(_offers(device, at).order_by(Person.name, Person.id)).all()
    return [Offer(person, pin) for person, pin in rows if not person.can(Right.MANAGE_PEOPLE)]


def offer(device: Device, person_id: UUID | None, at: datetime) -> Offer | None:
    """One of them."""
    return next((found for found in offers(device, at) if found.person.id == person_id), None)


def _offers(device: Device, at: datetime) -> Select[Person, Pin]:
    """Whatever ended a person's sign-ins ended this as well: it takes their password again."""
    lately = DevicePerson.password_at > at - OFFERED
    unbroken = or_(Person.sign_ins_ended_at.is_(None), DevicePerson.password_at >= Person.sign_ins_ended_at)
    here = select(Membership.person_id).where(Membership.site_id == device.site_id)
    return (
        select(Person, Pin)
        .join(DevicePerson, DevicePerson.person_id == Person.id)
        .outerjoin(Pin, Pin.person_id == Person.id)
        .where(DevicePerson.device_id == device.id, lately, unbroken, Person.id.in_(here))
        .where(Person.active, ~Person.must_change_password)
    )


def _sites(by: Person) -> frozenset[UUID]:
    return by.sites_with(Right.SEE_PHONES)


def _at(site_ids: Iterable[UUID]) -> ColumnElement[bool]:
    """People with any role at these sites."""
    return DevicePerson.person_id.in_(select(Membership.person_id).where(Membership.site_id.in_(list(site_ids))))
