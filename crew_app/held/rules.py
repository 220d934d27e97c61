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
    "asset_checks.create": N_("Spot check"),
    "asset_checks.record": N_("Spot check: result"),
    "asset_counts.claim": N_("Asset count: unknown tag claimed"),
    "asset_counts.close": N_("Asset count: closed"),
    "asset_counts.create": N_("Asset count"),
    "asset_counts.move": N_("Asset count: place corrected"),
    "asset_counts.see": N_("Asset seen"),
    "asset_scraps.approve": N_("Scrapping: approved"),
    "asset_scraps.create": N_("Scrapping: proposed"),
    "asset_scraps.decline": N_("Scrapping: declined"),
    "asset_scraps.withdraw": N_("Scrapping: taken back"),
    "asset_transfers.create": N_("Asset transfer"),
    "asset_transfers.give": N_("Asset transfer: handed over"),
    "asset_transfers.take": N_("Asset transfer: taken over"),
    "asset_transfers.withdraw": N_("Asset transfer: taken back"),
    "assets.keep": N_("Asset card"),
    "catalogue.correct": N_("Material card corrected"),
    "catalogue.create": N_("New material"),
    "catalogue.open_store": N_("New store"),
    "counts.add_entry": N_("Counted"),
    "counts.approve": N_("Stock count: approved"),
    "counts.cancel": N_("Stock count: given up"),
    "counts.count_as_zero": N_("Counted as zero"),
    "counts.create": N_("Stock count"),
    "counts.propose": N_("Stock count: handed in"),
    "counts.send_back": N_("Stock count: sent back"),
    "demand.allocate": N_("Material shared out"),
    "departments.set_limit": N_("Limit of a department"),
    "departments.set_people": N_("People of a department"),
    "discrepancies.settle_counted": N_("Discrepancy: counted"),
    "discrepancies.settle_found": N_("Discrepancy: found"),
    "discrepancies.settle_wrong_item": N_("Discrepancy: wrong material"),
    "issues.create": N_("Issue"),
    "late.accept": N_("Late entry: taken over"),
    "late.reject": N_("Late entry: rejected"),
    "levels.set_": N_("Bin and levels"),
    "loans.check": N_("Tool checked"),
    "loans.create": N_("Tool loan"),
    "loans.take_back": N_("Tool returned"),
    "old_parts.hand_in": N_("Old parts handed in"),
    "people.reinstate": N_("Account opened again"),
    "people.set_roles": N_("Roles"),
    "people.suspend": N_("Account closed"),
    "purchases.approve": N_("Purchase list: approved"),
    "purchases.cancel": N_("Purchase list: taken back"),
    "purchases.create": N_("Purchase list"),
    "purchases.decline": N_("Purchase list: declined"),
    "receipts.create": N_("Receipt"),
    "requests.approve": N_("Request: approved"),
    "requests.cancel": N_("Request: taken back"),
    "requests.close": N_("Request: closed"),
    "requests.create": N_("Request"),
    "requests.decline": N_("Request: declined"),
    "round_flags.explain": N_("Flag explained"),
    "round_flags.remark": N_("Remark on a flag"),
    "slips.cancel": N_("Slip taken back"),
    "tags.create_for_asset": N_("New tag"),
    "tags.create_for_place": N_("New tag"),
    "tags.replace": N_("Tag replaced"),
    "tags.retire": N_("Tag retired"),
    "transfers.create": N_("Return or transfer"),
    "write_offs.approve": N_("Write-off: approved"),
    "write_offs.create": N_("Write-off: proposed"),
    "write_offs.decline": N_("Write-off: declined"),
    "write_offs.set_limit": N_("Approval limit"),
    "round_library.adopt": N_("Use a ready template"),
    "round_templates.copy": N_("Copy a template"),
    "round_templates.create": N_("New template"),
    "round_templates.restore": N_("Use a template again"),
    "round_templates.retire": N_("Retire a template"),
    "round_templates.save": N_("Change a template"),
    "certificates.create": N_("Certificate entered"),
    "certificates.withdraw": N_("Certificate withdrawn"),
    "gate_log.correct": N_("Gate log: corrected"),
    "gate_log.create": N_("Gate log: in"),
    "gate_log.leave": N_("Gate log: out"),
    "gate_log.void": N_("Gate log: by mistake"),
    "hand_overs.add_post": N_("Post added"),
    "hand_overs.change_post": N_("Post changed"),
    "hand_overs.create": N_("Shift handed over"),
    "hand_overs.relieve": N_("Shift taken over"),
    "licences.add_kind": N_("Kind of paper added"),
    "licences.change_kind": N_("Kind of paper changed"),
    "licences.create": N_("Licence entered"),
    "licences.withdraw": N_("Licence withdrawn"),
    "trainings.create": N_("Training planned"),
    "trainings.record": N_("Training recorded"),
    "rounds.begin": N_("Round begun without a plan"),
    "rounds.check_in": N_("Visit on a round"),
    "rounds.leave_out": N_("Stop left out"),
    "rounds.end": N_("End the round early"),
    "rounds.call_off": N_("Call this round off"),
    "round_plans.create": N_("New plan"),
    "round_plans.change": N_("Change the plan"),
    "round_plans.pause": N_("Pause"),
    "round_plans.resume": N_("Resume"),
    "round_plans.end": N_("End the plan"),
    "round_plans.set_day": N_("Day off"),
    "round_plans.load_days": N_("Days off"),
    "hazards.assess": N_("Grade of hazard"),
    "hazards.check_again": N_("Re-check"),
    "contractors.create": N_("Contractor entered"),
    "contractors.set_details": N_("Contractor: details"),
    "contractors.set_templates": N_("Contractor: scored rounds"),
    "contractors.find": N_("Finding for a contractor"),
    "contractors.answer": N_("Answer to a finding"),
    "contractors.decide": N_("Decision about an answer"),
    "contractors.book": N_("Deduction or reward"),
    "contractors.take_back": N_("Deduction or reward taken back"),
}
"""What an entry was about, by the endpoint it was sent to: whatever can be recorded without a network may be late."""


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
