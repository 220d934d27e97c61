"""Verbs about transfers between departments: proposed, confirmed by both sides, then carried out."""

from dataclasses import dataclass
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.fixed_assets import queries
from crew_app.fixed_assets.models import AssetCard, AssetTransfer
from crew_app.fixed_assets.rules import AssetState, AssetVerb, TransferState
from crew_app.fixed_assets.story import Told, need_state, tell
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Department, Place


@dataclass(frozen=True, slots=True)
class TransferForm:
    """A transfer as it was filled in; `transfer_id` was made on the device."""

    transfer_id: UUID
    to: Department
    place: Place | None = None
    giver: Person | None = None
    taker: Person | None = None
    note: str = ""


def propose(card: AssetCard, form: TransferForm, *, by: Person, at: Moment) -> AssetTransfer:
    """Ask for an asset to go to another department."""
    if not (by.can(Right.KEEP_ASSETS, card.site_id) or card.keeper_id == by.id):
        raise Forbidden("may-not", N_("Only who keeps the assets, or answers for this one, may propose a transfer."))
    need_state(card, AssetState.IN_USE)
    _check(card, form)
    transfer = AssetTransfer(
        id=form.transfer_id,
        site_id=card.site_id,
        asset_id=card.asset_id,
        state=TransferState.PROPOSED,
        from_department_id=card.department_id,
        to_department_id=form.to.id,
        to_place_id=form.place.id if form.place else None,
        giver_id=form.giver.id if form.giver else None,
        taker_id=form.taker.id if form.taker else None,
        note=form.note,
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(transfer)
    card.state = AssetState.TRANSFERRING
    session.flush()
    _tell(transfer, card, AssetVerb.PROPOSE, form.note, by, at)
    return transfer


def give(transfer: AssetTransfer, *, by: Person, at: Moment) -> None:
    """Confirm for the giving department."""
    _need_open(transfer)
    card = _card(transfer)
    if not may_confirm(transfer, by, giving=True, keeper_id=card.keeper_id):
        raise Forbidden("may-not", N_("Somebody of the giving department confirms this."))
    _once(transfer.given_by_id, transfer.taken_by_id, by)
    transfer.given_by_id, transfer.given_at = by.id, at.at
    _tell(transfer, card, AssetVerb.GIVE, "", by, at)
    _carry_out(transfer, card)


def take(transfer: AssetTransfer, *, by: Person, at: Moment) -> None:
    """Confirm for the receiving department."""
    _need_open(transfer)
    card = _card(transfer)
    if not may_confirm(transfer, by, giving=False, keeper_id=None):
        raise Forbidden("may-not", N_("Somebody of the receiving department confirms this."))
    _once(transfer.taken_by_id, transfer.given_by_id, by)
    transfer.taken_by_id, transfer.taken_at = by.id, at.at
    _tell(transfer, card, AssetVerb.TAKE, "", by, at)
    _carry_out(transfer, card)


def withdraw(transfer: AssetTransfer, *, by: Person, at: Moment) -> None:
    """Take a transfer back before both have confirmed."""
    _need_open(transfer)
    if transfer.person_id != by.id and not by.can(Right.KEEP_ASSETS, transfer.site_id):
        raise Forbidden("may-not", N_("Only who proposed this, or keeps the assets, may withdraw it."))
    card = _card(transfer)
    transfer.state, card.state = TransferState.WITHDRAWN, AssetState.IN_USE
    _tell(transfer, card, AssetVerb.WITHDRAW, "", by, at)


def may_confirm(transfer: AssetTransfer, by: Person, *, giving: bool, keeper_id: UUID | None) -> bool:
    """Whether a person may confirm for a side: who was named for it, its keeper, storekeepers and supervisors."""
    named = transfer.giver_id if giving else transfer.taker_id
    rights = (Right.KEEP_ASSETS, Right.APPROVE_STOCK)
    return by.id in (named, keeper_id) or any(by.can(right, transfer.site_id) for right in rights)


def _card(transfer: AssetTransfer) -> AssetCard:
    card = queries.card(transfer.asset_id, lock=True)
    if card is None:
        raise LookupError(transfer.asset_id)
    return card


def _check(card: AssetCard, form: TransferForm) -> None:
    if session.get(AssetTransfer, form.transfer_id):
        raise Refused("transfer-known", N_("This transfer was already sent."))
    if form.to.id == card.department_id:
        raise Refused("same-department", N_("The asset belongs to this department already. Please choose another."))
    if form.giver and form.taker and form.giver.id == form.taker.id:
        raise Refused("same-person", N_("The same person cannot confirm for both sides."))


def _need_open(transfer: AssetTransfer) -> None:
    if transfer.state is not TransferState.PROPOSED:
        raise Refused("wrong-state", N_("This transfer is finished or withdrawn, so that can't be done any more."))


def _once(mine: UUID | None, other: UUID | None, by: Person) -> None:
    if mine:
        raise Refused("confirmed", N_("This side has confirmed already."))
    if other == by.id:
        raise Forbidden("same-person", N_("You confirmed for the other side. Somebody else confirms for this one."))


def _carry_out(transfer: AssetTransfer, card: AssetCard) -> None:
    """Once both have confirmed, department and place change."""
    if transfer.given_by_id and transfer.taken_by_id:
        transfer.state, card.state = TransferState.DONE, AssetState.IN_USE
        card.department_id, card.keeper_id = transfer.to_department_id, transfer.taker_id
        if transfer.to_place_id:
            card.asset.place_id = transfer.to_place_id
    session.flush()


def _tell(transfer: AssetTransfer, card: AssetCard, verb: AssetVerb, note: str, by: Person, at: Moment) -> None:
    """The story names the departments as they are called then."""
    source = session.get(Department, transfer.from_department_id) if transfer.from_department_id else None
    target = session.get_one(Department, transfer.to_department_id)
    told = Told(verb, transfer.id, note, source.name if source else "", target.name)
    tell(card.asset, told, by=by, at=at)
