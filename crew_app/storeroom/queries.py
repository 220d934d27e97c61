"""Questions about slips, always within what a person may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.storeroom.models import Slip, SlipKind, SlipLine, SlipState

PAGE = 50
_WHOLE = (
    joinedload(Slip.store),
    joinedload(Slip.other),
    joinedload(Slip.department),
    joinedload(Slip.person),
    joinedload(Slip.decided_by),
    joinedload(Slip.done_by),
    selectinload(Slip.lines).joinedload(SlipLine.item),
    selectinload(Slip.signatures),
    selectinload(Slip.photos),
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


def _visible(person: Person) -> ColumnElement[bool]:
    """All slips of the sites whose stock one keeps or approves; elsewhere one's own."""
    sites = person.sites_with(Right.KEEP_STOCK) | person.sites_with(Right.APPROVE_STOCK)
    return or_(Slip.site_id.in_(sites), Slip.person_id == person.id)
