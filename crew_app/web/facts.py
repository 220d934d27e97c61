"""What a hand-over is drafted from, in words."""

from datetime import datetime
from decimal import Decimal

from flask_babel import gettext

from crew_app.registers.facts import Fact
from crew_app.web.filters import day_clock, qty
from crew_app.web.languages import named


def fact_text(fact: Fact) -> str:
    """One line, as whoever leaves may edit it."""
    about = [_shown(thing) for thing in fact.about if thing]
    return " · ".join([*about, *([_words(fact)] if fact.words else [])])


def _words(fact: Fact) -> str:
    words, params = gettext(fact.words), {name: _shown(value) for name, value in fact.params.items()}
    return str(words % params if params else words)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return day_clock(value)
    return qty(value) if isinstance(value, Decimal) else named(value)
