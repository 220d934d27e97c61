"""Emergencies, carrying and trips in the small hospital, made as phones make them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from crew_app.core.clock import now, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.emergencies import playbooks
from crew_app.emergencies.models import Playbook
from crew_app.people.models import PersonTrade, Site
from crew_app.people.rules import Trade
from crew_app.roster.models import Duty, DutyShift
from crew_app.trips import actions as trips
from crew_app.trips.rules import Check
from tests.support.client import CrewClient, accepted, some_id
from tests.support.lint import Page
from tests.support.world import World


def bring_playbooks(app: Flask, world: World, site: str = "north") -> dict[str, UUID]:
    """The ready playbooks at a site: their ids by code."""
    with app.app_context(), write_transaction():
        playbooks.bring_ready(session.get_one(Site, world.sites[site]), by=None, at=server_moment())
        found = session.query(Playbook).filter_by(site_id=world.sites[site])
        return {one.code: one.id for one in found}


def learn(app: Flask, world: World, login: str, *trades: Trade) -> None:
    """Give somebody trades."""
    with app.app_context(), write_transaction():
        session.add_all(PersonTrade(person_id=world.people[login], trade=trade) for trade in trades)


def on_duty(app: Flask, world: World, *logins: str, duty: Duty = Duty.PRESENT) -> None:
    """Put people on duty, from an hour ago until tomorrow."""
    with app.app_context(), write_transaction():
        session.add_all(
            DutyShift(
                site_id=world.sites["north"],
                person_id=world.people[login],
                starts_at=now() - timedelta(hours=1),
                ends_at=now() + timedelta(days=1),
                duty=duty,
                name="",
            )
            for login in logins
        )


def starting(world: World, playbook: UUID, **more: Any) -> dict[str, Any]:
    """What starting an emergency at the pump sends."""
    fields = {"ticket_id": some_id(), "playbook_id": str(playbook), "where": f"asset:{world.assets['pump']}"}
    return fields | {"note": "三人被困，一名病人"} | more


def carrying(world: World, **more: Any) -> dict[str, Any]:
    """What asking for carrying sends: a patient from the room to the store-room."""
    fields = {"ticket_id": some_id(), "from_id": str(world.places["room"]), "to_id": str(world.places["store-room"])}
    return fields | {"cargo": "patient", "needs": "wheelchair", "priority": "2", "note": "12床"} | more


def driving(world: World, **more: Any) -> dict[str, Any]:
    """What asking for a vehicle sends."""
    fields = {"ticket_id": some_id(), "place_id": str(world.places["room"]), "goal": "市中心血站"}
    return fields | {"leave_at": "", "passengers": "2", "goods": "血液箱", "note": "取血"} | more


def make_vehicle(app: Flask, world: World, km: int = 1000, **more: Any) -> UUID:
    """The pump of the north drives."""
    with app.app_context(), write_transaction():
        fields: dict[str, Any] = {"plate": "桂A12345", "seats": 7, "km": km}
        details = trips.Details(**fields | more)
        return trips.set_details(world.asset("pump"), details).asset_id


def pages(app: Flask, world: World, sign_in: Callable[[str], CrewClient]) -> list[Page]:
    """Every page with a form, as those see it who have the most of them."""
    books = bring_playbooks(app, world)
    learn(app, world, "technician", Trade.DRIVER)
    on_duty(app, world, "technician")
    boss, worker, asker = sign_in("supervisor"), sign_in("technician"), sign_in("requester")
    started = accepted(boss.send("/emergencies", starting(world, books["power"])), 201)
    step = {"entry_id": str(new_id()), "step_key": "life"}
    accepted(boss.send(f"{started}/steps", step))
    asked = [carrying(world), carrying(world)]
    for one in asked:
        accepted(asker.send("/deliveries", one), 201)
    accepted(worker.send(f"/deliveries/{asked[0]['ticket_id']}/pick-up", {"tag": world.tags["room"]}))
    vehicle = make_vehicle(app, world)
    trips_asked = [accepted(asker.send("/trips", driving(world)), 201) for _ in range(3)]
    for path in trips_asked[1:]:
        accepted(worker.send(f"/trips/{path.split('/')[2]}/dispatch", {"asset_id": str(vehicle)}))
    gone = {"km": "1010", "good": [check.value for check in Check]}
    accepted(worker.send(f"/trips/{trips_asked[2].split('/')[2]}/departure", gone))
    accepted(boss.send(f"/playbooks/{books['fire']}/retirement"))
    jobs = [*trips_asked, *(f"/tickets/{one['ticket_id']}" for one in asked)]
    found = [worker.page(path) for path in [*jobs, started, f"/t/{world.tags['room']}", f"/vehicles/{vehicle}"]]
    found += [asker.page(path) for path in ("/deliveries/new", "/trips/new", "/emergencies/new")]
    books_there = [f"/playbooks/{books[code]}" for code in ("fire", "lift")]
    led = [started, "/playbooks", "/playbooks/new", *books_there, trips_asked[0], f"/vehicles/{vehicle}"]
    return found + [boss.page(path) for path in led]
