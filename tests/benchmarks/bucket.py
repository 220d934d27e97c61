"""How long a job with photos takes while the bucket behind it is well, down, slow, dropping lines or lying.

`make bench-s3`: the small hospital with its own server, a real S3 server and the fault proxy between the two. At each
job a photo is announced and sent, a note is written, the page and the photo are looked at. Afterwards everything must
have been moved with equal fingerprints.
"""

import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crew_app.core.ids import new_id
from tests.acceptance.hospital import free_port
from tests.acceptance.test_killed_uploads import picture
from tests.benchmarks.hostile import make_template
from tests.support import faults
from tests.support.bucket import Far, make_bucket, moto
from tests.support.database import Template
from tests.support.fault_proxy import FaultProxy
from tests.support.people import make_passwords_cheap
from tests.support.pictures import announcement
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import SmallHospital, small_hospital

JOBS = int(os.environ.get("JOBS_EACH", "15"))
DRAINED_SECONDS = 300
WEATHER: dict[str, Callable[[FaultProxy], object]] = {
    "well": lambda _proxy: None,
    "down": lambda proxy: proxy.refuse(),
    "slow (3 s)": lambda proxy: proxy.put(faults.slow(3)),
    "dropping": lambda proxy: proxy.put(faults.deliver_and_drop),
    "wrong bytes": lambda proxy: proxy.put(faults.wrong_bytes, method="GET"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        make_passwords_cheap(patch)
        folder = Path(name)
        template = make_template(folder / "template")
        with moto(free_port(), folder / "moto.log") as port, FaultProxy(port) as proxy:
            far = Far(proxy, port, make_bucket(port))
            with small_hospital(template, folder / "hospital", environment=far.environment) as hospital:
                _through_all_weather(hospital, template, far)


def _through_all_weather(hospital: SmallHospital, template: Template, far: Far) -> None:
    phone, sent, number = RawPhone(hospital.port, "technician"), list[bytes](), 0
    for words, break_it in WEATHER.items():
        break_it(far.proxy)
        took: list[float] = []
        for ticket in hospital.tickets(template, JOBS):
            data = picture(number)
            took += _job(phone, ticket, data)
            sent.append(data)
            number += 1
        _report(words, took, hospital)
        far.proxy.accept_again()
        far.proxy.clear()
    began = time.monotonic()
    _until_drained(hospital)
    there = far.there
    for data in sent:
        assert there.get(f"original/{hashlib.sha256(data).hexdigest()}") == data
    print(f"all {len(sent)} photos are in the bucket with equal fingerprints, {time.monotonic() - began:.0f} s later")


def _job(phone: RawPhone, ticket: str, data: bytes) -> list[float]:
    """Seconds of each request: announce, bytes, note, page, shown picture."""
    fields, took = announcement(data, role="before"), []
    photo = f"/photos/{fields['photo_id']}"
    steps = (
        lambda: phone.send(f"/tickets/{ticket}/photos", fields),
        lambda: phone.bytes_of(f"{photo}/original", data, new_id()),
        lambda: phone.send(f"/tickets/{ticket}/notes", {"note": "getauscht"}),
        lambda: phone.ask("GET", f"/tickets/{ticket}"),
        lambda: phone.ask("GET", f"{photo}/thumb"),
    )
    for step in steps:
        began = time.monotonic()
        heard = step()
        took.append(time.monotonic() - began)
        assert heard.status == 200, (heard.status, heard.words)
    return took


def _report(words: str, took: list[float], hospital: SmallHospital) -> None:
    p95 = statistics.quantiles(took, n=20)[18]
    line = f"{words:12} median {statistics.median(took):.3f} s  p95 {p95:.3f} s  longest {max(took):.3f} s"
    waits = sum(1 for path in (hospital.data / "spool" / "waiting").rglob("*") if path.is_file())
    print(f"{line}  ({len(took)} requests; {waits} files wait)", flush=True)


def _until_drained(hospital: SmallHospital) -> None:
    end = time.monotonic() + DRAINED_SECONDS
    while time.monotonic() < end:
        if not any(path.is_file() for path in (hospital.data / "spool" / "waiting").rglob("*")):
            return
        time.sleep(0.5)
    raise AssertionError("something still waits")


if __name__ == "__main__":
    main()
