"""The manifest: which pages a person's phone should keep, each with a revision that changes when the page does.

What only the passing of time changes (how long a deadline is still away) is no change, nor is which materials are
suggested for a kind of job: a page says of when it is, and that of a live job is made anew each day.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from itertools import chain, islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from crew_app.core.db import session
from crew_app.deliveries import queries as deliveries
from crew_app.desk import announcement_queries as announcements
from crew_app.desk import call_queries
from crew_app.desk.call_queries import Due
from crew_app.emergencies import taken as emergencies
from crew_app.evidence.models import Photo
from crew_app.fixed_assets import facts as assets
from crew_app.notifications import queries as notes
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.doors import Door, Doors, doors
from crew_app.registers import taken as registers
from crew_app.roster import queries as roster
from crew_app.roster.models import ShiftSwap
from crew_app.rounds import news, series
from crew_app.rounds import queries as rounds
from crew_app.rounds.models import Run
from crew_app.stock import queries as stock
from crew_app.stock.models import Item, Move
from crew_app.storeroom.counts import queries as counting
from crew_app.storeroom.counts.models import CountState
from crew_app.storeroom.todo import todo
from crew_app.sync.taken import MONTH, in_area, is_own, ticket_rows
from crew_app.tickets import shots
from crew_app.tickets.models import PhotoRole, TicketPhoto
from crew_app.tickets.rules import LIVE, UNDER_WORK, State

MOST_PAGES = 300
MOST_OPEN = 1_000
MOST_THUMBS = 24
_ZONE = "Asia/Shanghai"
_LISTS = (
    "/tickets",
    "/tickets?mine=1",
    *(f"/tickets?state={state}" for state in State),
    "/tickets?all=1",
)
Fact = tuple[str, object]
"""A page's address, and all that its content depends on."""


@dataclass(frozen=True)
class Asked:
    """Who asks for a manifest: `look` names build and language, which change every page."""

    person: Person
    look: str
    at: datetime
    chinese: bool

    @cached_property
    def rows(self) -> Sequence[Row[Any]]:
        """The jobs to be known of, read once for all sources."""
        return ticket_rows(self.person, self.at)

    @cached_property
    def today(self) -> str:
        """The day as the person's pages write it; times of today are written without one."""
        return self.day_of(self.at)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which this person's pages write times."""
        memberships = self.person.memberships
        return memberships[0].site.zone if memberships else ZoneInfo(_ZONE)

    @cached_property
    def rights(self) -> list[object]:
        """What the person is allowed, which decides what pages offer."""
        roles = sorted((str(m.site_id), m.role.value) for m in self.person.memberships)
        return [str(self.person.id), self.person.name, roles, sorted(self.person.trade_set)]

    @cached_property
    def seal(self) -> blake2b:
        """What begins the revision of every page of this person."""
        return blake2b(repr((self.look, self.rights)).encode(), digest_size=8)

    @cached_property
    def swaps(self) -> Sequence[ShiftSwap]:
        """Swaps of shifts that wait for the person."""
        return roster.swaps_to_answer(self.person)

    @cached_property
    def licences(self) -> object:
        """What decides whether a job warns of a missing licence."""
        return registers.licences(self.person)

    @cached_property
    def due(self) -> list[Due]:
        """Who has to be called back by this person's desk."""
        return call_queries.due(self.person, self.at) if self.person.can(Right.KEEP_DESK) else []

    @cached_property
    def outages(self) -> object:
        """What is off, or will be soon, at the person's sites."""
        found = announcements.outages(self.person.site_ids, self.at)
        return [(one.id, one.version, one.stage(self.at)) for one in found]

    @cached_property
    def shots(self) -> object:
        """Which photos the person's sites ask for."""
        rules = shots.rules_of(self.person.site_ids)
        return [(rule.site_id, rule.job_kind_id, rule.before, rule.after) for rule in rules]

    @cached_property
    def doors(self) -> dict[UUID, Doors]:
        """What to know before the doors of the person's sites."""
        return {site_id: doors(site_id) for site_id in self.person.site_ids}

    def door(self, row: Row[Any]) -> Door | None:
        """What to know before the door of a job."""
        known = self.doors.get(row.site_id)
        return known.of(row.place_id, row.path) if known else None

    @cached_property
    def walks(self) -> Sequence[Run]:
        """The rounds the person is to walk."""
        return rounds.due_for(self.person, self.at) if self.person.can(Right.WALK) else []

    @cached_property
    def rounds(self) -> object:
        """What Today and the list of rounds say about rounds: to walk, watched, outside their limits."""
        if not self.person.can(Right.SEE_SITE):
            return None
        stands = [(run.id, run.state, run.changed_at, run.visited_count) for run in self.walks]
        watched = news.of_site(self.person, self.at) if self.person.can(Right.WATCH_ROUNDS) else ""
        return stands, watched, [(one.id, one.alarm_at) for one in series.alarms_now(self.person, self.at)]

    def day_of(self, at: datetime) -> str:
        """The day of a moment."""
        return at.astimezone(self.zone).date().isoformat()


