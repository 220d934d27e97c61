"""What the desk sends, turned into typed values."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.tickets import forms as tickets
from crew_app.tickets.rules import Priority

_PHONE = re.compile(r"[+\d][\d /().#*-]{1,28}\d|\d{2,30}")


def phone(form: Mapping[str, str], name: str) -> str:
    """A telephone number or extension as it was typed, or nothing; full-width digits are understood."""
    typed = unicodedata.normalize("NFKC", form.get(name, "")).strip()
    if typed and not (_PHONE.fullmatch(typed) and len(typed) <= 30):  # noqa: PLR2004 - the column
        raise Refused("phone", N_("Please check the telephone number: digits, spaces and dashes only."))
    return typed


@dataclass(frozen=True, slots=True)
class CallForm:
    """A call as it was entered; `join_id` when it is about a job that is known already."""

    ticket_id: UUID
    place_id: UUID | None
    asset_id: UUID | None
    job_kind: str
    priority: Priority | None
    description: str
    name: str
    phone: str
    join_id: UUID | None


def parse_call(form: Mapping[str, str]) -> CallForm:
    """Read the form of a call."""
    opened = tickets.parse_open(form)
    return CallForm(
        ticket_id=opened.ticket_id,
        place_id=opened.place_id,
        asset_id=opened.asset_id,
        job_kind=opened.job_kind,
        priority=opened.priority,
        description=opened.description,
        name=tickets.text(form, "caller")[:60],
        phone=phone(form, "phone"),
        join_id=tickets.optional_uuid(form, "join_id"),
    )
