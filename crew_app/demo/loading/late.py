"""Rows of late entries: one question that waits for a supervisor of the demo hospital."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from crew_app.demo.loading.ids import Row, known
from crew_app.demo.records import DemoTicket
from crew_app.held.rules import Why
from crew_app.tickets.rules import State

SENDER, OTHER = "dian2", "wang"
NOTE = "地下室没信号，灯管已换，试灯正常。"


def held_rows(tickets: list[DemoTicket], ids: dict[int, UUID], now: datetime) -> Iterator[Row]:
    """Somebody finished a job in the basement that a colleague had finished already."""
    done = [ticket for ticket in tickets if ticket.state is State.FINISHED and ticket.owner == OTHER]
    for ticket in done[-1:]:
        id_, at = ids[ticket.serial], min(ticket.events[-1].at + timedelta(minutes=12), now)
        yield {
            "key": known("late", ticket.number),
            "site_id": known("site", ticket.site),
            "person_id": known("person", SENDER),
            "subject_id": id_,
            "why": Why.CLASH,
            "code": "not-owner",
            "action": "ticket_states.finish",
            "path": f"/tickets/{id_}/completion",
            "body": urlencode({"note": NOTE}),
            "at": at,
            "device_at": at,
            "received_at": min(at + timedelta(hours=2), now),
            "offset_ms": 120,
            "suspect": False,
            "decision": None,
            "decided_by_id": None,
            "decided_at": None,
            "note": "",
        }
