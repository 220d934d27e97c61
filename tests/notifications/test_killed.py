"""The worker is killed again and again while it sends: every notice arrives, and a phone shows each once."""

import os
import random
import subprocess
import sys
import time
from collections import Counter

from crew_app.core.clock import now
from tests.support.notices import stands, subscribed, told
from tests.support.stubs import Browser, Service

NOTICES, KILLS = 40, 3


def worker(app):
    """`crew worker` on the data of the test."""
    settings = app.config["SETTINGS"]
    environ = {
        "CREW_DATA": str(settings.data),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
    }
    command = [sys.executable, "-c", "from crew_app.cli import main; main()", "worker"]
    env = {**os.environ, **environ, "OUTSIDE_HOSTS_ALLOWED": "127.0.0.1"}
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(true, patience=60):
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def test_every_notice_arrives_although_the_worker_is_killed(app, world):
    phone, chance = Browser(), random.Random(7)
    with Service().running() as service:
        subscribed(app, world, "technician", f"{service.url}/phone", phone)
        notices = {str(told(app, world, "technician", str(number), now(), urgent=True)) for number in range(NOTICES)}
        for _ in range(KILLS):
            before = len(service.asked)
            running = worker(app)
            wait_for(lambda seen=before: len(service.asked) >= seen + chance.randint(1, NOTICES // KILLS - 2))
            running.kill()
            running.wait()
        last = worker(app)
        wait_for(lambda: all(state == "done" for state, _, _ in stands(app)))
        last.terminate()
        last.wait()
    arrived = Counter(phone.read(asked.body)["id"] for asked in service.asked)
    assert set(arrived) == notices
    shown = {phone.read(asked.body)["id"]: asked for asked in service.asked}  # what a phone does with one tag
    assert len(shown) == NOTICES