def manifest(asked: Asked) -> dict[str, Any]:
    """The pages, the most needed first, and what is open where."""
    facts: dict[str, object] = {}
    for url, fact in chain.from_iterable(source(asked) for source in SOURCES):
        facts.setdefault(url, fact)
    kept = islice(facts.items(), MOST_PAGES)
    return {
        "person": str(asked.person.id),
        "pages": [[url, _revision(asked, url, fact)] for url, fact in kept],
        "thumbs": [_picture(*one) for one in _pictures(asked)],
        "open": list(islice(_open_jobs(asked), MOST_OPEN)),
        "stops": list(_open_stops(asked)),
    }


def _revision(asked: Asked, *facts: object) -> str:
    found = asked.seal.copy()
    found.update(repr(facts).encode())
    return found.hexdigest()


def lists(asked: Asked) -> Iterator[Fact]:
    """Today, the lists of jobs, the queue of finished work: any change of any job may show in them."""
    before = [asked.door(row) for row in asked.rows if row.state in LIVE]
    said = announcements.facts(asked.person, asked.at)
    jobs = _revision(asked, asked.today, [tuple(row) for row in asked.rows], before, said)
    swaps = len(asked.swaps)
    work = (len(asked.due), todo(asked.person, asked.at), _shifts(asked)[:1], swaps)
    yield "/", (jobs, *work, asked.rounds)
    if asked.person.can(Right.VERIFY):
        yield "/review", jobs
    yield from ((url, jobs) for url in _LISTS)


def own_jobs(asked: Asked) -> Iterator[Fact]:
    """What the person has in hand or reported."""
    return (_job(asked, row) for row in asked.rows if is_own(asked.person, row))


def jobs_of_the_area(asked: Asked) -> Iterator[Fact]:
    """What is open, and what was done this week, where the person works."""
    return (_job(asked, row) for row in asked.rows if in_area(asked.person, row))


def _job(asked: Asked, row: Row[Any]) -> Fact:
    # Deadlines that run are written anew each day; times of today are written differently from tomorrow on.
    lasting = row.state not in LIVE and asked.day_of(row.last_event_at or row.changed_at) != asked.today
    here = (asked.today, asked.licences, asked.door(row), asked.outages, asked.shots)
    return f"/tickets/{row.id}", (tuple(row), "" if lasting else here)


def shells(_asked: Asked) -> Iterator[Fact]:
    """Pages that the phone fills in, and what is behind the bar; they hang on nothing but the person's rights."""
    return ((url, "") for url in ("/offline/ticket", "/offline/tag", "/scan", "/outbox", "/more"))


def materials(asked: Asked) -> Iterator[Fact]:
    """The bag with the first page of materials, and each item that is in the bag."""
    if not asked.person.can(Right.SEE_STOCK):
        return
    items, bag = stock.items(), [held.item for held in _in_bag(asked)]
    moved = _moves({item.id for item in (*items, *bag)})
    said = {item.id: (_words(item), moved.get(item.id)) for item in (*items, *bag)}
    yield "/stock", (list(said.values()), _unsettled(asked.person))
    yield from ((f"/stock/items/{item.id}", (said[item.id], asked.today)) for item in bag)


