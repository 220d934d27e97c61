"""What pages of registers share: a look at a change that is rolled back, and what a form hands on to the next one."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Flask, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.places.models import PLACE_LABELS, PlaceKind
from crew_app.web.languages import translate

FIELDS = {
    "code": N_("Code"),
    "name": N_("What it is called"),
    "name_en": N_("Name in English"),
    "kind": N_("Kind"),
    "parent": N_("The place around it"),
    "place": N_("Place"),
    "department": N_("Department"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "retired_at": N_("In use"),
}
Seen = TypeVar("Seen")


class _OnlyALook(Exception):
    """Ends the transaction of a look; carries what was seen."""


def looked(work: Callable[[Moment], Seen]) -> Seen:
    """What a change would do: it is carried out and rolled back."""
    seen: list[Seen] = []
    with suppress(_OnlyALook), write_transaction():
        seen.append(work(server_moment()))
        raise _OnlyALook
    return seen[0]


def look_page(site: Site, work: Callable[[Moment], Any], register: str) -> str:
    """What a form would change in a register ("places", "assets"), to be carried out if it is what was meant."""
    steps, kept = looked(work), keep(request.form, "seal")
    heading = gettext("What will change")
    return render_template(
        "place_registry/preview.html", site=site, steps=steps, kept=kept, register=register, heading=heading
    )


def keep(form: MultiDict[str, str], *but: str) -> list[tuple[str, str]]:
    """The fields of a form, to go along unseen with the next one."""
    return [(name, value) for name, value in form.items(multi=True) if not name.startswith("_") and name not in but]


def start(app: Flask) -> None:
    """Words for what changes."""
    for words in (field_words, value_words, refusal):
        app.add_template_filter(words)


def field_words(field: str) -> str:
    """What a field is called."""
    return str(gettext(FIELDS[field])) if field in FIELDS else field


def value_words(value: Any) -> str:
    """A value in words."""
    return str(gettext(PLACE_LABELS[value])) if isinstance(value, PlaceKind) else str(value or "")


def refusal(error: CrewError) -> str:
    """Why something cannot be done."""
    return translate(error.message, **error.params)
