"""Several machines with one database and one bucket: one dies under load, and nobody's work is lost or done twice."""

import threading
from datetime import timedelta

import pytest

from crew_app.config import BadSetting
from crew_app.core import hosts
from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.core.hosts import Held
from crew_app.core.ids import new_id
from crew_app.web.hosts import refuse_another_key, speak
from tests.support.machines import Journal, Pair, Phone, lost, send
from tests.support.serving import Browser

pytestmark = pytest.mark.postgres


@pytest.fixture
def pair(new_postgres, postgres_template, far, tmp_path):
    found = Pair(tmp_path, new_postgres(postgres_template.source), far)
    yield found
    found.stop()


def test_one_dies_under_load_and_the_other_goes_on(pair, far, postgres_template):
    world, browser = postgres_template.world, Browser()
    first, second = pair.start().servers
    browser.sign_in(first, "technician")
    assert browser.ask(f"{second.url}/scan")[0] == 200  # the same sign-in there
    phones = [Phone(pair, world, browser, jobs=9, first=number) for number in range(3)]
    half = threading.Event()

    def kill_one():
        while not half.wait(0.02):
            if sum(len(phone.journal.keys) for phone in phones) >= 10 or not any(map(Phone.is_alive, phones)):
                half.set()
        first.kill()

    journal = send(phones, kill_one)
    assert journal.wrong == []
    assert len(journal.tickets) == 27
    assert len(journal.photos) == 9
    assert journal.repeated > 0
    assert lost(pair, far, journal) == []
    for photo, _ in journal.photos:  # also those that the dead machine had taken
        assert browser.ask(f"{second.url}/photos/{photo}/large")[0] == 200
    checked = second.crew("check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_what_is_lost_would_be_noticed(pair, far):
    """Sabotage: a journal of what never was."""
    key, sha256 = str(new_id()), "0" * 64
    found = lost(pair, far, Journal([key], [key], [(key, sha256)]))
    assert found == ["receipts: 0 of 1", "tickets: 0 of 1", "opened: 0 times", f"photo {sha256}"]


def test_a_machine_with_another_key_does_not_start_beside_others(postgres_app):
    with postgres_app.app_context():
        refuse_another_key(now())
        speak(now())
        refuse_another_key(now())  # itself
        other = hosts.key_print("another key")
        with write_transaction():
            hosts.speak(new_id(), "elsewhere", other, Held(), now())
        with pytest.raises(BadSetting, match="SECRET_KEY is another one than that of elsewhere"):
            refuse_another_key(now())
        refuse_another_key(now() + timedelta(minutes=4))  # all were stopped for a while
        session.remove()


def test_a_silent_machine_stays_on_the_list_while_it_holds_photos(postgres_app):
    at = now()
    with postgres_app.app_context():
        with write_transaction():
            hosts.speak(new_id(), "holds", "", Held(3, at), at - timedelta(days=30))
            hosts.speak(new_id(), "empty", "", Held(), at - timedelta(days=30))
            hosts.speak(new_id(), "alive", "", Held(), at)
            assert hosts.forget_gone(at) == 1
        assert [host.name for host in hosts.known()] == ["alive", "holds"]
        session.remove()
        db.engine.dispose()
