"""The office: somebody who looks after every site."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session, write_transaction
from crew_app.labels.models import BlankTag
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from crew_app.places.models import Asset, Department, Place
from tests.support.client import CrewClient, accepted
from tests.support.lint import Page
from tests.support.world import World


def everywhere(world: World) -> None:
    """Let the administrator of the north campus look after the south one too; needs an application context."""
    with write_transaction():
        person_id, site_id = world.people["administrator"], world.sites["south"]
        session.add(Membership(person_id=person_id, site_id=site_id, role=Role.ADMINISTRATOR))


def office_pages(world: World, sign_in: Callable[[str], CrewClient]) -> list[Page]:
    """Registers, labels and summaries, with something to change, retire and bring back on each."""
    return [*_register_pages(world, sign_in("administrator")), *_label_pages(sign_in), *_summary_pages(world, sign_in)]


def _register_pages(world: World, admin: CrewClient) -> list[Page]:
    site = {"site_id": str(world.sites["north"])}
    room = site | {"name": "备用间", "name_en": "", "kind": "room", "parent": "north-B1-7"}
    kind = site | {"code": "spare_kind", "name": "备用类", "icon": "box"}
    accepted(admin.send("/admin/assets/kinds", kind))
    asset = site | {"name": "备用件", "kind": "spare_kind", "place": "north-B1-7"}
    found: list[Page] = []
    made = (("places", Place, room), ("assets", Asset, asset), ("departments", Department, site | {"name": "备用科"}))
    for where, model, fields in made:
        for number in (1, 2):
            code = f"SP-{where}-{number}"
            accepted(admin.send(f"/admin/{where}", fields | {"code": code}), 201)
            page = f"/admin/{where}/{_id(admin, model, code)}"
            if number == 1:
                accepted(admin.send(f"{page}/retirement"))
            found.append(admin.page(page))
        found.append(admin.page(f"/admin/{where}"))
    new = ("/admin/places/new", "/admin/assets/new", "/admin/assets/kinds", "/admin/sites", "/admin/job-kinds")
    return [*found, *(admin.page(path) for path in (*new, "/admin/words", "/admin/imports", "/labels"))]


def _id(client: CrewClient, model: Any, code: str) -> UUID:
    with client.application.app_context():
        found: UUID = session.scalars(select(model.id).where(model.code == code)).one()
        return found


def _label_pages(sign_in: Callable[[str], CrewClient]) -> list[Page]:
    boss = sign_in("supervisor")
    batch = boss.page(accepted(boss.send("/labels/batches", {"count": "2", "note": ""}), 201))
    with boss.application.app_context():
        code = session.scalars(select(BlankTag.code)).first()
    return [batch, boss.page(f"/t/{code}"), boss.page(f"/t/{code}?q=701")]


def _summary_pages(world: World, sign_in: Callable[[str], CrewClient]) -> list[Page]:
    boss = sign_in("supervisor")
    month = {"site_id": str(world.sites["north"]), "span": "month"}
    open_one, closed = (_summary(boss, month | {"day": day}) for day in ("2026-01-15", "2026-02-15"))
    written = {"key": "shortcomings", "lang": "zh", "revision": "0", "base": "", "text": "不足"}
    accepted(boss.send(f"{open_one}/section", written))
    accepted(boss.send(f"{closed}/closure"))
    parts = (f"{open_one}/section?key=shortcomings&lang=zh", f"{open_one}/year-before", open_one, closed)
    return [boss.page(path) for path in ("/reports/summaries", *parts)]


def _summary(boss: CrewClient, fields: dict[str, str]) -> str:
    return accepted(boss.send("/reports/summaries", fields), 201).split("?")[0]
