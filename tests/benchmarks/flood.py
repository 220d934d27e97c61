"""A flood of anonymous reports from one client while twenty wards report as always: how long the wards wait.

`make bench-flood` on a running demo hospital of its own; FLOOD=1000 WARDS=20 PARALLEL=8. It prints a table, and fails
when a ward's report was lost or 95 of 100 took longer than a second.
"""

import http.client
import os
import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from crew_app.core.ids import new_id
from tests.acceptance.hospital import Hospital, make_demo

FLOOD, WARDS = int(os.environ.get("FLOOD", "1000")), int(os.environ.get("WARDS", "20"))
PARALLEL, EACH = int(os.environ.get("PARALLEL", "8")), int(os.environ.get("EACH", "3"))
LONGEST = 1.0
_FIELD = re.compile(r'name="(_key|_effort|ticket_id|job_kind)" value="([^"]+)"')


@dataclass
class Result:
    """What came of it: seconds and statuses."""

    wards: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    flooded: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def p95(self) -> float:
        """How long 95 of 100 reports of wards took at most."""
        return statistics.quantiles(self.wards, n=20)[18]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        hospital = Hospital(make_demo(Path(folder) / "demo"), Path(folder) / "hospital")
        hospital.start()
        try:
            result = flood(hospital, FLOOD, WARDS, PARALLEL, EACH)
        finally:
            hospital.stop()
    print(f"{FLOOD} reports from one client, {PARALLEL} at once, in {result.seconds:.1f} s: {dict(result.flooded)}")
    print(f"{WARDS} wards, {len(result.wards)} reports: {dict(result.answers)}")
    print(f"median {statistics.median(result.wards):.3f} s, p95 {result.p95:.3f} s, longest {max(result.wards):.3f} s")
    assert result.answers == {303: WARDS * EACH}, "a ward's report was lost"
    assert result.p95 < LONGEST


def flood(hospital: Hospital, number: int, wards: int, parallel: int, each: int) -> Result:
    """One client reports at one tag without pause; the wards at tags of their own, each a few times."""
    codes = [row[0] for row in hospital.rows(f"SELECT code FROM tags WHERE retired_at IS NULL LIMIT {wards + 1}")]
    result, left = Result(), iter(range(number))
    flooding = (hospital.port, codes[0], left, threading.Lock(), result)
    attack = [threading.Thread(target=_attack, args=flooding) for _ in range(parallel)]
    nurses = [threading.Thread(target=_ward, args=(hospital.port, code, each, result)) for code in codes[1:]]
    began = time.monotonic()
    for thread in [*attack, *nurses]:
        thread.start()
    for thread in [*attack, *nurses]:
        thread.join()
    result.seconds = time.monotonic() - began
    return result


def _attack(port: int, code: str, left: Iterator[int], lock: threading.Lock, result: Result) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        while True:
            with lock:
                if next(left, None) is None:
                    return
            fields = {"_key": str(new_id()), "_person": "", "ticket_id": str(uuid4()), "job_kind": "lamp"}
            result.flooded[_post(line, code, fields | {"_effort": "x"}, "")] += 1


def _ward(port: int, code: str, each: int, result: Result) -> None:
    """As a person does it: look at the page, choose, send; between reports some seconds pass."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        for _ in range(each):
            time.sleep(random.uniform(0.2, 3.0))
            line.request("GET", f"/t/{code}")
            page = line.getresponse()
            cookie = (page.headers.get("Set-Cookie") or "").split(";")[0]
            found = dict(_FIELD.findall(page.read().decode().partition('id="report"')[2]))
            began = time.monotonic()
            status = _post(line, code, found | {"_person": ""}, cookie)
            result.wards.append(time.monotonic() - began)
            result.answers[status] += 1


def _post(line: http.client.HTTPConnection, code: str, fields: dict[str, str], cookie: str) -> int:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    line.request("POST", f"/t/{code}/reports", urlencode(fields), headers | ({"Cookie": cookie} if cookie else {}))
    answer = line.getresponse()
    answer.read()
    return answer.status


if __name__ == "__main__":
    main()
