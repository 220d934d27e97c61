"""Issues (出库): goods leave the store for a bag, a job or a ward, signed by who takes them and who gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Membership, Person
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.stock import chain
from crew_app.stock.accounts import department as department_account
from crew_app.stock.accounts import own_bag
from crew_app.stock.actions import Line
from crew_app.stock.models import Account, AccountKind, Reason
from crew_app.storeroom import demand, requests, slips
from crew_app.storeroom.availability import on_hand, open_demands
from crew_app.storeroom.demand_models import Demand
from crew_app.storeroom.fulfilment import open_lines
from crew_app.storeroom.lateness import late
from crew_app.storeroom.models import Slip, SlipKind, SlipState
from crew_app.storeroom.slips import Asked, Draft, Drawn
from crew_app.tickets import materials
from crew_app.tickets.events import record
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Verb

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Handing:
    """What is handed out of a store to whom: against a request, for a job, or else into the receiver's bag.

    A department is named only in vain: it gets what was asked for and approved. `lines` say what is really handed out.
    """

    slip_id: UUID
    store: Account
    receiver: Person | None
    lines: Sequence[Asked]
    signatures: Sequence[Drawn] = ()
    request: Slip | None = None
    ticket: Ticket | None = None
    department: Department | None = None
    note: str = ""
    over_reserved: bool = False
    """Whether the storekeeper said that it may take what is kept back for other jobs."""


def hand_out(handing: Handing, *, by: Person, at: Moment) -> Slip:
    """Book an issue with its slip and signatures; what was recorded without a network is booked as it happened.

    `Refused`: "receiver" (may not take goods here), "request-needed" (for a ward), "more-than-granted", "wrong-state"
    (a request that is not approved), "closed-ticket", "not-enough", "reserved" (kept back for other jobs).
    """
    _check(handing, by, at)
    target = _target(handing)
    asked = _against(handing.request, handing.lines, at) if handing.request else handing.lines
    slip = slips.make(_draft(handing, asked, target), by=by, at=at)
    for drawn in handing.signatures:
        slips.sign(slip, drawn, at=at)
    lines = [Line(line.item, _handed(line), handing.store, target) for line in asked]
    if not handing.over_reserved and not late(at):
        _respect_reservations(handing, lines)
    slips.carry_out(slip, Reason.ISSUE, [*lines, *_old(handing, lines)], by=by, at=at, strict=not late(at))
    demand.after_issue(slip, at=at)
    _tell(handing, lines, by, at)
    if handing.request:
        _finish(handing.request, by, at)
    return slip


def receivers(site_id: UUID) -> Sequence[Person]:
    """Everybody with a role at a site."""
    here = select(Membership.person_id).where(Membership.site_id == site_id)
    query = select(Person).where(Person.id.in_(here), Person.active.is_(True)).order_by(Person.login)
    return session.scalars(query).all()


def receiver(person_id: UUID | None, site_id: UUID) -> Person:
    """Somebody who may take goods at a site; `Refused` ("receiver") for anybody else."""
    found = session.get(Person, person_id) if person_id else None
    if found is None or not found.active or site_id not in found.site_ids:
        raise Refused("receiver", N_("Choose who takes it: somebody with a role at this site."))
    return found


def _check(handing: Handing, by: Person, at: Moment) -> None:
    site_id = handing.store.site_id
    if handing.store.kind is not AccountKind.STORE or not by.can(Right.KEEP_STOCK, site_id):
        raise Forbidden("may-not", N_("Only the storekeeper hands out from this store."))
    if handing.department and not handing.request:
        words = N_("A ward gets what was asked for and approved. Open its request and hand it out from there.")
        raise Refused("request-needed", words)
    for other in (handing.request, handing.ticket):
        if other and other.site_id != site_id:
            raise Refused("other-site", N_("These belong to different sites."))
    if handing.request:
        _need_approved(handing.request, at)
    _receiver(handing)
    ticket = _ticket(handing)
    if ticket and not late(at):
        requests.need_open(ticket)


def _need_approved(request: Slip, at: Moment) -> None:
    """What was approved once and handed out without a network was handed out, whatever became of the request since."""
    was = request.state in (SlipState.DONE, SlipState.CANCELLED) and any(line.granted for line in request.lines)
    if not (late(at) and was):
        slips.need_state(request, SlipState.APPROVED)


def _receiver(handing: Handing) -> Person:
    found = handing.receiver
    if found is None:
        raise Refused("receiver", N_("Choose who takes it: somebody with a role at this site."))
    to_bag = not handing.request and not handing.ticket
    if to_bag and not found.can(Right.SEE_STOCK, handing.store.site_id):
        raise Refused("receiver", N_("%(name)s has no bag here: only the crew carries materials."), name=found.name)
    return found


def _ticket(handing: Handing) -> Ticket | None:
    request = handing.request
    return session.get(Ticket, request.ticket_id) if request and request.ticket_id else handing.ticket


def _target(handing: Handing) -> Account:
    ticket = _ticket(handing)
    if handing.request and handing.request.department:
        return department_account(handing.request.department)
    if ticket:
        return materials.account_of(ticket)
    holder = handing.request.person if handing.request else _receiver(handing)
    return own_bag(holder, handing.store.site_id)


def _against(request: Slip, lines: Sequence[Asked], at: Moment) -> list[Asked]:
    """The lines with what was still open as their quantity, and what is handed out as granted."""
    left = {line.item.id: line.left for line in open_lines(request)}
    found = []
    for line in lines:
        still = left.pop(line.item.id, NOTHING)
        if line.quantity > still and not late(at):
            words = N_("Only %(left)s %(unit)s of %(item)s are still to be handed out on this request.")
            name = f"{line.item.name} {line.item.spec}".strip()
            raise Refused("more-than-granted", words, left=f"{still.normalize():f}", unit=line.item.unit, item=name)
        found.append(replace(line, quantity=max(still, line.quantity), granted=line.quantity))
    return found


def _respect_reservations(handing: Handing, lines: Sequence[Line]) -> None:
    """Nothing may be taken that is kept back for jobs of others; more than there is at all is refused elsewhere."""
    site_id = handing.store.site_id
    chain.lock(site_id)
    have = on_hand([line.item.id for line in lines], [site_id])
    for line in lines:
        others = [one for one in open_demands([site_id], [line.item.id]) if one.reserved and not _own(handing, one)]
        there = have.get(line.item.id, NOTHING)
        free = max(there - sum((one.reserved for one in others), NOTHING), NOTHING)
        if free < line.quantity <= there:
            words = N_("%(item)s: only %(free)s %(unit)s are free. The rest is kept back for %(jobs)s.")
            jobs = "; ".join(_job_words(one.ticket) for one in others)
            free_words = f"{free.normalize():f}"
            raise Refused("reserved", words, item=line.item.name, free=free_words, unit=line.item.unit, jobs=jobs)


def _own(handing: Handing, one: Demand) -> bool:
    """Whether the goods go to the job that waits for them, or into the bag of whoever does that job."""
    ticket = _ticket(handing)
    if ticket or (handing.request and handing.request.department):
        return ticket is not None and one.ticket_id == ticket.id
    return one.ticket.owner_id == _target(handing).person_id


def _job_words(ticket: Ticket) -> str:
    return " ".join([ticket.number, ticket.place.name, *([ticket.owner.name] if ticket.owner else [])])


def _old(handing: Handing, lines: Sequence[Line]) -> list[Line]:
    """Goods for a job are used there, so whoever takes them owes the old ones."""
    if not _ticket(handing):
        return []
    return [part for line in lines for part in materials.old_part(line, _receiver(handing))]


def _tell(handing: Handing, lines: Sequence[Line], by: Person, at: Moment) -> None:
    ticket = _ticket(handing)
    if ticket is None:
        return
    for line in lines:
        record(ticket, Verb.MATERIAL, by=by, at=at, note=materials.words_for(line.item, line.quantity))


def _handed(line: Asked) -> Decimal:
    return line.quantity if line.granted is None else line.granted


def _draft(handing: Handing, lines: Sequence[Asked], target: Account) -> Draft:
    ticket = _ticket(handing)
    return Draft(
        slip_id=handing.slip_id,
        kind=SlipKind.ISSUE,
        site_id=handing.store.site_id,
        lines=[replace(line, granted=_handed(line)) for line in lines],
        store=handing.store,
        other=target,
        department_id=handing.request.department_id if handing.request else None,
        ticket_id=ticket.id if ticket else None,
        based_on=handing.request,
        note=handing.note,
    )


def _finish(request: Slip, by: Person, at: Moment) -> None:
    if request.state is SlipState.APPROVED and not open_lines(request):
        requests.finish(request, by=by, at=at)
