"""Fixed assets that go from one department to another, confirmed by both."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.fixed_assets import queries, transfers
from crew_app.fixed_assets.models import AssetCard, AssetTransfer
from crew_app.people.rules import Right
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("asset_transfers", __name__, url_prefix="/assets")


@blueprint.get("/transfers")
@needs(Right.REPORT)
def index() -> str:
    """Transfers that wait for somebody, and those that are over."""
    me = person()
    over = queries.transfers(me, is_open=False, before=optional_uuid(request.args, "before"))
    return render_template(
        "assets/transfers.html",
        waiting=queries.transfers(me, is_open=True),
        over=over,
        more=over[-1].id if len(over) == queries.PAGE else None,
    )


@blueprint.get("/transfers/<uuid:asset_transfer_id>")
@needs(Right.REPORT)
def show(asset_transfer_id: UUID) -> str:
    """A transfer: what goes where, and who has confirmed."""
    me = person()
    transfer = queries.transfer(me, asset_transfer_id)
    card = queries.card(transfer.asset_id)
    keeper_id = card.keeper_id if card else None
    return render_template(
        "assets/transfer.html",
        transfer=transfer,
        asset=transfer.asset,
        may_give=transfers.may_confirm(transfer, me, giving=True, keeper_id=keeper_id),
        may_take=transfers.may_confirm(transfer, me, giving=False, keeper_id=None),
        may_withdraw=transfer.person_id == me.id or me.can(Right.KEEP_ASSETS, transfer.site_id),
    )


@blueprint.post("/<uuid:asset_id>/transfers")
@needs(Right.REPORT)
@command
def create(asset_id: UUID) -> Done:
    """Propose a transfer."""
    me = person()
    card = queries.own_card(me, asset_id)
    return _done(transfers.propose(card, _form(card), by=me, at=this_moment()), 201)


@blueprint.post("/transfers/<uuid:asset_transfer_id>/giving")
@needs(Right.REPORT)
@command
def give(asset_transfer_id: UUID) -> Done:
    """Confirm for the giving department."""
    transfer = queries.transfer(person(), asset_transfer_id, lock=True)
    transfers.give(transfer, by=person(), at=this_moment())
    return _done(transfer)


@blueprint.post("/transfers/<uuid:asset_transfer_id>/taking")
@needs(Right.REPORT)
@command
def take(asset_transfer_id: UUID) -> Done:
    """Confirm for the receiving department."""
    transfer = queries.transfer(person(), asset_transfer_id, lock=True)
    transfers.take(transfer, by=person(), at=this_moment())
    return _done(transfer)


@blueprint.post("/transfers/<uuid:asset_transfer_id>/withdrawal")
@needs(Right.REPORT)
@command
def withdraw(asset_transfer_id: UUID) -> Done:
    """Take a transfer back."""
    transfer = queries.transfer(person(), asset_transfer_id, lock=True)
    transfers.withdraw(transfer, by=person(), at=this_moment())
    return _done(transfer)


def _form(card: AssetCard) -> transfers.TransferForm:
    form = request.form
    return transfers.TransferForm(
        transfer_id=uuid(form, "transfer_id"),
        to=queries.department(frozenset({card.site_id}), uuid(form, "department_id")),
        place=queries.place_here(card.site_id, text(form, "place")),
        giver=queries.member(card.site_id, optional_uuid(form, "giver_id")),
        taker=queries.member(card.site_id, optional_uuid(form, "taker_id")),
        note=text(form, "note"),
    )


def _done(transfer: AssetTransfer, status: int = 200) -> Done:
    location = url_for("asset_transfers.show", asset_transfer_id=transfer.id)
    return Done(location, transfer.site_id, status)
