"""Other hospitals of the group: the demo's sites with their places, assets and people, under other names."""

from collections.abc import Iterator

from sqlalchemy import Table

from crew_app.core.db import Base
from crew_app.demo.growth.bases import Raw, Rows
from crew_app.demo.growth.copies import Shift, copied, named

_OWN = "kind <> 'ticket'"
TABLES = {
    "sites": "1 = 1",
    "departments": "1 = 1",
    "people": "1 = 1",
    "memberships": "1 = 1",
    "person_trades": "1 = 1",
    "places": "1 = 1",
    "assets": "1 = 1",
    "accounts": _OWN,
    "round_templates": "1 = 1",
    "round_versions": "1 = 1",
}
"""What a hospital consists of, in this order; of the accounts those that are not of a job."""
_SUFFIXED = {"sites": ("code", "name", "name_en"), "people": ("login", "name_en", "staff_number")}
GROUP_ADMIN = "admin"


def table(name: str) -> Table:
    """By its name in the database."""
    return Base.metadata.tables[name]


class Hospital:
    """The rows of the demo's hospital, from which others are made."""

    def __init__(self, rows: Rows) -> None:
        sites = ", ".join(f"'{row[0]}'" for row in rows.read(table("sites"), "code IN ('main', 'east')"))
        own = f"site_id IN ({sites})"
        here = f"SELECT person_id FROM memberships WHERE {own}"  # noqa: S608 - ids of our own
        where = {"sites": f"id IN ({sites})", "people": f"id IN ({here})", "person_trades": f"person_id IN ({here})"}
        self.found = {
            name: rows.read(table(name), f"{asked} AND {where.get(name, own)}") for name, asked in TABLES.items()
        }
        self.ids = [row[0] for name, many in self.found.items() if name != "person_trades" for row in many]

    @property
    def sites(self) -> list[str]:
        """The ids of its sites."""
        return [row[0] for row in self.found["sites"]]

    def names(self, number: int) -> dict[str, str]:
        """What stands for its rows in hospital `number`; in the demo's own everything for itself."""
        return named(self.ids, number) if number else {}

    def make(self, rows: Rows, number: int) -> int:
        """Write another one; how many rows."""
        names = self.names(number)
        shift = Shift(number, 0, names)
        made = 0
        for name in TABLES:
            anew = {column: lambda text: f"{text}-{number}" for column in _SUFFIXED.get(name, ())}
            many = list(copied(table(name), self.found[name], shift, anew, rows.null))
            made += rows.write(table(name), _parents_first(many) if name == "places" else many)
        return made + rows.write(table("memberships"), self._admin(number))

    def _admin(self, number: int) -> Iterator[Raw]:
        """The administrator of the demo is one of the whole group."""
        names = self.names(number)
        ids = [row[0] for row in self.found["people"] if row[1] == GROUP_ADMIN]
        for row in self.found["memberships"]:
            if row[1] in ids:
                yield [f"{row[0][:24]}0000{number:04x}", row[1], names[row[2]], *row[3:]]


def _parents_first(many: list[Raw]) -> list[Raw]:
    ids = {row[0]: row for row in many}

    def depth(row: Raw) -> int:
        return 1 + depth(ids[row[2]]) if row[2] in ids else 0

    return sorted(many, key=depth)
