"""When a late entry is held for a supervisor instead of being refused. Pure facts, no database."""

from datetime import timedelta
from enum import StrEnum

from crew_app.core.clock import Moment
from crew_app.core.words import N_
from crew_app.tickets.rules import Verb

AT_ONCE = timedelta(minutes=1)
"""Whatever arrives within a minute was done in sight of the server: its refusal is answer enough."""
CLASHES = frozenset({"wrong-state", "not-owner"})
"""Refusals that say that somebody else was faster."""


class Why(StrEnum):
    """Why an entry waits."""

    RIGHTS = "rights"
    CLASH = "clash"


class Decision(StrEnum):
    """What became of it."""

    TAKEN = "taken"
    REJECTED = "rejected"


WHY_LABELS = {
    Why.RIGHTS: N_("Recorded while it was allowed, arrived afterwards"),
    Why.CLASH: N_("Somebody else was faster"),
}

DECISION_LABELS = {
    Decision.TAKEN: N_("Taken over"),
    Decision.REJECTED: N_("Not taken over"),
}

ACTION_LABELS = {
    "tickets.create": N_("Report"),
    "tickets.add_note": N_("Note"),
    "tickets.add_photos": N_("Photos"),
    "materials.create": N_("Material used"),
    "materials.reverse": N_("Material corrected"),
    "ticket_states.accept": N_("Accept"),
    "ticket_states.release": N_("Give back"),
    "ticket_states.hold": N_("Pause"),
    "ticket_states.resume": N_("Resume"),
    "ticket_states.finish": N_("Finish"),
    "ticket_states.verify": N_("Pass"),
    "ticket_states.send_back": N_("Send back"),
    "ticket_states.cancel": N_("Cancel the job"),
}


STATE_VERBS = {
    "ticket_states.accept": Verb.ACCEPT,
    "ticket_states.release": Verb.RELEASE,
    "ticket_states.hold": Verb.HOLD,
    "ticket_states.resume": Verb.RESUME,
    "ticket_states.finish": Verb.FINISH,
    "ticket_states.verify": Verb.VERIFY,
    "ticket_states.send_back": Verb.SEND_BACK,
    "ticket_states.cancel": Verb.CANCEL,
}
"""The actions that change the state of a job."""


def came_late(when: Moment) -> bool:
    """Whether an entry was made well before it arrived, on a phone that could not know better."""
    return when.received_at - when.at > AT_ONCE
