"""Another program that holds the database: for a moment everybody waits, for longer they are told and lose nothing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

import crew_app.core.db
from crew_app.core.db import db, write_transaction
from crew_app.core.ids import new_id
from tests.faults.books import wrong_books
from tests.support.applications import signing_in
from tests.support.client import accepted
from tests.support.counting import one
from tests.support.raw_phone import Heard, RawPhone
from tests.support.small_hospital import SmallHospital, small_hospital
from tests.support.tickets import report_fields

MOMENT, LONG = 3.0, 30.0
PHONES = 6
"""More than a server with one process has working places."""


@contextmanager
def held(hospital: SmallHospital) -> Iterator[sqlite3.Connection]:
    """The write lock is somebody else's; it ends with the block at the latest."""
    with closing(sqlite3.connect(hospital.data / "crew.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def all_at_once(phone: RawPhone, orders: list[tuple[dict[str, Any], UUID]]) -> list[Heard]:
    """Several phones ask at the same time; their answers in order."""
    heard: dict[int, Heard] = {}

    def ask(number: int) -> None:
        fields, key = orders[number]
        heard[number] = phone.send("/tickets", fields, key)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(orders))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [heard[number] for number in range(len(orders))]


def while_it_is_held(hospital, phone, orders, seconds):
    """What all hear who send while another program holds the database for so long."""
    with held(hospital) as other:
        end = threading.Timer(seconds, other.execute, ["ROLLBACK"])
        end.start()
        answers = all_at_once(phone, orders)
        end.join()
    return answers


@pytest.mark.timeout(240)
def test_everybody_waits_for_a_moment(sqlite_template, tmp_path):
    with small_hospital(sqlite_template, tmp_path) as hospital:
        phone = RawPhone(hospital.port, "technician")
        orders = [(report_fields(sqlite_template.world), new_id()) for _ in range(PHONES)]
        answers = while_it_is_held(hospital, phone, orders, MOMENT)
        assert [heard.status for heard in answers] == [HTTPStatus.CREATED] * PHONES
        assert hospital.value("SELECT COUNT(*) FROM tickets") == PHONES


@pytest.mark.soak
@pytest.mark.timeout(240)
def test_after_longer_everybody_is_told_and_the_same_key_works_later(sqlite_template, tmp_path):
    with small_hospital(sqlite_template, tmp_path) as hospital:
        phone = RawPhone(hospital.port, "technician")
        orders = [(report_fields(sqlite_template.world), new_id()) for _ in range(PHONES)]
        answers = while_it_is_held(hospital, phone, orders, LONG)
        refused = [heard for heard in answers if heard.status != HTTPStatus.CREATED]
        assert len(refused) >= 2  # the working places; whoever came after them may have found it free again
        for heard in refused:
            assert (heard.status, heard.headers["Crew-Refusal"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "busy")
            assert int(heard.headers["Retry-After"]) > 0
        assert [heard.status for heard in all_at_once(phone, orders)] == [HTTPStatus.CREATED] * PHONES
        assert hospital.value("SELECT COUNT(*) FROM tickets") == PHONES
        assert wrong_books(hospital.data) == []


def test_whoever_stood_in_line_waits_less_for_the_other_program(app, monkeypatch):
    """Otherwise the tenth in line would wait ten times as long as the first, with the working places all taken."""
    said: list[str] = []
    with app.app_context():
        monkeypatch.setattr(crew_app.core.db, "SHORT_WAIT", -1.0)
        connection = db.engine.raw_connection().driver_connection
        assert connection
        connection.set_trace_callback(said.append)
        with write_transaction():
            pass
        assert one(app, "PRAGMA busy_timeout") == crew_app.core.db.BUSY_TIMEOUT_MS
    patience = [int(words.split("=")[1]) for words in said if words.startswith("PRAGMA busy_timeout=")]
    assert patience[0] <= patience[1] == crew_app.core.db.BUSY_TIMEOUT_MS


@pytest.mark.postgres
def test_a_locked_table_of_postgresql_is_told_and_the_same_key_works_later(
    postgres_app, postgres_settings, postgres_template, monkeypatch
):
    monkeypatch.setattr(crew_app.core.db, "BUSY_TIMEOUT_MS", 300)
    client, key = signing_in(postgres_app, postgres_template.world)("technician"), new_id()
    fields = report_fields(postgres_template.world)
    with postgres_app.app_context():
        db.engine.dispose()  # connections made from here on have the short patience
        assert db.session.execute(text("SHOW lock_timeout")).scalar() == "300ms"
    with psycopg.connect(postgres_settings.database_url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE")
        heard = client.send("/tickets", fields, key=key)
        assert (heard.status_code, heard.headers["Crew-Refusal"]) == (503, "busy")
        assert int(heard.headers["Retry-After"]) > 0
    accepted(client.send("/tickets", fields, key=key), 201)
    assert one(postgres_app, "SELECT COUNT(*) FROM tickets") == 1
