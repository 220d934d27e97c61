"""Who may change labels and the registers of places, assets and departments: a part of the table of all changes."""

from crew_app.people.rules import Right
from crew_app.web.access import Rule

REGISTERS: dict[str, Rule] = {
    "asset_registry.carry_out": Right.MANAGE_PLACES,
    "asset_registry.change": Right.MANAGE_PLACES,
    "asset_registry.create": Right.MANAGE_PLACES,
    "asset_registry.preview": Right.MANAGE_PLACES,
    "asset_registry.put_kind": Right.MANAGE_PLACES,
    "asset_registry.restore": Right.MANAGE_PLACES,
    "asset_registry.retire": Right.MANAGE_PLACES,
    "blank_tags.claim": Right.MANAGE_TAGS,
    "department_registry.change": Right.MANAGE_PLACES,
    "department_registry.create": Right.MANAGE_PLACES,
    "department_registry.restore": Right.MANAGE_PLACES,
    "department_registry.retire": Right.MANAGE_PLACES,
    "labels.make_batch": Right.MANAGE_TAGS,
    "labels.make_tags": Right.MANAGE_TAGS,
    "labels.void_batch": Right.MANAGE_TAGS,
    "place_registry.carry_out": Right.MANAGE_PLACES,
    "place_registry.change": Right.MANAGE_PLACES,
    "place_registry.create": Right.MANAGE_PLACES,
    "place_registry.preview": Right.MANAGE_PLACES,
    "place_registry.restore": Right.MANAGE_PLACES,
    "place_registry.retire": Right.MANAGE_PLACES,
}
