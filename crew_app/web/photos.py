"""Photos as pages show them: which one somebody may see, and what became of one that was removed."""

from uuid import UUID

from flask import Flask, g
from flask_babel import gettext

from crew_app.core.removals import Removal
from crew_app.evidence import removing
from crew_app.evidence.models import Photo
from crew_app.people.models import Person
from crew_app.registers import photos as registers
from crew_app.rounds import queries as rounds
from crew_app.web.filters import day
from crew_app.web.languages import named
from crew_app.web.people import person


def start(app: Flask) -> None:
    """Let the macro of pictures say who removed one."""
    app.add_template_global(removed_words)


def seen_photo(photo_id: UUID) -> Photo:
    """A photo that whoever asks may see, whatever it belongs to."""
    return registers.photo(person(), photo_id) or rounds.photo(person(), photo_id)


def removed_words(photo_id: UUID) -> str:
    """Who removed a picture, when and why; nothing of one that is here or on its way."""
    known: dict[UUID, tuple[Removal, Person | None]] = g.setdefault("removals", {})
    if photo_id not in known:
        known.update(removing.removals_of([photo_id]))
    found = known.get(photo_id)
    return _words(*found) if found else ""


def _words(removal: Removal, by: Person | None) -> str:
    rule = removing.rule_behind(removal)
    if rule:
        return gettext("Removed on %(day)s: its time of %(days)s days was over.", day=day(removal.at), days=rule[1])
    name = named(by) if by else "?"
    return gettext("Removed on %(day)s by %(name)s: %(reason)s", day=day(removal.at), name=name, reason=removal.reason)
