"""What people send about points, turned into typed values."""

import re
from collections.abc import Mapping
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.reports.point_rules import Formula
from crew_app.tickets.models import JobKind

_WHOLE = re.compile(r"[0-9]{1,4}")


def parse_formula(form: Mapping[str, str]) -> Formula:
    """Read a formula: whole numbers all of them."""
    return Formula(**{field: whole(form, field) for field in Formula.__dataclass_fields__})


def parse_job_points(form: Mapping[str, str], kinds: Mapping[str, JobKind]) -> dict[UUID, int | None]:
    """Read what kinds of jobs are worth: fields by the code of the kind, empty for the basic points."""
    given = {code: form[f"points-{code}"].strip() for code in kinds if f"points-{code}" in form}
    return {kinds[code].id: whole(form, f"points-{code}") if typed else None for code, typed in given.items()}


def parse_decision(form: Mapping[str, str]) -> int | None:
    """Read what an objection was decided to: other points when it is granted, nothing when it is declined."""
    if form.get("decision") not in ("granted", "declined"):
        raise Refused("choice-missing", N_("Please say whether the objection is granted."))
    return whole(form, "points") if form["decision"] == "granted" else None


def whole(form: Mapping[str, str], name: str) -> int:
    """A whole number from 0 to 9999."""
    typed = form.get(name, "").strip()
    if not _WHOLE.fullmatch(typed):
        raise Refused("number", N_("Please check the numbers: whole numbers, without a sign."))
    return int(typed)
