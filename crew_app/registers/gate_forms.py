"""What guards send about the gate, turned into typed values."""

from collections.abc import Mapping

from crew_app.registers.gate import Words
from crew_app.tickets.forms import text


def parse_words(form: Mapping[str, str]) -> Words:
    """Read who comes or goes."""
    return Words(
        plate=text(form, "plate").upper()[:20],
        visitor=text(form, "visitor")[:60],
        reason=text(form, "reason")[:200],
        host=text(form, "host")[:80],
    )
