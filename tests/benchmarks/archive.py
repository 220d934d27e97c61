"""How long a month's archive takes, and how much memory: the demo hospital with many more photos.

    python -m tests.benchmarks.archive DATA [PHOTOS]      DATA: a copy of demo-data, which is written to

Two photos a job, each with a stamp of its own that is made while the archive is sent.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from crew_app import create_app
from crew_app.config import read_settings
from crew_app.core.clock import now
from crew_app.core.codes import make_code
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.evidence.models import Photo
from crew_app.people.models import Person, Site
from crew_app.tickets.models import PhotoRole, Ticket, TicketPhoto
from crew_app.web import sealing
from crew_app.web.archive import months
from crew_app.web.archiving import Order, archive

ROLES = (PhotoRole.BEFORE, PhotoRole.AFTER)


def main() -> None:
    data, many = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    app = create_app(read_settings({"CREW_DATA": str(data), "PUBLIC_URL": "https://crew.example.org"}))
    with app.app_context():
        site = session.scalars(select(Site).where(Site.code == "main")).one()
        boss = session.scalars(select(Person).where(Person.login == "li")).one()
        fill(site, many)
        sealing.seal_what_was_there(app.config["SETTINGS"], now())
        month = months(session.scalars(select(Site).where(Site.code == "main")).one(), now())[0]
        order = Order(site.id, month.first, boss.id, now())
    with app.test_request_context():
        first, started = resident(), time.perf_counter()
        size, most = 0, first
        for number, part in enumerate(archive(order)):
            size += len(part)
            most = most if number % 50 else max(most, resident())
        seconds = time.perf_counter() - started
    print(f"{month.photos} photos, {size / 1e6:.0f} MB (estimated {month.estimate / 1e6:.0f}), {seconds:.0f} s")
    print(f"memory {first} MB before, {max(most, resident())} MB at most")


def fill(site: Site, many: int) -> None:
    """Photos like those of the demo, bound to its last jobs without photos."""
    with write_transaction():
        models = session.scalars(select(Photo).where(Photo.site_id == site.id, Photo.stored_at.is_not(None))).all()
        taken = select(TicketPhoto.ticket_id)
        jobs = select(Ticket.id).where(Ticket.site_id == site.id, Ticket.id.not_in(taken))
        tickets = session.scalars(jobs.order_by(Ticket.opened_at.desc()).limit(many // 2)).all()
        begin = now()
        for number, ticket_id in enumerate(tickets):
            for position, role in enumerate(ROLES):
                model = models[(2 * number + position) % len(models)]
                values = {column.name: getattr(model, column.name) for column in Photo.__table__.columns}
                at = begin - timedelta(seconds=number)
                values |= {"id": new_id(), "code": make_code(), "received_at": at, "at": at, "challenge_id": None}
                session.execute(insert(Photo), [values])
                session.add(
                    TicketPhoto(
                        photo_id=values["id"], ticket_id=ticket_id, site_id=site.id, role=role, position=position
                    )
                )


def resident() -> int:
    """Megabytes this process takes."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
