"""A roster and dispatched jobs in the small hospital."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.registers.credential_models import Bearer, CredentialKind, LicenceNeed
from crew_app.roster.models import Duty, DutyShift
from crew_app.tickets.models import Ticket
from tests.support.client import accepted, some_id
from tests.support.lint import Page
from tests.support.tickets import make_ticket

HOUR = timedelta(hours=1)


def put_on_duty(app: Any, world: Any, login: str, *, start: float = -4, end: float = 4, **more: Any) -> UUID:
    """A shift of the north, from so many hours before or after now."""
    now = datetime.now(UTC)
    with app.app_context(), write_transaction():
        return on_duty(world, login, now + start * HOUR, now + end * HOUR, **more).id


def on_duty(world: Any, login: str, starts: datetime, ends: datetime, **more: Any) -> DutyShift:
    """The same within a transaction."""
    told = {"duty": Duty.PRESENT, "name": "白班"} | more
    shift = DutyShift(
        id=new_id(),
        site_id=world.sites["north"],
        person_id=world.people[login],
        starts_at=starts,
        ends_at=ends,
        **told,
    )
    session.add(shift)
    session.flush()
    return shift


def need_licence(app: Any, world: Any, trade: str = "electrical") -> None:
    """From now on the jobs of a trade need a licence that nobody has."""
    with app.app_context(), write_transaction():
        kind = CredentialKind(site_id=world.sites["north"], bearer=Bearer.PERSON, name="电工证", months=36)
        session.add(kind)
        session.flush()
        session.add(LicenceNeed(site_id=world.sites["north"], trade=trade, kind_id=kind.id))


def asked(app: Any, ticket: UUID) -> str | None:
    """The log-in of whoever is to accept a job."""
    with app.app_context():
        found = session.get_one(Ticket, ticket).assignee
        return found.login if found else None


def shift_pages(app: Any, world: Any, sign_in: Any) -> list[Page]:
    """The pages of roster, areas and hands that have forms."""
    boss, worker, second = sign_in("supervisor"), sign_in("technician"), sign_in("second")
    pattern = {"pattern_id": some_id(), "name": "白班", "starts": "08:00", "ends": "18:00", "weekdays": ["1", "2"]}
    accepted(boss.send("/roster/patterns", pattern), 201)
    who = {"person_id": str(world.people["technician"])}
    place = who | {"rota_id": some_id(), "from_on": datetime.now(UTC).date().isoformat(), "every": "1"}
    accepted(boss.send(f"/roster/patterns/{pattern['pattern_id']}/people", place), 201)
    mine = put_on_duty(app, world, "technician", start=30, end=38)
    put_on_duty(app, world, "technician", start=-1, end=3)
    area = who | {"area_id": some_id(), "place_id": str(world.places["north-floor"])}
    accepted(boss.send("/areas", area), 201)
    swap = {"swap_id": some_id(), "shift_id": str(mine), "person_id": str(world.people["second"])}
    accepted(worker.send("/roster/swaps", swap), 201)
    proposed = [second.page("/roster/mine"), worker.page("/roster/mine"), worker.page(f"/roster/mine?shift={mine}")]
    accepted(second.send(f"/roster/swaps/{swap['swap_id']}/agreement"))
    job = make_ticket(app, world, "accepted")
    accepted(worker.send(f"/tickets/{job}/hand-over", {"person_id": str(world.people["second"])}))
    opened = make_ticket(app, world, "open")
    boss_pages = ["/roster", "/roster/mine", "/roster/patterns", "/areas", "/board", "/board?by=person"]
    boss_pages += [f"/board/jobs/{opened}", f"/tickets/{opened}", "/"]
    found = [boss.page(path) for path in boss_pages]
    helping = [sign_in("foreman").page(f"/tickets/{job}"), second.page(f"/tickets/{job}")]
    return [*proposed, *found, *helping, worker.page(f"/tickets/{job}"), worker.page(f"/tickets/{opened}")]
