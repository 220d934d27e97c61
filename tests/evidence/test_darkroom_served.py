"""Darkrooms of a real server: one for each of its processes, and none left behind when it ends."""

import os
import signal
import time
from pathlib import Path

from tests.support.assault import ACCEPTED
from tests.support.pictures import jpeg
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import small_hospital


def gone(pid):
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or ") Z " in stat.read_text()


def test_each_process_has_its_own_and_they_end_with_the_server(sqlite_template, tmp_path):
    with small_hospital(sqlite_template, tmp_path, workers=2) as hospital:
        phone, tickets = RawPhone(hospital.port, "technician"), hospital.tickets(sqlite_template, 4)
        workers, number = hospital.workers(), 0
        while len(hospital.darkrooms()) < 2 and number < 40:  # whichever process the kernel gives the connection to
            path, data = f"/tickets/{tickets[number % 4]}/photos", jpeg() + bytes([number])
            assert phone.upload(path, {"role": "report"}, "a.jpg", data).status in ACCEPTED
            number += 1
        rooms = hospital.darkrooms()
        assert len(rooms) == 2, f"{len(workers)} workers, {number} photos"
        assert hospital.process
        hospital.process.send_signal(signal.SIGTERM)
        hospital.process.wait(30)
        end = time.monotonic() + 20
        while not all(map(gone, [*workers, *rooms])) and time.monotonic() < end:
            os.sched_yield()
        assert all(map(gone, [*workers, *rooms]))
        hospital.process = None
