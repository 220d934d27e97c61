"""What phones and administrators send about phones, turned into typed values."""

import re
from collections.abc import Mapping
from datetime import datetime

from crew_app.core.clock import plausible
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.phones.actions import Report

_COUNT = re.compile(r"[0-9]{1,6}")
_BUILD = re.compile(r"[A-Za-z0-9]{1,40}")


def parse_report(form: Mapping[str, str]) -> Report:
    """Read what a phone says of itself; a clock or a build that cannot be read is one that says nothing."""
    return Report(
        unsent=_count(form, "unsent"),
        refused=_count(form, "refused"),
        oldest_at=_time(form, "oldest"),
        sent_at=_time(form, "sent_at"),
        build=form.get("build", "") if _BUILD.fullmatch(form.get("build", "")) else "",
        kept=form.get("kept") == "1",
    )


def _count(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "")
    if not _COUNT.fullmatch(text):
        raise Refused("bad-report", N_("The request was not understood."))
    return int(text)


def _time(form: Mapping[str, str], name: str) -> datetime | None:
    try:
        return plausible(datetime.fromisoformat(form.get(name, "")))
    except ValueError:
        return None
