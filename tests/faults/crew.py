"""A crew that goes on sending: each person one command after the other, repeated until it is acknowledged."""

import http.client
import json
import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import UUID

from tests.faults import work
from tests.faults.judge import Rows
from tests.faults.work import Order
from tests.support.client import stamp
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import SmallHospital
from tests.support.world import World

PATIENCE = 90
"""Seconds a phone waits for an answer."""
AGAIN = frozenset({409, 429, 503, 507})
"""Answers after which a phone sends the same again."""
STOP = "SELECT id FROM run_stops WHERE run_id = ? AND key = 'room'"


class Journal:
    """Outside log of what was acknowledged: on the disk before the next command is sent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sent: dict[UUID, Order] = {}
        self.acknowledged: dict[UUID, tuple[int, str]] = {}
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        """Answers that no phone should have got."""
        self._changed = threading.Condition()
        self._file = path.open("a")

    def send(self, order: Order) -> None:
        """It is on its way from now on."""
        with self._changed:
            self.sent[order.key] = order

    def hear(self, order: Order, status: int, location: str, receipt: str) -> bool:
        """Whether this answer acknowledges the order; then it is written down."""
        with self._changed:
            self.answers[status] += 1
            if not (status < http.client.BAD_REQUEST and receipt == str(order.key)):
                if status not in AGAIN:
                    self.wrong.append(f"{order.what} {order.path}: {status}")
                self._changed.notify_all()
                return False
            self._file.write(json.dumps({"key": str(order.key), "what": order.what, "status": status}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.acknowledged[order.key] = (status, location)
            self._changed.notify_all()
            return True

    def until_acknowledged(self, number: int, seconds: float = PATIENCE) -> None:
        """Wait until so many were acknowledged in all."""
        with self._changed:
            there = self._changed.wait_for(lambda: len(self.acknowledged) >= number or self.wrong, seconds)
        assert there, f"only {len(self.acknowledged)} of {number} were acknowledged after {seconds} s"
        assert not self.wrong, self.wrong[:5]

    def until_answered(self, status: int, number: int = 1, seconds: float = PATIENCE) -> None:
        """Wait until so many answers had this status."""
        with self._changed:
            there = self._changed.wait_for(lambda: self.answers[status] >= number, seconds)
        assert there, f"{self.answers}"

    def close(self) -> None:
        """Nothing comes any more."""
        self._file.close()


class Crew:
    """Phones at work in threads of this process, as long as the block lasts."""

    def __init__(
        self,
        hospital: SmallHospital,
        world: World,
        template: UUID,
        journal: Journal,
        seed: int,
        side: int = 400,
        rows: Rows | None = None,
    ) -> None:
        """`rows` asks the database, where that is no file of the hospital."""
        self.hospital, self.world, self.template, self.journal = hospital, world, template, journal
        self.seed, self.side, self.rows = seed, side, rows or hospital.rows
        self.up, self._over = threading.Event(), threading.Event()
        self.up.set()
        self._phones = [(login, RawPhone(hospital.port, login)) for login in work.CREW]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        for number, (login, phone) in enumerate(self._phones):
            chance = random.Random(self.seed * 100 + number)
            self._threads.append(threading.Thread(target=self._go_on, args=(login, phone, chance), daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self.up.set()
        for thread in self._threads:
            thread.join(PATIENCE * 2)
        assert not any(thread.is_alive() for thread in self._threads), "a phone never came to an end"

    def _go_on(self, login: str, phone: RawPhone, chance: random.Random) -> None:
        for order in self._orders(login, chance):
            self.journal.send(order)
            while not self._try(phone, order):
                if self.journal.wrong:
                    return
            if self._over.is_set():
                return

    def _orders(self, login: str, chance: random.Random) -> Iterator[Order]:
        for order in work.work(self.world, login, self.template, chance, self.side):
            yield order
            if order.what == "begin":
                yield work.visit(login, self._stop_of(order))

    def _stop_of(self, order: Order) -> UUID:
        ((stop,),) = self.rows(STOP, order.subject.hex)
        return UUID(str(stop))

    def _try(self, phone: RawPhone, order: Order) -> bool:
        """Whether it was acknowledged this time."""
        self.up.wait(PATIENCE)
        try:
            status, location, receipt = send(phone, order)
        except (OSError, http.client.HTTPException):
            self._over.wait(0.02)  # the server is gone; it is soon known that it is
            return False
        if self.journal.hear(order, status, location, receipt):
            return True
        self._over.wait(0.2)
        return False


def send(phone: RawPhone, order: Order) -> tuple[int, str, str]:
    """One command once: status, location and receipt of its answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", phone.port, timeout=PATIENCE)) as line:
        at = stamp(datetime.now(UTC))
        head = phone.head(phone.command(order.key)) | {"Crew-Made-At": at, "Content-Type": order.media_type}
        line.request("POST", order.path, order.body, head)
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Crew-Location", ""), answer.headers.get("Crew-Receipt", "")
