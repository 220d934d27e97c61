"""Requests for issue (领用单): asked for by a ward or the crew, approved by somebody else, handed out by the store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.stock.models import Item, value_of
from crew_app.storeroom import departments, slips
from crew_app.storeroom.models import Slip, SlipKind, SlipLine, SlipState
from crew_app.storeroom.queries import slip as any_slip
from crew_app.storeroom.slips import Asked, Draft
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State

NOTHING = Decimal(0)
MOST_SHOWN = 200
CLOSED = frozenset({State.VERIFIED, State.CANCELLED})

_ROW = (
    joinedload(Slip.person),
    joinedload(Slip.department),
    selectinload(Slip.lines).joinedload(SlipLine.item),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as it was filled in: for a department, for a job, or else for one's own bag."""

    slip_id: UUID
    site_id: UUID
    lines: Sequence[Asked]
    department: Department | None = None
    ticket: Ticket | None = None
    urgent: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """How much of a line is granted, in the item's unit, and why not all of it."""

    quantity: Decimal
    reason: str = ""


def ask(wish: Wish, *, by: Person, at: Moment) -> Slip:
    """Send a request. More than the department's limit may be asked for; whoever approves sees it."""
    if not by.can(Right.ASK_FOR_STOCK, wish.site_id):
        raise Unseen("unknown-site", N_("Please choose a site."))
    if wish.department:
        _check_department(wish, wish.department, by)
    elif not by.can(Right.SEE_STOCK, wish.site_id):
        raise Refused("no-department", N_("You do not ask for any ward yet. Ask the logistics office to enter you."))
    if wish.ticket:
        need_open(wish.ticket)
        if wish.ticket.site_id != wish.site_id:
            raise Refused("other-site", N_("These belong to different sites."))
    zone = session.get_one(Site, wish.site_id).zone
    draft = Draft(
        slip_id=wish.slip_id,
        kind=SlipKind.REQUEST,
        site_id=wish.site_id,
        lines=_merged(wish.lines),
        department_id=wish.department.id if wish.department else None,
        ticket_id=wish.ticket.id if wish.ticket else None,
        month=at.at.astimezone(zone).date().replace(day=1),
        urgent=wish.urgent,
        note=wish.note,
    )
    return slips.make(draft, by=by, at=at)


def approve(slip: Slip, grants: Mapping[UUID, Grant], words: str = "", *, by: Person, at: Moment) -> None:
    """Grant a request, whole or less of some lines with a reason each; `grants` by the item's id.

    `Forbidden` ("over-limit") for whoever may not pass a department's monthly limit.
    """
    _may_decide(slip, by)
    slips.need_state(slip, SlipState.PROPOSED)
    for line in slip.lines:
        _grant(line, grants.get(line.item_id, Grant(line.quantity)))
    if not any(line.granted for line in slip.lines):
        raise Refused("nothing-granted", N_("Nothing is granted. Decline the request instead, and say why."))
    session.flush()
    if over_limit(slip, lock=True) and not by.can(Right.APPROVE_ANY_STOCK, slip.site_id):
        words_ = N_("With this the department passes its monthly limit. Grant less, or leave it to the manager.")
        raise Forbidden("over-limit", words_)
    slips.approve(slip, words, by=by, at=at)


def decline(slip: Slip, words: str, *, by: Person, at: Moment) -> None:
    """Say no to a request, with the reason."""
    _may_decide(slip, by)
    slips.decline(slip, words, by=by, at=at)


def cancel(slip: Slip, *, by: Person, at: Moment) -> None:
    """Take a request back while nothing of it was handed out."""
    slips.cancel(slip, by=by, at=at)


def close(slip: Slip, *, by: Person, at: Moment) -> None:
    """End an approved request although not everything was handed out: the rest is not coming."""
    slips.need_state(slip, SlipState.APPROVED)
    finish(slip, by=by, at=at)


def finish(slip: Slip, *, by: Person, at: Moment) -> None:
    """Mark a request as done."""
    slip.state, slip.done_by_id, slip.done_at = SlipState.DONE, by.id, at.at
    session.flush()


def request(person: Person, request_id: UUID, *, lock: bool = False) -> Slip:
    """A request the person may see."""
    found = any_slip(person, request_id, lock=lock)
    if found.kind is not SlipKind.REQUEST:
        raise Unseen("unknown-slip", N_("This slip is not known."))
    return found


def mine(person: Person, before: UUID | None = None, limit: int = departments.PAGE) -> Sequence[Slip]:
    """One's own requests, newest first; `before` is the id of the last one seen."""
    query = select(Slip).filter_by(kind=SlipKind.REQUEST, person_id=person.id)
    last = session.get(Slip, before) if before else None
    if last:
        query = query.where(Slip.number < last.number)
    return session.scalars(query.options(*_ROW).order_by(Slip.number.desc()).limit(limit)).all()