def counts(asked: Asked) -> Iterator[Fact]:
    """Where one sees stock, the list of counts and each one that is going on: anybody may be asked to help counting."""
    if not asked.person.can(Right.SEE_STOCK):
        return
    live, closed = counting.live(asked.person), counting.closed(asked.person)
    stands = [
        (one.id, one.state, one.decision, one.note, one.proposed_by_id, one.decided_at) for one in (*live, *closed)
    ]
    yield "/stock/counts", (stands, _to_begin(asked), asked.today)
    for one in live:
        if one.state is CountState.OPEN:
            listed = counting.listed(one.id)
            stands_now = (one.id, one.decision, one.note, counting.entry_count(one.id))
            yield f"/stock/counts/{one.id}", (stands_now, _moves(listed), len(listed), asked.today)


def _to_begin(asked: Asked) -> list[object]:
    """What a storekeeper is offered for a new count."""
    if not asked.person.can(Right.KEEP_STOCK):
        return []
    due = [(one.store.id, one.day, one.overdue) for one in counting.due(asked.person, asked.at)]
    names = [(account.id, account.name) for account in counting.countable(asked.person)]
    return [due, names, counting.categories()]


def _in_bag(asked: Asked) -> list[stock.Held]:
    return [held for bag in stock.bags(asked.person) for held in stock.held(bag.id)]


def _words(item: Item) -> tuple[object, ...]:
    return item.id, item.code, item.name, item.name_en, item.spec, item.unit, item.price, item.category


