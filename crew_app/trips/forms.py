"""What people send about trips and vehicles, turned into typed values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.tickets.forms import quantity, text, uuid
from crew_app.trips.actions import Details, Fuel, Reading
from crew_app.trips.rules import MOST_KM, Check

MOST_SEATS = 60


@dataclass(frozen=True, slots=True)
class AskForm:
    """A request for a vehicle as it was filled in."""

    ticket_id: UUID
    place_id: UUID
    goal: str
    leave_at: str
    passengers: int
    goods: str
    note: str
    urgent: bool


def parse_ask(form: Mapping[str, str]) -> AskForm:
    """Read who needs a vehicle."""
    if not form.get("place_id"):
        raise Refused("where-missing", N_("Please say from where, and where to."))
    return AskForm(
        ticket_id=uuid(form, "ticket_id"),
        place_id=uuid(form, "place_id"),
        goal=text(form, "goal")[:120],
        leave_at=form.get("leave_at", ""),
        passengers=whole(form, "passengers", MOST_SEATS) or 0,
        goods=text(form, "goods")[:120],
        note=text(form, "note")[:500],
        urgent=form.get("urgent") == "1",
    )


def parse_leaving(typed: str, zone: ZoneInfo, at: datetime) -> datetime:
    """When the vehicle is needed, in the site's own time; without a time it is needed now."""
    if not typed:
        return at
    try:
        return datetime.fromisoformat(typed[:16]).replace(tzinfo=zone)
    except ValueError as error:
        raise Refused("leave-at", N_("Please check when the vehicle is needed.")) from error


def parse_reading(form: Mapping[str, str], ticked: Iterable[str], wanted: Iterable[Check]) -> Reading:
    """Mileage and checks: what is not ticked is not in order."""
    good = set(ticked)
    km = whole(form, "km", MOST_KM)
    if km is None:
        raise Refused("km", N_("Please check the mileage."))
    return Reading(km, [check for check in wanted if check.value not in good], text(form, "note")[:500])


def parse_fuel(form: Mapping[str, str], km: int | None = None) -> Fuel | None:
    """What was filled in; nothing where no litres are given."""
    if not form.get("litres", "").strip():
        return None
    reading = whole(form, "km", MOST_KM) if km is None else km
    if reading is None:
        raise Refused("km", N_("Please check the mileage."))
    return Fuel(uuid(form, "filling_id"), quantity(form, "litres"), _yuan(form), reading, text(form, "fuel_note")[:200])


def parse_details(form: Mapping[str, str]) -> Details:
    """What is known of a vehicle."""
    return Details(
        plate=text(form, "plate").upper()[:20],
        seats=whole(form, "seats", MOST_SEATS) or 0,
        next_km=whole(form, "next_km", MOST_KM),
        next_on=_day(form.get("next_on", "")),
        out_of_use=form.get("out_of_use") == "1",
        km=whole(form, "km", MOST_KM),
    )


def parse_month(typed: str, today: date) -> date:
    """The first day of a month from an address; this month for anything else."""
    try:
        return datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return today.replace(day=1)


def whole(form: Mapping[str, str], name: str, most: int) -> int | None:
    """A whole number that may be left out."""
    typed = form.get(name, "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 9 and int(typed) <= most):  # noqa: PLR2004
        raise Refused("number", N_("Please check the number: 0 to %(most)s."), most=most)
    return int(typed)


def _yuan(form: Mapping[str, str]) -> Decimal:
    return quantity(form, "yuan") if form.get("yuan", "").strip(" 0.") else Decimal(0)


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise Refused("day", N_("Please check the day.")) from error
