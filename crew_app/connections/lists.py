"""Lists for other systems: a page at a time by key, within one site and what the asking person may see there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.chain import Link
from crew_app.core.db import Base, session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person
from crew_app.places.models import Asset, AssetKind, Department, Place, PlaceKind
from crew_app.rounds.content import NUMERIC
from crew_app.rounds.models import Answer, RoundPlan, Run, RunStop, Visit
from crew_app.rounds.rules import RunState
from crew_app.rounds.series_models import ReadingSeries
from crew_app.stock.models import Account, AccountKind, Balance, Item, Move, Posting
from crew_app.tickets.models import JobKind, Ticket, TicketEvent, TicketPhoto
from crew_app.tickets.queries import CARD, visible
from crew_app.tickets.rules import LIVE, State

Row = TypeVar("Row", bound=Base)
_RUN = (joinedload(Run.template), joinedload(Run.person).options(*NAMED), joinedload(Run.plan))


@dataclass(frozen=True, slots=True)
class Where:
    """Which page: after which row, and how many rows; one more is read to know whether it goes on."""

    site_id: UUID
    after: UUID | None
    limit: int


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What a list of jobs is narrowed to."""

    state: State | None = None
    live: bool | None = None
    place_id: UUID | None = None
    asset_id: UUID | None = None
    number: str | None = None
    opened_from: datetime | None = None


def tickets(person: Person, where: Where, chosen: TicketFilter) -> Sequence[Ticket]:
    """Jobs from the newest on."""
    query = select(Ticket).where(Ticket.site_id == where.site_id, visible(person)).options(*CARD)
    same = ("state", "place_id", "asset_id", "number")
    named = {name: getattr(chosen, name) for name in same if getattr(chosen, name) is not None}
    query = query.filter_by(**named)
    if chosen.opened_from:
        query = query.where(Ticket.opened_at >= chosen.opened_from)
    if chosen.live is not None:
        query = query.where(Ticket.state.in_(LIVE) if chosen.live else Ticket.state.not_in(LIVE))
    return _page(query, Ticket, (Ticket.opened_at, Ticket.id), where, newest_first=True)


def ticket(person: Person, site_id: UUID, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    """A job of the site that the person may see, with its photos; locked to decide on its state."""
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.site_id == site_id, visible(person))
    if lock:
        session.execute(query.with_only_columns(Ticket.id).with_for_update())
    query = query.options(*CARD, selectinload(Ticket.photos).joinedload(TicketPhoto.photo))
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return found


