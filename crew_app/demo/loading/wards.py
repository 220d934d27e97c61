"""Rows of who asks for which ward, and how much it may ask for in a month."""

from collections.abc import Iterator
from decimal import Decimal

from crew_app.demo.hospital import departments
from crew_app.demo.loading.ids import Row, known
from crew_app.demo.people import DemoPerson, people
from crew_app.people.rules import Role

MONTHLY = {"chen": Decimal(800), "hu4": Decimal(1500), "hu6": Decimal(1200)}
"""Limits in yuan, by the head nurse's log-in; the other wards have none."""


def department_person_rows() -> Iterator[Row]:
    """Every head nurse asks for her own department."""
    for person in _askers():
        yield _place(person.department) | {"person_id": known("person", person.login)}


def department_limit_rows() -> Iterator[Row]:
    """The limits."""
    for person in _askers():
        if person.login in MONTHLY:
            yield _place(person.department) | {"monthly": MONTHLY[person.login]}


def _askers() -> list[DemoPerson]:
    return [one for one in people().values() if one.role is Role.REQUESTER and one.department in departments()]


def _place(code: str) -> Row:
    return {"department_id": known("department", code), "site_id": known("site", departments()[code].site)}
