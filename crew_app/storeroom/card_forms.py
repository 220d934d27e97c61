"""The card of a material as it was filled in."""

from collections.abc import Mapping
from decimal import Decimal

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.stock.catalogue import Card
from crew_app.storeroom.forms import price
from crew_app.tickets.forms import quantity, text

LONGEST = {"name": 80, "unit": 10, "code": 30, "name_en": 80, "spec": 120, "category": 40, "pack_unit": 10}


def parse_card(form: Mapping[str, str]) -> Card:
    """Read a card; price and pack may be left out."""
    paid = price(form, "price") if form.get("price", "").strip() else Decimal(0)
    size = quantity(form, "pack_size") if form.get("pack_size", "").strip() else Decimal(1)
    return Card(
        name=_words(form, "name"),
        unit=_words(form, "unit"),
        code=_words(form, "code"),
        name_en=_words(form, "name_en"),
        spec=_words(form, "spec"),
        category=_words(form, "category"),
        price=paid,
        pack_unit=_words(form, "pack_unit"),
        pack_size=size,
        old_for_new=form.get("old_for_new") == "1",
        is_tool=form.get("is_tool") == "1",
        requestable=form.get("requestable") == "1",
    )


def _words(form: Mapping[str, str], name: str) -> str:
    typed, most = " ".join(text(form, name).split()), LONGEST[name]
    if len(typed) > most:
        raise Refused("too-long", N_("This text is too long (%(most)s characters at most)."), most=most)
    return typed
