"""Registers in the small hospital, made as phones make them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Site
from crew_app.people.rules import Trade
from crew_app.registers import hand_overs
from tests.support.client import CrewClient, accepted, some_id
from tests.support.lint import Page
from tests.support.world import World

PATH = "M20 60L80 40L120 90"
POST = {"name": "值班电工", "name_en": "Duty electrician", "changes": "08:00 20:00", "trade": Trade.ELECTRICAL}


def make_post(app: Flask, world: World, **more: Any) -> UUID:
    """A post of the north that has been there for three days."""
    fields = POST | {"tells_jobs": True, "tells_stock": False, "tells_visitors": False} | more
    with app.app_context(), write_transaction():
        at = server_moment(datetime.now(UTC) - timedelta(days=3))
        site = session.get_one(Site, world.sites["north"])
        return hand_overs.add_post(new_id(), site, hand_overs.PostForm(**fields), at=at).id


def handing(post: UUID, **more: Any) -> dict[str, Any]:
    """What the form of a hand-over sends."""
    fields = {"hand_over_id": some_id(), "post_id": str(post), "outgoing_path": PATH}
    lines = {"line_source": ["running", "remark"], "line_text": ["两台变压器并列运行", ""], "line_href": ["", ""]}
    return fields | lines | more


def pages(app: Flask, world: World, sign_in: Callable[[str], CrewClient]) -> list[Page]:
    """Every page with a form, as those see it who have the most of them."""
    guard, boss, worker = sign_in("guard"), sign_in("supervisor"), sign_in("technician")
    visit = {"visit_id": some_id(), "plate": "桂A12345", "reason": "送货"}
    accepted(guard.send("/gate-log", visit), 201)
    post = make_post(app, world)
    handed = accepted(worker.send("/hand-overs", handing(post)), 201)
    today = datetime.now(UTC).date().isoformat()
    papers = [_paper(boss, world, bearer, today) for bearer in ("person", "asset")]
    drill = {"training_id": some_id(), "kind": "drill", "held_on": today, "topic": "停电演练"}
    training = accepted(boss.send("/trainings", drill), 201)
    kept = ["/hand-overs/posts", "/licences/kinds", "/licences/new", "/certificates/new", *papers, training]
    found = [guard.page(path) for path in ("/gate-log", f"/gate-log/{visit['visit_id']}")]
    found += [worker.page("/hand-overs/new"), sign_in("second").page(handed)]
    return [*found, *(boss.page(path) for path in [*kept, "/trainings"])]


def _paper(boss: CrewClient, world: World, bearer: str, today: str) -> str:
    kind = {"kind_id": some_id(), "bearer": bearer, "name": "证书", "months": "12", "advance_days": "60"}
    accepted(boss.send("/licences/kinds", kind), 201)
    paper = {"credential_id": some_id(), "kind_id": kind["kind_id"], "issued_on": today}
    whose = {"person_id": str(world.people["technician"]), "asset_id": str(world.assets["pump"])}
    path = {"person": "/licences", "asset": "/certificates"}[bearer]
    return accepted(boss.send(path, paper | whose), 201)
