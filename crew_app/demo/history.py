"""One year of work at the demo hospital, cut off at the present moment; the same every time for the same moment."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import takewhile
from random import Random

from crew_app.demo import roster, words
from crew_app.demo.assets import DemoAsset, assets
from crew_app.demo.demand import KINDS, Opening, openings, pick
from crew_app.demo.hospital import DemoPlace, places
from crew_app.demo.job_kinds import Case, DemoKind
from crew_app.demo.live import live_tickets
from crew_app.demo.people import people
from crew_app.demo.records import ZONE, DemoEvent, DemoTicket, DemoUse
from crew_app.demo.story import Draft, life, parts_of
from crew_app.tickets.rules import NUMBER_PREFIX, Kind, Priority, State, Verb, next_state

SEED = 8_600
TOTAL = 8_600
ON_ROUND = 216 / 3_802
ON_THE_SPOT = 0.05
FOUND_BY_LOOKING = frozenset({"exit_light", "extinguisher", "smoke_detector", "lamp_post", "ceiling", "fan_coil"})
HAZARDS = frozenset({"exit_light", "extinguisher", "smoke_detector"})
IN_THE_BAG = 5
"""Who uses an item at least this often in a year carries it; everything else is fetched from the store."""
TOO_LARGE = frozenset(
    {"DG-0004", "HC-0006", "HC-0007", "HC-0008", "JD-0005", "SN-0001", "SN-0006", "WS-0019", "XF-0001", "XF-0002"}
)


def history(now: datetime) -> list[DemoTicket]:
    """All tickets, oldest first, numbered per site and day."""
    dice = Random(SEED)  # noqa: S311 - the same year every time
    live = live_tickets(now)
    past = [_ticket(opening, now, dice) for opening in openings(TOTAL - len(live), now, dice)]
    tickets = sorted([*past, *live], key=lambda ticket: ticket.opened_at)
    return list(_numbered(_with_sources(tickets)))


def _ticket(opening: Opening, now: datetime, dice: Random) -> DemoTicket:
    draft = _draft(opening, dice)
    events = tuple(takewhile(lambda event: event.at <= now, life(draft, dice)))
    return DemoTicket(
        serial=0,
        number="",
        site=draft.place.site,
        place=draft.place.code,
        asset=draft.asset.code if draft.asset else None,
        kind=_kind(draft),
        job_kind=draft.kind.code,
        priority=draft.kind.priority,
        state=state_after(events),
        description=draft.description,
        reporter=draft.reporter,
        reporter_name=draft.reporter_name,
        owner=draft.worker if any(event.verb is Verb.ACCEPT for event in events) else None,
        on_round=draft.on_round,
        on_the_spot=draft.on_the_spot,
        events=events,
        uses=tuple(_booked(draft.uses, events)),
        photos=(),
    )


def _draft(opening: Opening, dice: Random) -> Draft:
    kind = opening.kind
    case = kind.cases[pick(tuple(case.weight for case in kind.cases), dice)]
    place, asset = _where(case, dice)
    worker = roster.worker(kind, place.site, opening.at, dice)
    on_round = dice.random() < (0.5 if kind.code in FOUND_BY_LOOKING else ON_ROUND * 0.75)
    own = on_round or kind.code == "lift_upkeep"
    reporter, name = (worker, "") if own else roster.reporter(place, dice)
    return Draft(
        at=opening.at,
        kind=kind,
        case=case,
        place=place,
        asset=asset,
        description=case.report + (words.ON_ROUND if on_round else _courtesy(kind, dice)),
        reporter=reporter,
        reporter_name=name,
        worker=worker,
        on_round=on_round,
        on_the_spot=own and kind.priority > Priority.URGENT and dice.random() < ON_THE_SPOT * 8,
        uses=parts_of(case, opening.at, dice),
    )


def _courtesy(kind: DemoKind, dice: Random) -> str:
    return "" if kind.code == "lift_upkeep" else dice.choice(words.COURTESY)


def _where(case: Case, dice: Random) -> tuple[DemoPlace, DemoAsset | None]:
    wanted = dice.choice(case.places)
    if wanted.startswith("@"):
        asset = dice.choice(_assets_of(wanted[1:]))
        return places()[asset.place], asset
    return dice.choice(_places_of(wanted)), None


@cache
def _assets_of(kind: str) -> list[DemoAsset]:
    return [asset for asset in assets().values() if asset.kind == kind]


@cache
def _places_of(kind: str) -> list[DemoPlace]:
    return [place for place in places().values() if place.type == kind]


def _kind(draft: Draft) -> Kind:
    if draft.on_round and draft.kind.code in HAZARDS:
        return Kind.HAZARD
    return KINDS.get(draft.kind.code, Kind.REPAIR)


def state_after(events: tuple[DemoEvent, ...]) -> State:
    """Where these events lead; the state machine itself says so."""
    state = State.OPEN
    for event in events:
        if event.verb not in (Verb.OPEN, Verb.MATERIAL, Verb.PHOTO, Verb.NOTE):
            state = next_state(state, event.verb)
    return state


def _booked(uses: tuple[DemoUse, ...], events: tuple[DemoEvent, ...]) -> Iterator[DemoUse]:
    """The materials that were logged by now, at the time of their events."""
    logged = [event for event in events if event.verb is Verb.MATERIAL]
    for use, event in zip(uses, logged, strict=False):
        yield replace(use, at=event.at)


def _with_sources(tickets: list[DemoTicket]) -> Iterator[DemoTicket]:
    """Decide where each material came from: the bag for what its owner uses often, else the store."""
    often = Counter((ticket.owner, use.item) for ticket in tickets for use in ticket.uses)
    for ticket in tickets:
        uses = tuple(replace(use, from_bag=use.unbooked or _carried(ticket, use, often)) for use in ticket.uses)
        yield replace(ticket, uses=uses) if uses else ticket


def _carried(ticket: DemoTicket, use: DemoUse, often: Counter[tuple[str | None, str]]) -> bool:
    if use.item in TOO_LARGE:
        return False
    at_home = ticket.owner is not None and people()[ticket.owner].sites[0] == ticket.site
    return at_home and often[ticket.owner, use.item] >= IN_THE_BAG


def _numbered(tickets: Iterator[DemoTicket]) -> Iterator[DemoTicket]:
    given = Counter[tuple[str, str]]()
    for serial, ticket in enumerate(tickets, 1):
        day = f"{ticket.opened_at.astimezone(ZONE):%Y%m%d}"
        given[ticket.site, day] += 1
        number = f"{NUMBER_PREFIX[ticket.kind]}-{day}-{given[ticket.site, day]:04d}"
        yield replace(ticket, serial=serial, number=number)
