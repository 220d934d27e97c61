"""What people send about hand-overs, turned into typed values."""

import re
from collections.abc import Mapping
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Trade
from crew_app.registers.hand_overs import PostForm, Said, Signed
from crew_app.registers.shift_models import LineSource
from crew_app.registers.shift_rules import parse_changes
from crew_app.storeroom.forms import Fields
from crew_app.tickets.forms import text, uuid

_HREF = re.compile(r"/[a-z0-9]+(?:[/-][a-z0-9]+)*")
LONGEST_HREF = 120


def parse_lines(form: Fields) -> list[Said]:
    """Read the lines; one without words is left out."""
    columns = [form.getlist(name) for name in ("line_source", "line_text", "line_href")]
    if len({len(column) for column in columns}) > 1:
        raise Refused("lines", N_("This request is incomplete. Please load the page again."))
    rows = [
        (_source(source), text({"line": words}, "line"), _href(href))
        for source, words, href in zip(*columns, strict=True)
    ]
    return [Said(*row) for row in rows if row[1]]


def parse_signed(form: Mapping[str, str], part: str, of: Person) -> Signed | None:
    """Read a signature: drawn, or given on paper; nothing when there is neither."""
    path = form.get(f"{part}_path", "").strip()
    if not path and not form.get(f"{part}_paper"):
        return None
    return Signed(of, text(form, f"{part}_name")[:60] or of.name, path)


def need_signed(form: Mapping[str, str], part: str, of: Person) -> Signed:
    """The same; `Refused` ("signature") when it is missing."""
    found = parse_signed(form, part, of)
    if found is None:
        raise Refused("signature", N_("The signature is missing. Sign here, or tick that it is signed on paper."))
    return found


def parse_notes(form: Fields) -> dict[UUID, str]:
    """Read what the relief wrote below the lines."""
    lines, notes = form.getlist("note_line"), form.getlist("note_text")
    if len(lines) != len(notes):
        raise Refused("lines", N_("This request is incomplete. Please load the page again."))
    pairs = [
        (uuid({"line": line}, "line"), text({"note": note}, "note")[:500])
        for line, note in zip(lines, notes, strict=True)
    ]
    return {line: note for line, note in pairs if note}


def parse_post(form: Mapping[str, str]) -> PostForm:
    """Read a post."""
    trade = form.get("trade", "")
    return PostForm(
        name=text(form, "name")[:60],
        name_en=text(form, "name_en")[:60],
        changes=parse_changes(text(form, "changes")),
        trade=Trade(trade) if trade in set(Trade) else None,
        tells_jobs="tells_jobs" in form,
        tells_stock="tells_stock" in form,
        tells_visitors="tells_visitors" in form,
        active="inactive" not in form,
    )


def _source(value: str) -> LineSource:
    return LineSource(value) if value in set(LineSource) else LineSource.REMARK


def _href(value: str) -> str:
    return value if len(value) <= LONGEST_HREF and _HREF.fullmatch(value) else ""
