"""What follows from what: a receipt sets the jobs free that wait for the goods."""

from crew_app.core.clock import Moment
from crew_app.people.models import Person
from crew_app.storeroom import demand
from crew_app.storeroom.models import Slip
from crew_app.storeroom.receipts import AFTER_RECEIPT


def start() -> None:
    """Connect them; called at every start, connected once."""
    if _serve not in AFTER_RECEIPT:
        AFTER_RECEIPT.append(_serve)


def _serve(slip: Slip, by: Person, at: Moment) -> None:
    demand.after_receipt(slip, by, at)