def events_of(found: Ticket, where: Where) -> Sequence[TicketEvent]:
    """The story of a job, from its beginning on."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == found.id)
    query = query.options(joinedload(TicketEvent.person).options(*NAMED))
    return _page(query, TicketEvent, (TicketEvent.position, TicketEvent.id), where)


def job_kinds(where: Where) -> Sequence[JobKind]:
    """Job kinds, by code."""
    return _page(select(JobKind), JobKind, (JobKind.code, JobKind.id), where)


def places(where: Where, parent_id: UUID | None, kind: PlaceKind | None, code: str | None) -> Sequence[Place]:
    """Places, by code."""
    query = select(Place).where(Place.site_id == where.site_id)
    query = query.where(Place.parent_id == parent_id) if parent_id else query
    query = query.where(Place.kind == kind) if kind else query
    query = query.where(Place.code == code) if code else query
    return _page(query.options(joinedload(Place.department)), Place, (Place.code, Place.id), where)


def assets(where: Where, place_id: UUID | None, kind: str | None, code: str | None) -> Sequence[Asset]:
    """Assets, by code."""
    query = select(Asset).where(Asset.site_id == where.site_id)
    query = query.where(Asset.place_id == place_id) if place_id else query
    query = query.where(Asset.kind_id.in_(select(AssetKind.id).where(AssetKind.code == kind))) if kind else query
    query = query.where(Asset.code == code) if code else query
    options = (joinedload(Asset.place), joinedload(Asset.kind))
    return _page(query.options(*options), Asset, (Asset.code, Asset.id), where)


def departments(where: Where) -> Sequence[Department]:
    """Departments, by code."""
    query = select(Department).where(Department.site_id == where.site_id)
    return _page(query, Department, (Department.code, Department.id), where)


def items(where: Where, code: str | None) -> Sequence[Item]:
    """Materials, by code: one list for all sites."""
    query = select(Item).where(Item.code == code) if code else select(Item)
    return _page(query, Item, (Item.code, Item.id), where)


def stores(where: Where) -> Sequence[Account]:
    """The stores of the site."""
    query = select(Account).where(Account.site_id == where.site_id, Account.kind == AccountKind.STORE)
    return _page(query, Account, (Account.name, Account.id), where)


def balances(store: Account, where: Where) -> Sequence[Balance]:
    """What a store holds, by material; `after` is the id of a material."""
    query = select(Balance).where(Balance.account_id == store.id, Balance.quantity != 0)
    query = query.where(Balance.item_id > where.after) if where.after else query
    options = joinedload(Balance.item)
    return session.scalars(query.options(options).order_by(Balance.item_id).limit(where.limit + 1)).all()


def moves(where: Where, item_id: UUID | None, store_id: UUID | None) -> Sequence[Move]:
    """Moves of the ledger from the newest on."""
    query = select(Move).where(Move.site_id == where.site_id)
    query = query.where(Move.item_id == item_id) if item_id else query
    if store_id:
        query = query.where(or_(Move.from_account_id == store_id, Move.to_account_id == store_id))
    options = (joinedload(Move.item), joinedload(Move.from_account), joinedload(Move.to_account))
    query = query.options(*options, joinedload(Move.posting).joinedload(Posting.person).options(*NAMED))
    return _page(query, Move, (Move.posting_id, Move.id), where, newest_first=True)


def series(where: Where, asset_id: UUID | None, place_id: UUID | None) -> Sequence[ReadingSeries]:
    """Series of readings."""
    query = select(ReadingSeries).where(ReadingSeries.site_id == where.site_id)
    query = query.where(ReadingSeries.asset_id == asset_id) if asset_id else query
    query = query.where(ReadingSeries.place_id == place_id) if place_id else query
    options = (joinedload(ReadingSeries.asset), joinedload(ReadingSeries.place), joinedload(ReadingSeries.template))
    return _page(query.options(*options), ReadingSeries, (ReadingSeries.id,), where)


def values(found: ReadingSeries, where: Where, start: datetime | None, end: datetime | None) -> Sequence[Answer]:
    """The readings of a series from the newest on, from `start` to before `end`."""
    query = select(Answer).where(Answer.subject_id == found.subject_id, Answer.check_key == found.check_key)
    query = query.where(Answer.number.is_not(None), Answer.kind.in_(NUMERIC), Answer.site_id == where.site_id)
    query = query.where(Answer.at >= start) if start else query
    query = query.where(Answer.at < end) if end else query
    return _page(query, Answer, (Answer.at, Answer.id), where, newest_first=True)


def plans(where: Where) -> Sequence[RoundPlan]:
    """Plans of rounds, the newest first."""
    query = select(RoundPlan).where(RoundPlan.site_id == where.site_id)
    options = (joinedload(RoundPlan.template), joinedload(RoundPlan.person).options(*NAMED))
    return _page(query.options(*options), RoundPlan, (RoundPlan.id,), where, newest_first=True)


def runs(where: Where, state: RunState | None, template_id: UUID | None, start: datetime | None) -> Sequence[Run]:
    """Rounds from the newest on; `start`: those that opened then or later."""
    query = select(Run).where(Run.site_id == where.site_id)
    query = query.where(Run.state == state) if state else query
    query = query.where(Run.template_id == template_id) if template_id else query
    query = query.where(Run.opens_at >= start) if start else query
    return _page(query.options(*_RUN), Run, (Run.opens_at, Run.id), where, newest_first=True)


def run(site_id: UUID, run_id: UUID) -> Run:
    """A round with its stops and all that was answered."""
    stops = selectinload(Run.stops)
    options = (
        *_RUN,
        joinedload(Run.version),
        stops.joinedload(RunStop.place),
        stops.joinedload(RunStop.asset),
        stops.selectinload(RunStop.visits).options(joinedload(Visit.person).options(*NAMED)),
        stops.selectinload(RunStop.visits).selectinload(Visit.answers),
    )
    found = session.scalar(select(Run).where(Run.id == run_id, Run.site_id == site_id).options(*options))
    if found is None:
        raise Unseen("unknown-run", N_("This round is not known."))
    return found


def links(site_id: UUID, kinds: Sequence[str], after: int, limit: int) -> Sequence[Link]:
    """What was sealed in the audit chain of a site, in its order, behind a position; one more than `limit`."""
    query = select(Link).where(Link.chain == str(site_id), Link.position > after, Link.kind.in_(kinds))
    return session.scalars(query.order_by(Link.position).limit(limit + 1)).all()


def of_site(model: type[Row], site_id: UUID, row_id: UUID) -> Row:
    """A row of the site; `Unseen` for any other."""
    found = session.get(model, row_id)
    if found is None or getattr(found, "site_id", site_id) != site_id:
        raise Unseen("unknown", N_("This is not known here."))
    return found


def by_code(model: type[Row], site_id: UUID, code: str) -> Row:
    """A place, asset or department of the site by its code; `Unseen` for any other."""
    found = session.scalar(select(model).filter_by(site_id=site_id, code=code))
    if found is None:
        raise Unseen("unknown", N_("This is not known here."))
    return found


def _page(
    query: Select[Row], model: type[Row], key: tuple[Any, ...], where: Where, *, newest_first: bool = False
) -> Sequence[Row]:
    """The rows behind `after`, in the order of the key; `Unseen` when there is no such row."""
    if where.after:
        last = of_site(model, where.site_id, where.after)
        edge = tuple_(*(getattr(last, column.key) for column in key))
        query = query.where(tuple_(*key) < edge if newest_first else tuple_(*key) > edge)
    order = [column.desc() if newest_first else column for column in key]
    return session.scalars(query.order_by(*order).limit(where.limit + 1)).all()
