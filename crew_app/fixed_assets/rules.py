"""What holds for fixed assets whatever the database says: states, dates, what a thing is still worth."""

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from crew_app.core.words import N_

LIMIT = Decimal(500)
"""Yuan up to which a supervisor approves the scrapping, where the site says nothing else."""
EVERY = 6
"""Months between two counts of a department."""
LONGEST_CODE = 200


class AssetState(StrEnum):
    """How a fixed asset stands. What was scrapped never comes back."""

    IN_USE = "in_use"
    TRANSFERRING = "transferring"
    SCRAPPED = "scrapped"
    MISSING = "missing"


class AssetVerb(StrEnum):
    """What happened to a fixed asset."""

    REGISTER = "register"
    EDIT = "edit"
    PROPOSE = "propose"
    GIVE = "give"
    TAKE = "take"
    WITHDRAW = "withdraw"
    MOVE = "move"
    MISS = "miss"
    FIND = "find"
    CHECK = "check"
    SCRAP_PROPOSE = "scrap_propose"
    SCRAP_DECLINE = "scrap_decline"
    SCRAP_WITHDRAW = "scrap_withdraw"
    SCRAP = "scrap"


class TransferState(StrEnum):
    """Where a transfer stands."""

    PROPOSED = "proposed"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ScrapState(StrEnum):
    """Where a proposal to scrap stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CheckResult(StrEnum):
    """What a spot check found."""

    FOUND = "found"
    NOT_FOUND = "not_found"


class PhotoUse(StrEnum):
    """What a photo of an asset is for."""

    CARD = "card"
    CHECK = "check"
    SCRAP = "scrap"


ASSET_STATE_LABELS = {
    AssetState.IN_USE: N_("In use"),
    AssetState.TRANSFERRING: N_("Being transferred"),
    AssetState.SCRAPPED: N_("Scrapped"),
    AssetState.MISSING: N_("Missing"),
}

ASSET_VERB_LABELS = {
    AssetVerb.REGISTER: N_("Card opened"),
    AssetVerb.EDIT: N_("Card changed"),
    AssetVerb.PROPOSE: N_("Transfer proposed"),
    AssetVerb.GIVE: N_("Handed over"),
    AssetVerb.TAKE: N_("Taken over"),
    AssetVerb.WITHDRAW: N_("Transfer withdrawn"),
    AssetVerb.MOVE: N_("Moved"),
    AssetVerb.MISS: N_("Missing in the count"),
    AssetVerb.FIND: N_("Found again"),
    AssetVerb.CHECK: N_("Spot check"),
    AssetVerb.SCRAP_PROPOSE: N_("Scrapping proposed"),
    AssetVerb.SCRAP_DECLINE: N_("Scrapping declined"),
    AssetVerb.SCRAP_WITHDRAW: N_("Proposal to scrap withdrawn"),
    AssetVerb.SCRAP: N_("Scrapped"),
}

TRANSFER_STATE_LABELS = {
    TransferState.PROPOSED: N_("To be confirmed"),
    TransferState.DONE: N_("Done"),
    TransferState.WITHDRAWN: N_("Withdrawn"),
}

SCRAP_STATE_LABELS = {
    ScrapState.PROPOSED: N_("To be approved"),
    ScrapState.APPROVED: N_("Approved"),
    ScrapState.DECLINED: N_("Declined"),
    ScrapState.WITHDRAWN: N_("Withdrawn"),
}

CHECK_RESULT_LABELS = {
    CheckResult.FOUND: N_("Was found"),
    CheckResult.NOT_FOUND: N_("Not found"),
}


def limit_of(site: object) -> Decimal:
    """Yuan up to which scrapping at this site needs no manager."""
    return Decimal(getattr(site, "write_off_limit", LIMIT))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of a shorter month."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_count(last: date | None, today: date) -> date:
    """When a department is to be counted again; what was never counted, today."""
    return months_after(last, EVERY) if last else today


def worth(value: Decimal, bought_on: date | None, years: int | None, on: date) -> Decimal:
    """What is left of a value in yuan, the same amount less each month over these years; whole fen."""
    if not bought_on or not years:
        return value
    age = max(0, (on.year - bought_on.year) * 12 + on.month - bought_on.month)
    left = max(0, years * 12 - age)
    return (value * left / (years * 12)).quantize(Decimal("0.01"), ROUND_HALF_UP)
