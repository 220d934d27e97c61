"""Closed jobs with their events, the numbers given, their accounts, and two photos each without a file."""

from collections.abc import Iterator
from hashlib import sha256
from random import Random

from crew_app.demo.growth.bases import Raw, Rows
from crew_app.demo.growth.copies import Shift, copied
from crew_app.demo.growth.hospitals import table
from crew_app.demo.loading.ids import tag_code
from crew_app.evidence.models import PhotoSource
from crew_app.tickets.models import PhotoRole

_CLOSED = "state IN ('verified', 'cancelled')"
_SIZE = 260_000
_SHOWN = (1200, 1600)


class Work:
    """The jobs of the demo's year that can be repeated."""

    def __init__(self, rows: Rows, sites: list[str]) -> None:
        among = ", ".join(f"'{site}'" for site in sites)
        closed = f"site_id IN ({among}) AND {_CLOSED} AND {rows.originals}"
        jobs = f"SELECT id FROM tickets WHERE {closed}"  # noqa: S608 - ids of our own
        self.tickets = rows.read(table("tickets"), f"{closed} ORDER BY id")
        self.events = rows.read(table("ticket_events"), f"ticket_id IN ({jobs}) ORDER BY id")
        self.accounts = rows.read(table("accounts"), f"kind = 'ticket' AND ticket_id IN ({jobs})")

    def exists(self, rows: Rows, shift: Shift) -> bool:
        """Whether this copy was made before."""
        return rows.has(table("tickets"), "id", shift.own(self.tickets[0][0]))

    def make(self, rows: Rows, shift: Shift) -> int:
        """Write a copy; how many rows."""
        own, null = shift.own, rows.null
        anew = {"id": own, "number": shift.number, "follow_hash": lambda _: null, "receipt_key": lambda _: null}
        tickets = list(copied(table("tickets"), self.tickets, shift, anew, null))
        made = rows.write(table("tickets"), tickets)
        _note_numbers(rows, tickets)
        events = copied(table("ticket_events"), self.events, shift, anew | {"ticket_id": own}, null)
        made += rows.write(table("ticket_events"), events)
        accounts = {"id": shift.fixed, "ticket_id": own}
        made += rows.write(table("accounts"), copied(table("accounts"), self.accounts, shift, accounts, null))
        photos = list(_photos(tickets, null))
        made += rows.write(table("photos"), (photo for photo, _ in photos))
        return made + rows.write(table("ticket_photos"), (binding for _, binding in photos))


def _note_numbers(rows: Rows, tickets: list[Raw]) -> None:
    """So that the next number of a day is a free one."""
    last: dict[tuple[str, str], int] = {}
    for row in tickets:
        _, day, serial = row[_AT["number"]].split("-")
        key = row[_AT["site_id"]], f"{day[:4]}-{day[4:6]}-{day[6:]}"
        last[key] = max(last.get(key, 0), int(serial))
    given = list(last.items())
    for start in range(0, len(given), 500):
        values = ", ".join(f"('{site}', '{day}', {many})" for (site, day), many in given[start : start + 500])
        rows.run(
            f"INSERT INTO ticket_numbers (site_id, day, last) VALUES {values} ON CONFLICT (site_id, day) DO UPDATE "  # noqa: S608
            "SET last = CASE WHEN excluded.last > ticket_numbers.last THEN excluded.last ELSE ticket_numbers.last END"
        )


_AT = {column.name: place for place, column in enumerate(table("tickets").columns)}


def _photos(tickets: list[Raw], null: object) -> Iterator[tuple[Raw, Raw]]:
    """Before and after, of every job that was done."""
    dice = Random(tickets[0][0])  # noqa: S311 - codes that open nothing
    for row in tickets:
        if row[_AT["finished_at"]] in (null, None):
            continue
        for position, (role, when) in enumerate(((PhotoRole.BEFORE, "accepted_at"), (PhotoRole.AFTER, "finished_at"))):
            taken = row[_AT[when]]
            id_ = f"{row[0][:24]}{position:04x}{row[0][28:]}"
            yield _photo(row, id_, taken, tag_code(dice), null), [id_, row[0], row[1], role.value, position]


def _photo(ticket: Raw, id_: str, taken: str, code: str, null: object) -> Raw:
    known = {
        "id": id_,
        "site_id": ticket[1],
        "person_id": ticket[_AT["owner_id"]],
        "sha256": sha256(id_.encode()).hexdigest(),
        "byte_size": _SIZE,
        "media_type": "image/jpeg",
        "source": PhotoSource.CAMERA.value,
        "width": _SHOWN[0],
        "height": _SHOWN[1],
        "code": code,
        "place_id": ticket[_AT["place_id"]],
        "camera": "",
        "shape": "",
        "version": 0,
    }
    known |= dict.fromkeys(("taken_at", "at", "received_at", "stored_at", "looked_at"), taken)
    return [known.get(column.name, null) for column in table("photos").columns]
