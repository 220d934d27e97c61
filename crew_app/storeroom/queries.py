"""Questions about slips, always within what a person may see."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.stock.costs import Costs
from crew_app.stock.models import Account, AccountKind, Entry, Move
from crew_app.storeroom.models import Slip, SlipKind, SlipLine, SlipPhoto, SlipState
from crew_app.tickets import queries as tickets

PAGE = 50
_WHOLE = (
    joinedload(Slip.store).joinedload(Account.person),
    joinedload(Slip.other).joinedload(Account.person),
    joinedload(Slip.department),
    joinedload(Slip.person),
    joinedload(Slip.decided_by),
    joinedload(Slip.done_by),
    selectinload(Slip.lines).joinedload(SlipLine.item),
    selectinload(Slip.signatures),
    selectinload(Slip.photos).joinedload(SlipPhoto.photo),
    joinedload(Slip.based_on),
)


def slip(person: Person, slip_id: UUID, *, lock: bool = False) -> Slip:
    """A slip the person may see; `lock` for those who will change it."""
    query = select(Slip).where(Slip.id == slip_id, _visible(person))
    if lock:
        session.execute(select(Slip.id).where(Slip.id == slip_id).with_for_update())
        query = query.execution_options(populate_existing=True)
    found = session.scalar(query.options(*_WHOLE))
    if found is None:
        raise Unseen("unknown-slip", N_("This slip is not known."))
    return found


def slips(
    person: Person,
    kinds: Sequence[SlipKind],
    *,
    states: Sequence[SlipState] = (),
    before: UUID | None = None,
    limit: int = PAGE,
) -> Sequence[Slip]:
    """The newest slips of these kinds; `before` is the id of the last one seen."""
    query = select(Slip).where(Slip.kind.in_(kinds), _visible(person))
    if states:
        query = query.where(Slip.state.in_(states))
    last = session.get(Slip, before) if before else None
    if last:
        query = query.where(
            (Slip.received_at < last.received_at) | ((Slip.received_at == last.received_at) & (Slip.id < last.id))
        )
    query = query.options(
        joinedload(Slip.person),
        joinedload(Slip.department),
        joinedload(Slip.other),
        selectinload(Slip.lines).joinedload(SlipLine.item),
    )
    return session.scalars(query.order_by(Slip.received_at.desc(), Slip.id.desc()).limit(limit)).all()


def next_page(found: Sequence[Slip]) -> UUID | None:
    """What `before` is for the next page of a list, if there may be one."""
    return found[-1].id if len(found) == PAGE else None


def site(slip: Slip) -> Site:
    """The site whose slip it is."""
    return session.get_one(Site, slip.site_id)


def entry(slip: Slip) -> Entry | None:
    """The place in the ledger of what a slip booked."""
    return session.scalar(select(Entry).where(Entry.posting_id == slip.posting_id)) if slip.posting_id else None


def prices(slip: Slip) -> dict[UUID, Decimal]:
    """Yuan per unit for each line, by its id: as booked, else as written down; for a proposed write-off as of now."""
    if slip.kind is SlipKind.SCRAP and slip.state is SlipState.PROPOSED:
        costs = Costs(slip.site_id, {line.item_id for line in slip.lines})
        return {line.id: costs.average(line.item) for line in slip.lines}
    query = select(Move.item_id, Move.unit_cost).where(Move.posting_id == slip.posting_id)
    booked = {row[0]: row[1] for row in session.execute(query)} if slip.posting_id else {}
    known = {line.id: line.unit_cost if line.unit_cost is not None else booked.get(line.item_id) for line in slip.lines}
    return {line_id: price for line_id, price in known.items() if price is not None}


def bags(site_ids: Collection[UUID]) -> Sequence[Account]:
    """Everybody's bags at these sites."""
    return _accounts(AccountKind.BAG, site_ids)


def department_accounts(site_ids: Collection[UUID]) -> Sequence[Account]:
    """The accounts of departments that were given something at these sites."""
    return _accounts(AccountKind.DEPARTMENT, site_ids)


def _accounts(kind: AccountKind, site_ids: Collection[UUID]) -> Sequence[Account]:
    query = select(Account).where(Account.kind == kind, Account.site_id.in_(site_ids))
    return session.scalars(query.options(joinedload(Account.person)).order_by(Account.name)).all()


def photo(person: Person, photo_id: UUID) -> Photo:
    """A photo the person may see: of a slip, of a job, or of a late entry."""
    query = select(Photo).join(SlipPhoto).join(Slip).where(Photo.id == photo_id, _visible(person))
    return session.scalar(query) or tickets.photo(person, photo_id)


def _visible(person: Person) -> ColumnElement[bool]:
    """All slips of the sites whose stock one keeps or approves; elsewhere one's own."""
    sites = person.sites_with(Right.KEEP_STOCK) | person.sites_with(Right.APPROVE_STOCK)
    return or_(Slip.site_id.in_(sites), Slip.person_id == person.id)
