"""The long half of several machines (`make hosts`): one after the other is killed under load and comes back."""

import os
import threading
import time
from functools import partial

import pytest

from tests.support.machines import Journal, Pair, Phone, lost, send
from tests.support.serving import Browser

ROUNDS = int(os.environ.get("MACHINES_ROUNDS", "5"))
pytestmark = [pytest.mark.soak, pytest.mark.postgres, pytest.mark.timeout(300 * ROUNDS)]


@pytest.fixture
def pair(new_postgres, postgres_template, far, tmp_path):
    found = Pair(tmp_path, new_postgres(postgres_template.source), far).start()
    yield found
    found.stop()


def leads(pair, server, patience=60):
    """Seconds until the worker of that machine leads."""
    begun = time.monotonic()
    while pair.leader() is not server:
        assert time.monotonic() - begun < patience, "nobody leads"
        time.sleep(0.2)
    return time.monotonic() - begun


def either(pair, patience=60):
    """The machine that leads, once there is one."""
    end = time.monotonic() + patience
    while (found := pair.leader()) is None:
        assert time.monotonic() < end, "nobody leads"
        time.sleep(0.2)
    return found


def test_each_dies_in_turn(pair, far, postgres_template):
    world, browser, total = postgres_template.world, Browser(), Journal()
    taken_over: list[float] = []
    browser.sign_in(pair.servers[0], "technician")
    for _ in range(ROUNDS):
        doomed = either(pair)
        left = next(server for server in pair.servers if server is not doomed)
        phones = [Phone(pair, world, browser, jobs=15, first=number) for number in range(4)]
        found = send(phones, partial(_kill_halfway, doomed, phones, pair, left, taken_over))
        assert found.wrong == []
        total = Journal(
            total.keys + found.keys,
            total.tickets + found.tickets,
            total.photos + found.photos,
            repeated=total.repeated + found.repeated,
        )
        doomed.start()
    missing = lost(pair, far, total)
    print(  # noqa: T201 - what `make hosts` is for
        f"\nkills={ROUNDS} acknowledged={len(total.keys)} photos={len(total.photos)} repeated={total.repeated}"
        f" lost_or_doubled={len(missing)} leader_moved_s={max(taken_over):.1f}"
    )
    assert missing == []
    assert pair.servers[0].crew("check").returncode == 0


def _kill_halfway(doomed, phones, pair, left, taken_over):
    half = threading.Event()
    while not half.wait(0.02):
        if sum(len(phone.journal.keys) for phone in phones) >= 30 or not any(map(Phone.is_alive, phones)):
            half.set()
    doomed.kill()
    taken_over.append(leads(pair, left))
