"""Who may do what, written here once more: a right that somebody gains or loses is a decision, never a slip."""

import pytest

from crew_app.people.rules import RIGHTS, Right, Role

HOLDERS = {
    "report": "administrator contractor desk guard manager requester storekeeper supervisor technician",
    "see_site": "administrator desk guard manager storekeeper supervisor technician",
    "work": "supervisor technician",
    "verify": "manager supervisor",
    "dispatch": "administrator desk manager supervisor",
    "cancel": "desk supervisor",
    "see_stock": "administrator manager storekeeper supervisor technician",
    "keep_stock": "storekeeper",
    "ask_for_stock": "requester storekeeper supervisor technician",
    "approve_stock": "manager supervisor",
    "approve_any_stock": "manager",
    "manage_departments": "administrator manager supervisor",
    "keep_assets": "administrator storekeeper",
    "walk": "guard storekeeper supervisor technician",
    "plan_rounds": "administrator manager supervisor",
    "watch_rounds": "administrator manager supervisor",
    "keep_gate": "guard",
    "see_gate": "administrator guard manager supervisor",
    "hand_over": "desk guard storekeeper supervisor technician",
    "keep_registers": "administrator manager supervisor",
    "answer_findings": "contractor",
    "keep_desk": "desk manager supervisor",
    "announce": "administrator desk manager supervisor",
    "keep_doors": "administrator desk supervisor",
    "set_targets": "administrator manager",
    "keep_evidence": "administrator manager",
    "hear_last": "manager",
    "see_satisfaction": "administrator manager supervisor",
    "keep_surveys": "administrator manager supervisor",
    "lead_emergencies": "administrator manager supervisor",
    "manage_tags": "administrator supervisor",
    "see_phones": "administrator manager supervisor",
    "manage_people": "administrator",
    "see_figures": "administrator desk manager supervisor",
    "write_summaries": "manager supervisor",
    "set_points": "manager",
    "see_costs": "manager",
    "manage_places": "administrator manager",
    "import": "administrator",
    "configure": "administrator",
    "connect": "administrator",
    "manage_notices": "administrator",
}


@pytest.mark.parametrize("right", list(Right))
def test_a_right_belongs_to_exactly_these_roles(right):
    assert " ".join(sorted(role.value for role in Role if right in RIGHTS[role])) == HOLDERS[right.value]


def test_every_role_has_its_rights_and_no_other_role_exists():
    assert set(RIGHTS) == set(Role)
