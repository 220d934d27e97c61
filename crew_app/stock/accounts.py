"""Accounts that are made when they are first needed: a person's bag, a department, a site's scrap."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.core.upserts import insert
from crew_app.people.models import Person
from crew_app.places.models import Department
from crew_app.stock.models import PERSONAL, Account, AccountKind


def own_bag(person: Person, site_id: UUID) -> Account:
    """A person's bag at a site."""
    return personal(person, site_id, AccountKind.BAG)


def personal(person: Person, site_id: UUID, kind: AccountKind) -> Account:
    """A person's bag, loans or owed old parts at a site; two first uses at once make one account."""
    if kind not in PERSONAL:
        raise ValueError(kind)
    return _made_once(
        {"site_id": site_id, "kind": kind, "person_id": person.id}, name=person.name, name_en=person.name_en
    )


def department(wanted: Department) -> Account:
    """What a ward or an office has been given."""
    key = {"site_id": wanted.site_id, "kind": AccountKind.DEPARTMENT, "department_id": wanted.id}
    return _made_once(key, name=wanted.name, name_en=wanted.name_en)


def common(site_id: UUID, kind: AccountKind) -> Account:
    """The account a site has only one of: suppliers, scrap, differences, removed, off the books."""
    query = select(Account).filter_by(site_id=site_id, kind=kind).order_by(Account.id).limit(1)
    account = session.scalar(query)
    if account is None:
        account = Account(site_id=site_id, kind=kind)
        session.add(account)
        session.flush()
    return account


def _made_once(key: dict[str, Any], **names: str) -> Account:
    query = select(Account).filter_by(**key)
    found = session.scalar(query)
    if found is None:
        session.execute(insert()(Account).values(id=new_id(), **key, **names).on_conflict_do_nothing())
        found = session.scalars(query).one()
    return found