def _moves(item_ids: Iterable[Any]) -> dict[Any, int]:
    """How often each item was moved; moves are only ever added, so that every change counts."""
    query = select(Move.item_id, func.count()).where(Move.item_id.in_(item_ids)).group_by(Move.item_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _unsettled(person: Person) -> list[object]:
    found = stock.open_discrepancies(person, limit=10) if person.can(Right.KEEP_STOCK) else []
    return [one.id for one in found]


def asset_counts(asked: Asked) -> Iterator[Fact]:
    """Counts of fixed assets that go on, with every room."""
    return ((f"/assets/counts/{count_id}", fact) for count_id, fact in assets.of_open_counts(asked.person))


def runs(asked: Asked) -> Iterator[Fact]:
    """The list of rounds, and each run the person is to walk, with what is open at its stops."""
    if not asked.person.can(Right.SEE_SITE):
        return
    yield "/rounds", (asked.rounds, asked.today)
    for run in asked.walks:
        yield f"/rounds/runs/{run.id}", (run.id, run.state, run.changed_at, asked.today)


def own_shifts(asked: Asked) -> Iterator[Fact]:
    """When the person is on duty, and the swaps they have a part in."""
    if asked.person.can(Right.SEE_SITE):
        swaps = [*roster.own_swaps(asked.person, asked.at - MONTH), *asked.swaps]
        stands = [(one.id, one.state, one.shift_id, one.other_id) for one in swaps]
        yield "/roster/mine", (_shifts(asked), stands, asked.today)


def _shifts(asked: Asked) -> list[object]:
    found = roster.shifts_of(asked.person.id, asked.at, asked.at + MONTH)
    return [(one.id, one.starts_at, one.ends_at, one.duty, one.name) for one in found]


def gate_and_shifts(asked: Asked) -> Iterator[Fact]:
    """The gate log for those who keep it; hand-overs that wait for a signature, for those who may sign."""
    yield from registers.gate(asked.person, asked.today)
    yield from registers.shifts(asked.person, asked.today, [tuple(row) for row in asked.rows])


def announced(asked: Asked) -> Iterator[Fact]:
    """What is announced: the list, and each that holds and that the person was told."""
    found = announcements.current(asked.person, asked.at)
    unread = announcements.unread(asked.person, [one.id for one in found])
    stands = [(one.id, one.version, one.stage(asked.at), one.id in unread) for one in found]
    yield "/announcements", (stands, asked.today)
    for one in announcements.to_know(asked.person, asked.at):
        read = announcements.read_count(one) if asked.person.can(Right.ANNOUNCE, one.site_id) else 0
        yield f"/announcements/{one.id}", (one.version, one.stage(asked.at), one.id in unread, read, asked.today)


def desk(asked: Asked) -> Iterator[Fact]:
    """The form of a call and who has to be called back, for those at the desk."""
    if not asked.person.can(Right.KEEP_DESK):
        return
    taken = [(one.id, one.event_count) for one in call_queries.recent(asked.person)]
    due = [(one.ticket.id, one.ticket.event_count, one.tries) for one in asked.due]
    yield "/desk/calls/new", (taken, asked.today)
    yield "/desk/calls", (taken, due, asked.outages, asked.today)


def notices(asked: Asked) -> Iterator[Fact]:
    """What the person was told."""
    yield "/notices", (notes.stands(asked.person), asked.today)


def emergencies_and_carrying(asked: Asked) -> Iterator[Fact]:
    """What goes on, what can be started, what is to be carried or driven; pages to ask for both."""
    jobs = _revision(asked, asked.today, [tuple(row) for row in asked.rows])
    yield from emergencies.pages(asked.person)
    yield from ((url, jobs) for url in ("/deliveries", "/trips"))
    if asked.person.can(Right.REPORT):
        yield from ((url, asked.today) for url in ("/deliveries/new", "/trips/new"))


SOURCES: tuple[Callable[[Asked], Iterable[Fact]], ...] = (
    lists,
    shells,
    notices,
    runs,
    emergencies_and_carrying,
    own_jobs,
    announced,
    desk,
    materials,
    counts,
    asset_counts,
    gate_and_shifts,
    own_shifts,
    jobs_of_the_area,
)
"""Each gives pages with what they depend on, the most needed first; the first that names a page counts."""


def _pictures(asked: Asked) -> Iterator[tuple[UUID, str, int]]:
    """Pictures of what the person has in hand, the newest jobs first; large what lies over the shot after the work."""
    mine = [row.id for row in asked.rows if row.owner_id == asked.person.id and row.state in UNDER_WORK]
    columns = select(TicketPhoto.photo_id, TicketPhoto.ticket_id, TicketPhoto.role, Photo.version).join(Photo)
    here = columns.where(TicketPhoto.ticket_id.in_(mine), Photo.stored_at.is_not(None), Photo.removed_at.is_(None))
    found = session.execute(here.order_by(TicketPhoto.ticket_id.desc(), TicketPhoto.position).limit(MOST_THUMBS)).all()
    ghosts = {row.ticket_id: row for row in found if row.role is PhotoRole.REPORT}
    ghosts |= {row.ticket_id: row for row in found if row.role is PhotoRole.BEFORE}
    yield from ((row.photo_id, "thumb", row.version) for row in found)
    yield from ((row.photo_id, "plain", row.version) for row in ghosts.values())


def _picture(photo_id: UUID, size: str, version: int) -> str:
    """The address of a picture as pages say it."""
    return f"/photos/{photo_id}/{size}" + (f"?v={version}" if version else "")


def _open_jobs(asked: Asked) -> Iterator[list[str | None]]:
    """Live jobs by where they are, for the page of any tag: id, number, kind, state, since, place, asset."""
    for row in asked.rows:
        if row.state in LIVE:
            kind = row.name if asked.chinese else row.name_en or row.name
            asset = str(row.asset_id) if row.asset_id else None
            since = row.changed_at.isoformat(timespec="seconds")
            yield [str(row.id), row.number, kind, row.state.value, since, str(row.place_id), asset]
    yield from _goals(asked)


def _goals(asked: Asked) -> Iterator[list[str | None]]:
    """What is under way, by where it goes: a scan there opens it, too."""
    goals = deliveries.moving_to(asked.person.sites_with(Right.WORK))
    for row in asked.rows:
        if row.id in goals:
            kind = row.name if asked.chinese else row.name_en or row.name
            since = row.changed_at.isoformat(timespec="seconds")
            yield [str(row.id), row.number, kind, row.state.value, since, str(goals[row.id]), None]


def _open_stops(asked: Asked) -> Iterator[list[str | None]]:
    """Stops that a scan opens: stop, run, place, asset, since when it may be visited."""
    for stop in rounds.open_stops(asked.person, asked.at) if asked.person.can(Right.WALK) else ():
        asset = str(stop.asset_id) if stop.asset_id else None
        yield [str(stop.id), str(stop.run_id), str(stop.place_id), asset, stop.opens_at.isoformat(timespec="seconds")]
