"""What a token may be for, and what a webhook may be told. Pure facts, no database."""

from enum import StrEnum

from crew_app.core.words import N_


class Scope(StrEnum):
    """One thing a token is for. It never gives more than its person may do at its site."""

    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    PLACES_READ = "places:read"
    STOCK_READ = "stock:read"
    READINGS_READ = "readings:read"
    READINGS_WRITE = "readings:write"
    ROUNDS_READ = "rounds:read"
    EVENTS_READ = "events:read"


SCOPE_LABELS = {
    Scope.TICKETS_READ: N_("Read jobs, their stories and photos"),
    Scope.TICKETS_WRITE: N_("Open, accept and cancel jobs, add notes"),
    Scope.PLACES_READ: N_("Read places, assets, departments, job kinds"),
    Scope.STOCK_READ: N_("Read materials, balances and moves"),
    Scope.READINGS_READ: N_("Read readings"),
    Scope.READINGS_WRITE: N_("Send readings, as a building control system does"),
    Scope.ROUNDS_READ: N_("Read plans, rounds and their results"),
    Scope.EVENTS_READ: N_("Follow what happens, in order"),
}


class Topic(StrEnum):
    """What a webhook may be told."""

    TICKET_OPENED = "ticket.opened"
    TICKET_CHANGED = "ticket.changed"
    TICKET_FINISHED = "ticket.finished"
    TICKET_VERIFIED = "ticket.verified"
    TICKET_CANCELLED = "ticket.cancelled"
    STOCK_LOW = "stock.low"
    ROUND_MISSED = "round.missed"
    READING_BEYOND = "reading.beyond"
    TEST = "test"
    """Sent by hand, whatever a webhook hears otherwise."""


TOPIC_LABELS = {
    Topic.TICKET_OPENED: N_("A job was opened"),
    Topic.TICKET_CHANGED: N_("A job was changed in any other way"),
    Topic.TICKET_FINISHED: N_("A job was finished"),
    Topic.TICKET_VERIFIED: N_("A job was verified"),
    Topic.TICKET_CANCELLED: N_("A job was cancelled"),
    Topic.STOCK_LOW: N_("A material fell to its reorder point"),
    Topic.ROUND_MISSED: N_("Stops of a round were missed"),
    Topic.READING_BEYOND: N_("A reading is outside its limits"),
}
"""Those one may choose."""


def scopes_of(text: str) -> frozenset[Scope]:
    """The scopes that a row names; what is not known any more gives nothing."""
    return frozenset(Scope(word) for word in text.split() if word in set(Scope))


def topics_of(text: str) -> frozenset[Topic]:
    """The topics that a row names."""
    return frozenset(Topic(word) for word in text.split() if word in set(Topic))


def in_order(names: frozenset[Scope] | frozenset[Topic]) -> str:
    """Names as a row keeps them."""
    return " ".join(sorted(names))
