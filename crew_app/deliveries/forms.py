"""What people send about carrying, turned into typed values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.deliveries.rules import Cargo, Need
from crew_app.tickets.forms import text, uuid
from crew_app.tickets.rules import Priority


@dataclass(frozen=True, slots=True)
class AskForm:
    """What is to be carried, as it was filled in."""

    ticket_id: UUID
    from_id: UUID
    to_id: UUID
    cargo: Cargo
    needs: list[Need]
    priority: Priority
    note: str


def parse_ask(form: Mapping[str, str], needs: Iterable[str]) -> AskForm:
    """Read what is to be carried."""
    if form.get("cargo", "") not in set(Cargo):
        raise Refused("choice-missing", N_("Please choose what is carried."))
    goal = form.get("to_id") or form.get("other_id")
    if not form.get("from_id") or not goal:
        raise Refused("where-missing", N_("Please say from where, and where to."))
    return AskForm(
        ticket_id=uuid(form, "ticket_id"),
        from_id=uuid(form, "from_id"),
        to_id=uuid({"to": goal}, "to"),
        cargo=Cargo(form["cargo"]),
        needs=[need for need in Need if need.value in set(needs)],
        priority=_priority(form.get("priority", "")),
        note=text(form, "note")[:500],
    )


def _priority(typed: str) -> Priority:
    return Priority(int(typed)) if typed in {"1", "2", "3", "4"} else Priority.NORMAL