def waiting(person: Person) -> Sequence[Slip]:
    """Requests of others that this person could decide, urgent ones and then the oldest first."""
    return _standing(SlipState.PROPOSED, person.sites_with(Right.APPROVE_STOCK), person)


def approved(person: Person) -> Sequence[Slip]:
    """Requests to be handed out where this person keeps the stock, urgent ones and then the oldest first."""
    return _standing(SlipState.APPROVED, person.sites_with(Right.KEEP_STOCK))


def latest(department: Department) -> dict[UUID, Decimal]:
    """What a department asked for in the last month in which it asked, by item; declined requests do not count."""
    asked = select(Slip).where(Slip.department_id == department.id, Slip.kind == SlipKind.REQUEST)
    asked = asked.where(Slip.state.not_in([SlipState.DECLINED, SlipState.CANCELLED]))
    last = session.scalar(asked.where(Slip.month < _this_month(department)).order_by(Slip.month.desc()).limit(1))
    if last is None:
        return {}
    query = select(SlipLine.item_id, func.sum(SlipLine.quantity)).join(Slip, Slip.id == SlipLine.slip_id)
    query = query.where(Slip.id.in_(asked.where(Slip.month == last.month).with_only_columns(Slip.id)))
    return {row[0]: row[1] for row in session.execute(query.group_by(SlipLine.item_id))}


def requestable() -> Sequence[Item]:
    """What wards ask for themselves, by category and name."""
    query = select(Item).filter_by(requestable=True).order_by(Item.category, Item.name, Item.spec)
    return session.scalars(query).all()


def worth(slip: Slip) -> Decimal:
    """What a request costs in yuan at today's prices: what is granted of it, or all of it while that is undecided."""
    unit = departments.prices(slip.site_id, [line.item for line in slip.lines])
    amounts = ((line.quantity if line.granted is None else line.granted, line.item_id) for line in slip.lines)
    return sum((value_of(quantity, unit[item_id]) for quantity, item_id in amounts), NOTHING)


def over_limit(slip: Slip, *, lock: bool = False) -> bool:
    """Whether the department passes its monthly limit with this request, which is not approved yet."""
    if slip.department is None:
        return False
    return departments.budget(slip.department, lock=lock).over(worth(slip))


def need_open(ticket: Ticket) -> None:
    """`Refused` ("closed-ticket") when nothing is needed for a job any more."""
    if ticket.state in CLOSED:
        raise Refused("closed-ticket", N_("This job is closed, so it needs no materials any more."))


def _standing(state: SlipState, sites: Iterable[UUID], but_of: Person | None = None) -> Sequence[Slip]:
    query = select(Slip).where(Slip.kind == SlipKind.REQUEST, Slip.state == state, Slip.site_id.in_(sites))
    if but_of:
        query = query.where(Slip.person_id != but_of.id)
    query = query.options(*_ROW).order_by(Slip.urgent.desc(), Slip.received_at, Slip.id)
    return session.scalars(query.limit(MOST_SHOWN)).all()


def _check_department(wish: Wish, department: Department, by: Person) -> None:
    if department.id not in {found.id for found in departments.own(by)} or department.site_id != wish.site_id:
        raise Unseen("unknown-department", N_("This department is not known here."))
    for line in wish.lines:
        if not line.item.requestable:
            raise Refused(
                "not-requestable",
                N_("Wards do not ask for %(item)s themselves. Report a repair instead."),
                item=line.item.name,
            )


def _merged(lines: Iterable[Asked]) -> list[Asked]:
    """One line per item."""
    found: dict[UUID, Asked] = {}
    for line in lines:
        before = found.get(line.item.id)
        found[line.item.id] = replace(line, quantity=before.quantity + line.quantity, entered="") if before else line
    return list(found.values())


def _may_decide(slip: Slip, by: Person) -> None:
    if not by.can(Right.APPROVE_STOCK, slip.site_id):
        raise Forbidden("may-not", N_("You may see this slip, but not do this."))


def _grant(line: SlipLine, grant: Grant) -> None:
    if not 0 <= grant.quantity <= line.quantity:
        raise Refused("granted", N_("Please check the quantity: it cannot be more than the whole."))
    if grant.quantity < line.quantity and not grant.reason.strip():
        raise Refused("reason-missing", N_("Please say why less of %(item)s is granted."), item=line.item.name)
    line.granted, line.reason = grant.quantity, grant.reason[:500]


def _this_month(department: Department) -> date:
    site = session.get_one(Site, department.site_id)
    return departments.month(site)[0].astimezone(site.zone).date()
