"""Which jobs the address of the list asks for: the page and its file show the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request
from sqlalchemy.sql.base import ExecutableOption

from crew_app.core.clock import now
from crew_app.reports.ticket_lists import Behind, behind
from crew_app.tickets import forms, now_lists, queries
from crew_app.tickets.models import Ticket
from crew_app.tickets.now_lists import NowList
from crew_app.web.people import person


@dataclass(frozen=True, slots=True)
class Listed:
    """What is asked for: the rows behind a figure, a list of now, or what the person narrowed it to."""

    figure: Behind | None
    now_list: NowList | None
    chosen: queries.Filter
    at: datetime

    def page(self, before: tuple[datetime, UUID] | None, more: Sequence[ExecutableOption] = ()) -> Sequence[Ticket]:
        """A page of them from the newest on; `more`: what is loaded with each."""
        listed = self.figure or self.now_list
        also = listed.conditions(self.at) if listed else []
        return queries.newest(person(), self.chosen, before, also, more)


def asked_for() -> Listed:
    """By the address of this request."""
    at = now()
    figure = behind(person(), request.args, at)
    now_list = now_lists.asked_for(person(), request.args)
    return Listed(figure, now_list, queries.Filter() if figure or now_list else _filter(), at)


def _filter() -> queries.Filter:
    """Those not closed unless asked otherwise."""
    asked = request.args
    narrowed = any(name in asked for name in ("all", "mine", "state", "q"))
    return queries.Filter(
        state=forms.parse_state(asked.get("state", "")),
        mine="mine" in asked,
        live=not narrowed,
        text=asked.get("q", "")[:40],
    )
