"""What people send about papers, turned into typed values."""

from collections.abc import Mapping
from datetime import date

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.fixed_assets.forms import day
from crew_app.people.rules import Trade
from crew_app.registers.credential_models import Bearer
from crew_app.registers.credentials import KindForm, Paper
from crew_app.storeroom.forms import Fields
from crew_app.tickets.forms import optional_uuid, text, uuid

LONGEST_MONTHS, LONGEST_ADVANCE = 240, 365


def parse_paper(form: Mapping[str, str]) -> Paper:
    """Read a paper."""
    return Paper(
        credential_id=uuid(form, "credential_id"),
        issued_on=_needed_day(form, "issued_on"),
        expires_on=day(form, "expires_on"),
        number=text(form, "number")[:60],
        issuer=text(form, "issuer")[:80],
        note=text(form, "note")[:500],
    )


def parse_kind(form: Mapping[str, str], trades: Fields) -> KindForm:
    """Read a kind of paper."""
    return KindForm(
        name=text(form, "name")[:60],
        name_en=text(form, "name_en")[:60],
        months=_number(form, "months", LONGEST_MONTHS) if form.get("months", "").strip() else None,
        advance_days=_number(form, "advance_days", LONGEST_ADVANCE),
        asset_kind_id=optional_uuid(form, "asset_kind_id"),
        trades=frozenset(Trade(value) for value in trades.getlist("trades") if value in set(Trade)),
        active="inactive" not in form,
    )


def parse_bearer(form: Mapping[str, str]) -> Bearer:
    """Read whose papers they are."""
    value = form.get("bearer", "")
    if value not in set(Bearer):
        raise Refused("choice-missing", N_("Please choose whose papers these are."))
    return Bearer(value)


def _needed_day(form: Mapping[str, str], name: str) -> date:
    found = day(form, name)
    if found is None:
        raise Refused("dates", N_("Please give the date of issue."))
    return found


def _number(form: Mapping[str, str], name: str, most: int) -> int:
    typed = form.get(name, "").strip()
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0  # noqa: PLR2004
    if not 0 < found <= most:
        raise Refused("number", N_("Please check the number: 1 to %(most)s."), most=most)
    return found
