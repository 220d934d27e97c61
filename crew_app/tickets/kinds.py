"""Job kinds that the software needs by itself: carrying, trips, emergencies. They are not offered to reporters."""

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.core.upserts import insert
from crew_app.people.rules import Trade
from crew_app.tickets import queries
from crew_app.tickets.models import JobKind
from crew_app.tickets.rules import Priority


def service_kind(code: str, name: str, name_en: str, trade: Trade, icon: str) -> JobKind:
    """The job kind with this code, made when it is needed for the first time."""
    found = queries.job_kind(code)
    if found:
        return found
    row = {"id": new_id(), "code": code, "name": name, "name_en": name_en, "trade": trade, "icon": icon}
    more = {"priority": Priority.NORMAL, "position": 999, "offered": False}
    session.execute(insert()(JobKind).values(**row, **more).on_conflict_do_nothing(index_elements=["code"]))
    return session.query(JobKind).filter_by(code=code).one()
