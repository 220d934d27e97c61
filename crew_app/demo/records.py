"""What the generators hand to the loader: a ticket with its story, and a posting of the stock ledger."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from crew_app.evidence.models import PhotoSource
from crew_app.stock.models import AccountKind, Reason
from crew_app.tickets.models import PhotoRole
from crew_app.tickets.rules import HoldReason, Kind, Priority, State, Verb

ZONE = timezone(timedelta(hours=8))
"""Where the demo hospital stands; no daylight saving there."""


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """Who did what to a ticket, and when; `person` is a log-in, or nobody for a stranger's report."""

    verb: Verb
    at: datetime
    person: str | None
    note: str = ""
    hold_reason: HoldReason | None = None


@dataclass(frozen=True, slots=True)
class DemoUse:
    """Material used on a ticket, from the worker's bag or the site's store; `unbooked` if the bag had none."""

    item: str
    quantity: Decimal
    at: datetime
    from_bag: bool
    unbooked: bool = False


@dataclass(frozen=True, slots=True)
class DemoPhoto:
    """A drawn picture of a scene ("tap", "lock", ...)."""

    role: PhotoRole
    scene: str
    at: datetime
    person: str | None
    source: PhotoSource = PhotoSource.CAMERA
    again: str = ""
    """Not taken at all: the picture "before" of the same job, or the one "copied" from the last job of this sort."""


@dataclass(frozen=True, slots=True)
class DemoTicket:
    """A piece of work as it stands at the moment of the demo."""

    serial: int
    number: str
    site: str
    place: str
    asset: str | None
    kind: Kind
    job_kind: str
    priority: Priority
    state: State
    description: str
    reporter: str | None
    reporter_name: str
    owner: str | None
    on_round: bool
    on_the_spot: bool
    events: tuple[DemoEvent, ...]
    uses: tuple[DemoUse, ...]
    photos: tuple[DemoPhoto, ...]

    @property
    def opened_at(self) -> datetime:
        """When it was reported."""
        return self.events[0].at


@dataclass(frozen=True, slots=True)
class Holder:
    """An account of the ledger: kind, site, and the person or ticket it belongs to."""

    kind: AccountKind
    site: str
    person: str | None = None
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class DemoMove:
    """So much of an item from one account into another."""

    item: str
    source: Holder
    target: Holder
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class DemoPosting:
    """Moves that belong together."""

    reason: Reason
    site: str
    at: datetime
    person: str
    note: str
    moves: tuple[DemoMove, ...]
