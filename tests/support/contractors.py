"""A firm with a scored template, for tests."""

from typing import Any

from crew_app.core.ids import new_id
from tests.support.client import CrewClient, accepted
from tests.support.lint import Page
from tests.support.rounds import document, make_run


def scored() -> dict[str, Any]:
    """A template that scores a room: 10 points for the floor, 5 for the waste."""
    checks = [
        {"key": "floor", "kind": "score", "label": {"zh": "地面", "en": "Floor"}, "most": "10", "low": "6"},
        {"key": "waste", "kind": "score", "label": {"zh": "垃圾桶", "en": "Waste"}, "most": "5"},
    ]
    stop = {"key": "room", "title": {"zh": "七楼", "en": "Floor 7"}, "where": {"place": "north-B1-701"}}
    name = {"zh": "保洁考核", "en": "Cleaning score"}
    return document(code="cleaning", category="score", name=name, stops=[{**stop, "checks": checks}])


def engage(client: CrewClient, world: Any, ids: dict[str, Any]) -> dict[str, Any]:
    """Enter a firm for which the contractor answers, scored by the template of a run."""
    card = {"contractor_id": str(new_id()), "site_id": str(world.sites["north"]), "name": "洁美保洁", "service": "保洁"}
    path = accepted(client.send("/rounds/contractors", card), 201)
    details = {"name": "洁美保洁", "service": "保洁", "active": "1", "people": str(world.people["contractor"])}
    accepted(client.send(f"{path}/details", details))
    accepted(client.send(f"{path}/templates", {"score_template": str(ids["template"]), "weight": "2"}))
    return {**ids, "path": path}


def contractor_pages(app: Any, world: Any, sign_in: Any) -> list[Page]:
    """The pages of contractors that have forms: the list, a firm with a finding and a deduction, its people's own."""
    boss = sign_in("foreman")
    firm = engage(boss, world, make_run(app, world, **scored()))
    found = {"finding_id": str(new_id()), "note": "积水", "due": "2026-12-01"}
    accepted(boss.send(f"{firm['path']}/findings", found), 201)
    taken = {"amount_id": str(new_id()), "kind": "deduction", "amount": "5", "day": "2026-01-05", "note": "积水"}
    accepted(boss.send(f"{firm['path']}/entries", taken), 201)
    pages = [boss.page(path) for path in ("/rounds/contractors", f"{firm['path']}?month=2026-01", firm["path"])]
    return [*pages, sign_in("contractor").page("/rounds/contractors/mine")]
