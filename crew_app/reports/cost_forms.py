"""What people send about costs, turned into typed values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Trade
from crew_app.places.models import Department
from crew_app.reports.cost_actions import Bill
from crew_app.reports.cost_models import CostKind
from crew_app.reports.works import Asked
from crew_app.rounds.contractor_models import Contractor
from crew_app.storeroom.forms import price
from crew_app.storeroom.level_forms import parse_month
from crew_app.tickets.forms import optional_uuid, text, uuid

Row = TypeVar("Row", Contractor, Department)
SITE = "site"
"""Stands in addresses for the site itself, where a department could stand."""


def parse_rate(form: Mapping[str, str]) -> tuple[Trade | None, date, Decimal]:
    """Read what an hour costs: of which trade (none: everybody else), since when."""
    typed = form.get("trade", "")
    if typed and typed not in set(Trade):
        raise Refused("choice-missing", N_("Please choose a trade."))
    return Trade(typed) if typed else None, parse_day(form, "since"), price(form, "per_hour")


def parse_price(form: Mapping[str, str], sorts: list[tuple[str, str]]) -> tuple[tuple[str, str], date, Decimal]:
    """Read what a unit of a medium costs, since when."""
    medium, _, unit = form.get("sort", "").partition("|")
    if (medium, unit) not in sorts:
        raise Refused("choice-missing", N_("Please choose what the price is for."))
    return (medium, unit), parse_day(form, "since"), price(form, "price")


def parse_bill(form: Mapping[str, str], site: Site) -> Bill:
    """Read a bill to be charged."""
    contractor = _of_site(Contractor, site, optional_uuid(form, "contractor_id"))
    return Bill(
        id=uuid(form, "booking_id"),
        month=parse_month(form),
        kind=CostKind.CONTRACTORS if contractor else CostKind.OTHER,
        amount=round(price(form, "amount"), 2),
        note=text(form, "note"),
        department=_of_site(Department, site, optional_uuid(form, "department_id")),
        contractor=contractor,
    )


def parse_quote(form: Mapping[str, str]) -> Asked:
    """Read what a firm asked."""
    return Asked(text(form, "firm"), round(price(form, "amount"), 2), parse_day(form, "quoted_on"), text(form, "note"))


def parse_cell(arguments: Mapping[str, str], site: Site) -> tuple[CostKind | None, UUID | str | None]:
    """Read which cell of the table is asked for: a kind (or all), a department, "site", or any."""
    typed, kind = arguments.get("department", ""), arguments.get("kind", "")
    whose: UUID | str | None = "any"
    if typed == SITE:
        whose = None
    elif typed:
        found = _of_site(Department, site, optional_uuid(arguments, "department"))
        whose = found.id if found else "any"
    return CostKind(kind) if kind in set(CostKind) else None, whose


def parse_day(form: Mapping[str, str], name: str) -> date:
    """A day near ours."""
    try:
        found = date.fromisoformat(form.get(name, "").strip())
    except ValueError:
        found = date.min
    if not date(2020, 1, 1) <= found <= date(2099, 12, 31):
        raise Refused("day", N_("Please check the date."))
    return found


def _of_site(model: type[Row], site: Site, id_: UUID | None) -> Row | None:
    found = session.scalar(select(model).filter_by(id=id_, site_id=site.id)) if id_ else None
    if id_ and found is None:
        raise Refused("unknown-choice", N_("This choice is not known at this site. Please load the page again."))
    return found
