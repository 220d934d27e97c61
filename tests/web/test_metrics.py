"""Numbers for Prometheus: those of all processes, for those who may read them, without paths and names."""

import ipaddress
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from crew_app.core import check_results, heartbeat
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.core.types import UtcDateTime
from crew_app.people.record_models import AccessRecord, What
from crew_app.phones.models import DevicePerson
from crew_app.web.counters import Counters
from tests.support.client import accepted
from tests.support.serving import Browser, Server
from tests.support.tickets import report_fields

LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+')


@pytest.fixture
def server(sqlite_template, tmp_path):
    shutil.copy(sqlite_template.source, tmp_path / "crew.db")
    server = Server(tmp_path, workers=2, NIGHT_CHECKS="0").start()
    yield server
    server.kill()


def numbers(text):
    """Samples by name and labels."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def read(client, **options):
    return numbers(client.get("/metrics", **options).get_data(as_text=True))


def workers(server):
    found = subprocess.run(
        ["/usr/bin/pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
    )
    return [int(pid) for pid in found.stdout.split() if b"resource_tracker" not in _command(pid)]


def _command(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123 - no file of ours
        return file.read()


def test_they_are_those_of_all_processes_and_survive_a_killed_one(server):
    browser, name = Browser(), 'crew_request_seconds_count{route="/healthz",method="GET",status="2xx"}'

    def read_now():
        return numbers(browser.ask(f"{server.url}/metrics")[2].decode())

    before = read_now().get(name, 0)
    for _ in range(40):
        browser.ask(f"{server.url}/healthz")
    assert {read_now()[name] for _ in range(8)} == {before + 40}  # whichever process answers
    assert len(list((server.data / "metrics").iterdir())) == 2
    os.kill(workers(server)[0], signal.SIGKILL)
    after = [_patient(lambda: read_now()[name]) for _ in range(8)]
    assert set(after) == {before + 40}


def _patient(ask):
    """Asked until somebody answers: a killed process takes its connections with it."""
    for left in count(100, -1):
        try:
            return ask()
        except OSError:
            assert left
            time.sleep(0.05)
    raise AssertionError


def test_each_process_counts_in_a_place_of_its_own_and_the_next_goes_on_there(tmp_path):
    names = ["in work", "requests"]
    first, second = (Counters(tmp_path, names, momentary=[0]) for _ in range(2))
    first.add([(0, 1.0), (1, 3.0)])
    second.add([(1, 4.0)])
    assert list(second.totals()) == [1.0, 7.0]
    del first
    third = Counters(tmp_path, names, momentary=[0])
    third.add([(1, 1.0)])
    assert list(second.totals()) == [0.0, 8.0]  # what was in work ended with its process
    other = Counters(tmp_path, ["requests"])
    other.add([(0, 1.0)])
    assert list(other.totals()) == [1.0]
    assert list(second.totals()) == [0.0, 8.0]


def test_files_of_another_version_are_deleted_once_nobody_counts_in_them(tmp_path):
    old = Counters(tmp_path, ["old"])
    old.add([(0, 1.0)])
    Counters(tmp_path, ["new"]).add([(0, 1.0)])
    assert list(old.totals()) == [1.0]
    del old
    Counters(tmp_path, ["new", "and another"]).add([(0, 1.0)])
    assert {path.name.partition(".")[2] for path in tmp_path.iterdir()} == {"0"}


def test_without_places_of_their_own_they_would_be_lost(tmp_path, monkeypatch):
    """Sabotage: no process gets a file."""
    monkeypatch.setattr("crew_app.web.counters._take", lambda _path: None)
    counters = Counters(tmp_path, ["requests"])
    counters.add([(0, 1.0)])
    assert list(counters.totals()) == [0.0]


@pytest.mark.parametrize(
    ("settings_", "headers", "address", "status"),
    [
        ({}, {}, "127.0.0.1", 200),
        ({}, {}, "::1", 200),
        ({}, {}, "10.1.2.3", 404),
        ({}, {"X-Forwarded-For": "10.1.2.3"}, "127.0.0.1", 404),
        ({}, {"X-Real-IP": "10.1.2.3"}, "127.0.0.1", 404),
        ({"metrics_token": "a-long-token-1234"}, {}, "127.0.0.1", 404),
        ({"metrics_token": "a-long-token-1234"}, {"Authorization": "Bearer a-long-token-1234"}, "10.1.2.3", 200),
        ({"metrics_token": "a-long-token-1234"}, {"Authorization": "Bearer a-long-token-1235"}, "127.0.0.1", 404),
        ({"metrics_token": "a-long-token-1234"}, {"Authorization": "Bearer"}, "127.0.0.1", 404),
        ({"metrics_from": (ipaddress.ip_network("10.1.0.0/16"),)}, {}, "10.1.2.3", 200),
        ({"metrics_from": (ipaddress.ip_network("10.1.0.0/16"),)}, {}, "127.0.0.1", 404),
        ({"metrics_from": (ipaddress.ip_network("10.1.0.0/16"),)}, {"X-Forwarded-For": "10.1.2.3"}, "10.9.9.9", 404),
    ],
)
def test_only_who_may_reads_them(app, sign_in, settings_, headers, address, status):
    client = sign_in("administrator")  # not even an administrator, from elsewhere
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, watching=replace(settings.watching, **settings_))
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_routes_are_named_by_their_rule(app, world, sign_in):
    client = sign_in("technician")
    accepted(client.send("/tickets", report_fields(world)), 201)
    client.get(f"/t/{world.tags['room']}")
    client.get("/nowhere/13912345678")
    client.open("/login", method="BREW")
    text = client.get("/metrics").get_data(as_text=True)
    found = numbers(text)
    assert found['crew_request_seconds_count{route="/t/<code>",method="GET",status="2xx"}'] == 1
    assert found['crew_request_seconds_count{route="/tickets",method="POST",status="2xx"}'] == 1
    assert found['crew_request_seconds_bucket{route="-",method="GET",status="4xx",le="+Inf"}'] == 2
    assert found["crew_write_wait_seconds_count"] >= 2
    assert found["crew_requests_in_work"] == 1
    assert not [word for word in ("13912345678", "BREW", world.tags["room"]) if word in text]


def test_queues_phones_and_proofs(any_app, any_world, any_sign_in):
    client, at = any_sign_in("technician"), now()
    before = read(client)
    with any_app.app_context(), write_transaction():
        for ago in (0, 1, 2, 60):
            refused = {"what": What.REFUSED, "login": "wang", "address": "x"}
            session.add(AccessRecord(id=new_id(), at=at - timedelta(minutes=ago), **refused))
        holds = session.get_one(DevicePerson, (any_world.devices["guard"], any_world.people["guard"]))
        holds.unsent, holds.oldest_at = holds.unsent + 7, at - timedelta(hours=2)
        heartbeat.beat(at - timedelta(seconds=50), "somewhere")
        check_results.begin(check_results.LEDGER, at - timedelta(hours=5))
        check_results.end(check_results.LEDGER, at - timedelta(hours=4), 2, "balance")
        check_results.begin(check_results.CHAIN, at)
    found = read(client)
    assert found["crew_sign_in_failures"] == 3
    assert found["crew_outbox_phones"] >= 1
    assert found["crew_outbox_entries"] == before["crew_outbox_entries"] + 7
    assert 7200 <= found["crew_outbox_age_seconds"] < 7300
    assert 50 <= found["crew_worker_age_seconds"] < 150
    assert found['crew_check_problems{check="ledger"}'] == 2
    assert found['crew_check_duration_seconds{check="ledger"}'] == 3600
    assert 14400 <= found['crew_check_age_seconds{check="ledger"}'] < 14500
    assert 'crew_check_problems{check="chain"}' not in found  # it has not ended yet
    assert found['crew_queue_length{queue="notices"}'] == 0
    assert found["crew_database_bytes"] > 1 << 20
    assert found['crew_disk_free_bytes{folder="data"}'] > 0


def test_times_in_them_are_times(app):
    """What a sum or a minimum in SQL gives is a time again, not a text."""
    assert isinstance(DevicePerson.oldest_at.type, UtcDateTime)
