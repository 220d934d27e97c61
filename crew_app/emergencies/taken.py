"""What phones take along of emergencies."""

from collections.abc import Iterator

from crew_app.emergencies import playbooks, queries
from crew_app.people.models import Person
from crew_app.people.rules import Right

Fact = tuple[str, object]


def pages(person: Person) -> Iterator[Fact]:
    """What goes on, and the pages to start one: those work in a basement, too."""
    going = queries.running(person)
    offers = [one.id for one in playbooks.offered(person)]
    stands = [(one.ticket_id, one.called_at, one.closed_at) for one in going]
    yield "/emergencies", (stands, offers)
    for one in going:
        logged = queries.entry_count(one.ticket_id)
        yield f"/emergencies/{one.ticket_id}", (logged, one.called_at)
    if person.can(Right.REPORT):
        yield "/emergencies/new", offers
