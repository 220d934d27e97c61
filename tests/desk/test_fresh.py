"""What dispatch keeps of people is as fresh as the database: papers, areas, phones, changed by anybody, by hand too."""

from datetime import UTC, date, datetime

from sqlalchemy import select, text

from crew_app.core.db import db, session, write_transaction
from crew_app.core.ids import new_id
from crew_app.registers.credential_models import Credential, CredentialKind
from crew_app.roster import areas
from tests.support.counting import sql
from tests.support.notices import subscribed, told
from tests.support.shifts import asked, need_licence
from tests.support.tickets import make_ticket

BOSSES = ("supervisor", "foreman")


def by_hand(app, statement):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


def licensed(app, world):
    """The technician has the one licence there is, in a transaction of its own."""
    at = datetime.now(UTC)
    with app.app_context(), write_transaction():
        kind = session.scalars(select(CredentialKind)).one()
        who = {"person_id": world.people["technician"], "written_by_id": world.people["manager"]}
        when = {"issued_on": date(2020, 1, 1), "at": at, "received_at": at}
        session.add(Credential(site_id=world.sites["north"], kind_id=kind.id, number="T-1", **who, **when))


def test_a_licence_counts_from_the_next_job_on_and_not_after_it_was_withdrawn(any_app, any_world):
    need_licence(any_app, any_world)
    assert asked(any_app, make_ticket(any_app, any_world)) in BOSSES
    licensed(any_app, any_world)
    assert asked(any_app, make_ticket(any_app, any_world)) == "technician"
    by_hand(any_app, "UPDATE credentials SET withdrawn_at = received_at, withdrawn_by_id = written_by_id")
    assert asked(any_app, make_ticket(any_app, any_world)) in BOSSES


def test_without_its_trigger_a_new_licence_would_count_for_nothing(app, world):
    """Sabotage: the same with the counting of papers taken away."""
    need_licence(app, world)
    by_hand(app, "DROP TRIGGER count_credentials_insert")
    assert asked(app, make_ticket(app, world)) in BOSSES
    licensed(app, world)
    assert asked(app, make_ticket(app, world)) in BOSSES


def test_an_area_that_was_taken_away_by_hand_decides_nothing_more(any_app, any_world):
    with any_app.app_context(), write_transaction():
        areas.make_responsible(new_id(), any_world.place("north-building"), any_world.person("second"), None)
    assert asked(any_app, make_ticket(any_app, any_world)) == "second"
    by_hand(any_app, "DELETE FROM responsibilities")
    assert asked(any_app, make_ticket(any_app, any_world)) == "technician"


def test_a_phone_that_is_gone_is_told_nothing_more(any_app, any_world):
    subscribed(any_app, any_world, "technician", "https://push.example.com/1")
    told(any_app, any_world, "technician")
    assert sql(any_app, "SELECT count(*) FROM notice_deliveries") == [(1,)]
    by_hand(any_app, "DELETE FROM push_subscriptions")
    told(any_app, any_world, "technician", key="another")
    assert sql(any_app, "SELECT count(*) FROM notice_deliveries") == [(1,)]
