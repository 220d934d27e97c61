"""The small hospital with a server of its own: as the demo one of the acceptance tests, but there in a moment."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from crew_app import create_app
from crew_app.core.db import db, write_transaction
from crew_app.tickets.rules import State
from tests.acceptance.hospital import Hospital
from tests.support.database import Template, settings_for, sqlite_url
from tests.support.tickets import bring_to


class SmallHospital(Hospital):
    """One that can be asked which processes it has."""

    def workers(self) -> list[int]:
        """The processes that answer people."""
        assert self.process
        return _children(self.process.pid)

    def darkrooms(self) -> list[int]:
        """The processes that open pictures."""
        return [child for worker in self.workers() for child in _children(worker)]

    def tickets(self, template: Template, number: int = 1) -> list[str]:
        """Jobs to send photos to; each takes ten."""
        app = create_app(settings_for(self.data, sqlite_url(self.data)))
        with app.app_context():
            with write_transaction():
                made = [str(bring_to(template.world, State.ACCEPTED).id) for _ in range(number)]
            db.engine.dispose()
        return made


def founded(
    template: Template,
    folder: Path,
    program: Path | None = None,
    environment: Mapping[str, str] | None = None,
    workers: int = 1,
) -> SmallHospital:
    """Built, and not running yet."""
    source = folder / "source"
    (source / "photos").mkdir(parents=True)
    shutil.copy(template.source, source / "crew.db")
    hospital = SmallHospital(source, folder / "data", program)
    hospital.environment |= {"CREW_DEMO": "0", **(environment or {})}
    hospital.options = ["--workers", str(workers)]
    return hospital


@contextmanager
def small_hospital(
    template: Template,
    folder: Path,
    program: Path | None = None,
    environment: Mapping[str, str] | None = None,
    workers: int = 1,
) -> Iterator[SmallHospital]:
    """Running as long as the block does."""
    hospital = founded(template, folder, program, environment, workers)
    hospital.start()
    try:
        yield hospital
    finally:
        hospital.stop()


def memory_of(pid: int) -> Mapping[str, int]:
    """Kilobytes of a process: `VmRSS` now, `VmHWM` the most so far."""
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if words[0].startswith("Vm")}


def _children(pid: int) -> list[int]:
    found = [Path(f"/proc/{pid}/task/{task.name}/children") for task in Path(f"/proc/{pid}/task").iterdir()]
    return sorted(int(child) for path in found if path.exists() for child in path.read_text().split())
