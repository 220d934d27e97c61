"""How long the page of a tag takes while 12-megapixel photos arrive without pause, and what opening them costs.

`make bench-pictures`: quiet; with photos opened in the darkroom; with photos opened in the process that answers (a copy
of the application without the darkroom).
"""

import statistics
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests.acceptance.pictures import camera_photo
from tests.acceptance.sabotage import Cut, sabotaged
from tests.acceptance.test_killed_uploads import picture
from tests.benchmarks.hostile import make_template
from tests.support.database import Template
from tests.support.people import make_passwords_cheap
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import SmallHospital, memory_of, small_hospital

PAGES, SENDERS = 100, 3
OUTSIDE = "    with stepped_out(request.environ):\n        return arrive"
INSIDE = (
    Cut("crew_app/evidence/actions.py", "develop(examine, data)", "examine(data)"),
    Cut("crew_app/web/pictures.py", OUTSIDE, "    if True:\n        return arrive"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        make_passwords_cheap(patch)
        folder = Path(name)
        template = make_template(folder / "template")
        large, usual = camera_photo(folder / "photo.jpg", "#604020").read_bytes(), picture(1)
        with small_hospital(template, folder / "one") as hospital:
            _report("quiet", _pages(hospital, template, b""))
            _report("photos in the darkroom", _pages(hospital, template, large))
            _report("one usual photo", _uploads(hospital, template, usual))
            _report("one of 12 megapixels", _uploads(hospital, template, large))
            for pid in hospital.darkrooms():
                memory = memory_of(pid)
                print(f"darkroom: {memory['VmRSS'] // 1024} MB warm, {memory['VmHWM'] // 1024} MB at the most")
            print("worker:", ", ".join(f"{memory_of(pid)['VmRSS'] // 1024} MB" for pid in hospital.workers()))
        with small_hospital(template, folder / "two", sabotaged(folder / "program", *INSIDE)) as hospital:
            _report("photos in the answering process", _pages(hospital, template, large))
            _report("one usual photo there", _uploads(hospital, template, usual))


def _pages(hospital: SmallHospital, template: Template, data: bytes) -> list[float]:
    """Seconds for each of the pages while senders send."""
    phone, over, tickets = RawPhone(hospital.port, "technician"), threading.Event(), hospital.tickets(template, 60)
    parts = [tickets[n::SENDERS] for n in range(SENDERS)]
    senders = [threading.Thread(target=_send, args=(hospital.port, part, data, over)) for part in parts]
    for sender in senders if data else ():
        sender.start()
    path, took = f"/t/{template.world.tags['room']}", []
    for _ in range(PAGES):
        began = time.monotonic()
        assert phone.ask("GET", path).status == 200
        took.append(time.monotonic() - began)
        time.sleep(0.05)
    over.set()
    for sender in senders if data else ():
        sender.join()
    return took


def _send(port: int, tickets: list[str], data: bytes, over: threading.Event) -> None:
    phone, number = RawPhone(port, "technician"), 0
    while not over.is_set():
        path = f"/tickets/{tickets[number % len(tickets)]}/photos"
        phone.upload(path, {"role": "report"}, "a.jpg", data + bytes([number % 256]))
        number += 1


def _uploads(hospital: SmallHospital, template: Template, data: bytes) -> list[float]:
    phone, took = RawPhone(hospital.port, "technician"), []
    for number, ticket in enumerate(hospital.tickets(template, 20)):
        began = time.monotonic()
        heard = phone.upload(f"/tickets/{ticket}/photos", {"role": "report"}, "a.jpg", data + f"one {number}".encode())
        assert heard.status == 303
        took.append(time.monotonic() - began)
    return took


def _report(words: str, took: list[float]) -> None:
    p95 = statistics.quantiles(took, n=20)[18]
    print(f"{words:32} median {statistics.median(took) * 1000:.0f} ms  p95 {p95 * 1000:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
