"""What people send about tickets, turned into typed values."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.stock.actions import LARGEST
from crew_app.tickets.models import PhotoRole
from crew_app.tickets.rules import HoldReason, Priority, State

LONGEST = 2000
_NUMBER = re.compile(r"-?\d{1,12}([.,，。]\d{1,12})?")
_THOUSANDS = re.compile(r"[,，]\d{3}$")  # whether 1,000 is one or a thousand is anybody's guess
_PHONE = re.compile(r"\+?[0-9][0-9 ()#*,-]{2,28}")
NO_ID = UUID(int=0)
"""What stands in page shells where a phone puts its own id; never an id itself."""
Choice = TypeVar("Choice", HoldReason, PhotoRole)


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A report as it was filled in."""

    ticket_id: UUID
    job_kind: str
    place_id: UUID | None
    asset_id: UUID | None
    description: str
    priority: Priority | None
    fixed: bool
    note: str


def parse_open(form: Mapping[str, str]) -> OpenForm:
    """Read the report form."""
    return OpenForm(
        ticket_id=uuid(form, "ticket_id"),
        job_kind=form.get("job_kind", ""),
        place_id=optional_uuid(form, "place_id"),
        asset_id=optional_uuid(form, "asset_id"),
        description=text(form, "description"),
        priority=_priority(form.get("priority", "")),
        fixed=form.get("fixed") == "1",
        note=text(form, "note"),
    )


@dataclass(frozen=True, slots=True)
class MaterialForm:
    """One material used."""

    move_id: UUID
    item_id: UUID
    source_id: UUID | None
    quantity: Decimal


def parse_material(form: Mapping[str, str]) -> MaterialForm:
    """Read the material form; without a source it comes from one's own bag."""
    if not form.get("item_id"):
        raise Refused("item-missing", N_("Please choose the material first."))
    return MaterialForm(
        uuid(form, "move_id"), uuid(form, "item_id"), optional_uuid(form, "source_id"), quantity(form, "quantity")
    )


USED = "used-"
MOST_USED = 20


def parse_used(form: Mapping[str, str]) -> dict[UUID, Decimal]:
    """Read what was used besides, as the finish form counts it: item and quantity; nothing and zero are left out."""
    typed = {name: form[name] for name in form if name.startswith(USED) and form[name].strip(" 0.") != ""}
    if len(typed) > MOST_USED:
        raise Refused("too-many", N_("This is too much at once. Please add the materials one by one."))
    return {uuid({USED: name.removeprefix(USED)}, USED): quantity(form, name) for name in sorted(typed)}


@dataclass(frozen=True, slots=True)
class WantedForm:
    """A material that a job has to wait for."""

    item_id: UUID
    quantity: Decimal


def parse_wanted(form: Mapping[str, str]) -> WantedForm | None:
    """Read what a job waits for; nothing when only the reason was given, or words."""
    if form.get("reason") != HoldReason.MATERIAL or not form.get("item_id"):
        return None
    return WantedForm(uuid(form, "item_id"), quantity(form, "quantity"))


def parse_hold(form: Mapping[str, str]) -> HoldReason:
    """Read the reason of a hold."""
    return _member(HoldReason, form.get("reason", ""), N_("Please choose why the job has to wait."))


def parse_priority(form: Mapping[str, str]) -> Priority | None:
    """Read an urgency, if one is given."""
    return _priority(form.get("priority", ""))


def parse_role(form: Mapping[str, str]) -> PhotoRole:
    """Read what a photo shows; marks of a supervisor come with the verdict only."""
    text = form.get("role", "").replace(PhotoRole.RETURN, "")
    return _member(PhotoRole, text, N_("Please say whether this is before or after the work."))


def parse_state(value: str) -> State | None:
    """Read a state from a list's address; anything else means all of them."""
    return State(value) if value in set(State) else None


def parse_rating(form: Mapping[str, str]) -> tuple[int, int, str]:
    """Read marks for quality and service from 1 to 5, and words."""
    marks = [form.get(name, "") for name in ("quality", "service")]
    if not set(marks) <= {"1", "2", "3", "4", "5"}:
        raise Refused("scores-missing", N_("Please give a mark for both."))
    return int(marks[0]), int(marks[1]), text(form, "note")


def phone(form: Mapping[str, str], name: str) -> str:
    """A telephone number to call back, if there is one; full-width digits are understood."""
    typed = unicodedata.normalize("NFKC", text(form, name))
    if typed and not _PHONE.fullmatch(typed):
        raise Refused("phone", N_("Please check the telephone number."))
    return typed


def text(form: Mapping[str, str], name: str) -> str:
    """Words as they were typed, without control characters and within the limit; any space is a space."""
    typed = "".join(" " if _is_space(char) else char for char in form.get(name, "") if _is_text(char)).strip()
    if len(typed) > LONGEST:
        raise Refused("too-long", N_("This text is too long (%(most)s characters at most)."), most=LONGEST)
    return typed


def _is_text(char: str) -> bool:
    return char.isprintable() or char in "\n\t\u200d" or _is_space(char)


def _is_space(char: str) -> bool:
    """The full-width space of a Chinese keyboard, the tab, and their kin."""
    return char == "\t" or unicodedata.category(char) == "Zs"


def quantity(form: Mapping[str, str], name: str) -> Decimal:
    """A quantity above zero, with at most three decimal places; a full-width or comma decimal point is understood."""
    typed = form.get(name, "").strip()
    if not _NUMBER.fullmatch(typed) or _THOUSANDS.search(typed):
        raise Refused("quantity", N_("Please check the quantity: it must be a number."))
    found = Decimal(re.sub("[,，。]", ".", typed))
    if not 0 < found <= LARGEST or found != round(found, 3):
        raise Refused("quantity", N_("Please check the quantity: it must be above zero and plausible."))
    return found


def uuid(form: Mapping[str, str], name: str) -> UUID:
    """An id that must be there."""
    try:
        found = UUID(form.get(name, ""))
    except ValueError:
        found = NO_ID
    if found == NO_ID:
        raise Refused("id-missing", N_("This request is incomplete. Please load the page again."))
    return found


def optional_uuid(form: Mapping[str, str], name: str) -> UUID | None:
    """An id that may be left out."""
    return uuid(form, name) if form.get(name) else None


def _priority(value: str) -> Priority | None:
    return Priority(int(value)) if value in {"1", "2", "3", "4"} else None


def _member(kind: type[Choice], value: str, message: str) -> Choice:
    try:
        return kind(value)
    except ValueError as error:
        raise Refused("choice-missing", message) from error
