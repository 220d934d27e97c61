"""Rows of tickets and of everything that happened to them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from crew_app.demo.loading.ids import Row, known, timed
from crew_app.demo.records import ZONE, DemoEvent, DemoTicket
from crew_app.tickets.rules import TRANSITIONS, State, Verb, deadlines, next_state

SEED = 42
SENT_LATER = 0.02
"""How often a phone had no network in the basement."""


def ticket_ids(tickets: Iterable[DemoTicket]) -> dict[int, UUID]:
    """The id of each ticket by its serial number."""
    dice = Random(SEED)  # noqa: S311 - the same every time
    return {ticket.serial: timed(ticket.opened_at, dice) for ticket in tickets}


def ticket_rows(tickets: Iterable[DemoTicket], ids: dict[int, UUID]) -> Iterator[Row]:
    """The tickets as they stand."""
    for ticket in tickets:
        yield _what(ticket, ids[ticket.serial]) | _who(ticket) | _times(ticket)


def event_rows(tickets: Iterable[DemoTicket], ids: dict[int, UUID], now: datetime) -> Iterator[Row]:
    """The events in their order, with the clocks of the phones."""
    dice = Random(SEED + 1)  # noqa: S311 - the same every time
    for ticket in tickets:
        state = State.OPEN
        for position, event in enumerate(ticket.events):
            before, state = state, next_state(state, event.verb) if event.verb in TRANSITIONS else state
            yield {
                "id": timed(event.at, dice),
                "site_id": known("site", ticket.site),
                "ticket_id": ids[ticket.serial],
                "position": position,
                "verb": event.verb,
                "from_state": None if event.verb is Verb.OPEN else before,
                "to_state": state,
                "person_id": person_id(event.person),
                "note": event.note,
                "hold_reason": event.hold_reason,
                "receipt_key": None,
            } | _clocks(event, now, dice)


def number_rows(tickets: Iterable[DemoTicket]) -> Iterator[Row]:
    """The last number of each site and day."""
    given = Counter[tuple[str, date]]((t.site, t.opened_at.astimezone(ZONE).date()) for t in tickets)
    for (site, day), last in given.items():
        yield {"site_id": known("site", site), "day": day, "last": last}


def person_id(login: str | None) -> UUID | None:
    """The id of a log-in, if there is one."""
    return known("person", login) if login else None


def _what(ticket: DemoTicket, id_: UUID) -> Row:
    return {
        "id": id_,
        "site_id": known("site", ticket.site),
        "number": ticket.number,
        "kind": ticket.kind,
        "job_kind_id": known("job-kind", ticket.job_kind),
        "place_id": known("place", ticket.place),
        "asset_id": known("asset", ticket.asset) if ticket.asset else None,
        "description": ticket.description,
        "priority": ticket.priority,
        "state": ticket.state,
        "event_count": len(ticket.events),
        "sent_back_count": sum(event.verb is Verb.SEND_BACK for event in ticket.events),
    }


def _who(ticket: DemoTicket) -> Row:
    return {
        "owner_id": person_id(ticket.owner),
        "reporter_id": person_id(ticket.reporter),
        "reporter_name": ticket.reporter_name,
        "follow_hash": None,
        "on_the_spot": ticket.on_the_spot,
    }


def _times(ticket: DemoTicket) -> Row:
    last = {event.verb: event for event in ticket.events}
    held = last.get(Verb.HOLD) if ticket.state is State.ON_HOLD else None
    due, pause = deadlines(ticket.priority, ticket.opened_at), _paused(ticket.events)
    closed = last.get(Verb.VERIFY) or last.get(Verb.CANCEL)
    finished = last.get(Verb.FINISH) if ticket.state in (State.FINISHED, State.VERIFIED) else None
    return {
        "opened_at": ticket.opened_at,
        "changed_at": max(event.at for event in ticket.events),
        "response_due_at": due.response,
        "resolution_due_at": due.resolution + pause,
        "accepted_at": next((event.at for event in ticket.events if event.verb is Verb.ACCEPT), None),
        "finished_at": finished.at if finished else None,
        "closed_at": closed.at if closed else None,
        "hold_reason": held.hold_reason if held else None,
        "hold_since": held.at if held else None,
        "paused_seconds": int(pause.total_seconds()),
    }


def _paused(events: tuple[DemoEvent, ...]) -> timedelta:
    """How long the clock stood still; a hold that goes on does not count yet."""
    total, since = timedelta(0), None
    for event in events:
        if event.verb is Verb.HOLD:
            since = event.at
        elif event.verb is Verb.RESUME and since:
            total += event.at - since
    return total


def _clocks(event: DemoEvent, now: datetime, dice: Random) -> Row:
    """The phone's clock is a little off, and what was done without a network arrives later."""
    offset = timedelta(milliseconds=dice.randint(-900, 1500))
    late = event.verb is not Verb.OPEN and dice.random() < SENT_LATER
    way = timedelta(minutes=dice.randint(4, 70)) if late else timedelta(milliseconds=dice.randint(120, 1900))
    return {
        "at": event.at,
        "device_at": event.at - offset,
        "received_at": min(event.at + way, max(now, event.at)),
        "offset_ms": round(offset / timedelta(milliseconds=1)),
        "clock_suspect": False,
    }
