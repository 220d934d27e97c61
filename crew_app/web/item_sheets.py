"""The columns by which every spreadsheet of the storeroom says which material it means."""

from flask_babel import gettext

from crew_app.stock.models import Item
from crew_app.web.languages import named
from crew_app.web.sheets import Column, Value


def item_columns() -> list[Column]:
    """Code, name, specification, unit."""
    return [
        Column(gettext("Code"), 12),
        Column(gettext("Material"), 24),
        Column(gettext("Specification"), 24),
        Column(gettext("Unit"), 8),
    ]


def item_values(item: Item) -> list[Value]:
    """What stands in these columns."""
    return [item.code, named(item), item.spec, item.unit]
