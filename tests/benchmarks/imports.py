"""How long a large list takes to come in, how much memory, and how long others must wait meanwhile.

    python -m tests.benchmarks.imports [ROWS] [SUBJECT ...]      assets and items unless said otherwise

An empty hospital with 500 rooms; then the same file again, then with every name changed. A second process writes a
small row again and again meanwhile: the longest it waits is what a technician would wait.
"""

import multiprocessing
import sys
import tempfile
import threading
import time
from pathlib import Path

import flask_migrate
import openpyxl

from crew_app import create_app
from crew_app.config import Settings
from crew_app.core import heartbeat
from crew_app.core.clock import now, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.imports import jobs, runs, working
from crew_app.imports.models import ImportRun, Subject
from crew_app.people import actions as people
from crew_app.people.models import Person
from crew_app.people.rules import Role
from crew_app.places.models import Place, PlaceKind
from crew_app.web.paths import MIGRATIONS

ROOMS = 500
HEADINGS = {
    "assets": ["设备台账编号", "设备名称", "英文名称", "资产类别", "存放地点", "规格型号", "出厂编号"],
    "items": ["物资编码", "品名", "英文名称", "规格型号", "计量单位", "类别", "单价", "可申领"],
}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    subjects = sys.argv[2:] or ["assets", "items"]
    folder = Path(tempfile.mkdtemp(prefix="crew-imports-"))
    app = create_app(settings(folder))
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        site_id, person_id = hospital()
    other = multiprocessing.get_context("spawn")
    stop, waits = other.Event(), other.Queue()
    process = other.Process(target=write_on, args=(folder, stop, waits))
    process.start()
    with app.app_context():
        for subject in subjects:
            for words in ("new", "again", "renamed"):
                measure(subject, words, book(folder, subject, rows, words == "renamed"), site_id, person_id)
    stop.set()
    print(f"longest wait of another writer: {waits.get():.2f} s")
    process.join()


def settings(folder: Path) -> Settings:
    return Settings(
        data=folder, database_url=f"sqlite:///{folder / 'crew.db'}", photo_store=folder / "photos", secret_key="0" * 64
    )


def hospital():
    with write_transaction():
        site = people.add_site("main", "本部")
        by = people.add_person("admin", "管理员", "blauer-Eimer-47", site, [Role.ADMINISTRATOR], at=now())
        for number in range(ROOMS):
            name = f"房间{number}"
            session.add(Place(site_id=site.id, kind=PlaceKind.ROOM, code=f"R{number}", name=name, path=name))
        return site.id, by.id


def book(folder: Path, subject: str, rows: int, renamed: bool) -> Path:
    path = folder / f"{subject}-{renamed}.xlsx"
    if not path.exists():
        made = openpyxl.Workbook(write_only=True)
        page = made.create_sheet()
        page.append([f"全院{subject}台账"])
        page.append(HEADINGS[subject])
        for n in range(rows):
            name = f"{'新' if renamed else ''}名称{n}"
            assets = [f"SB-{n:06d}", name, f"Thing {n}", f"类别{n % 40}", f"房间{n % ROOMS}", f"XH-{n % 90}", f"SN{n}"]
            items = [f"WL-{n:06d}", name, f"Item {n}", f"DN{n % 60}", "只", f"类别{n % 40}", n % 900 + 0.5, "是"]
            page.append(assets if subject == "assets" else items)
        made.save(path)
    return path


def measure(subject, words, path, site_id, person_id):
    run_id, begun, computed = new_id(), time.perf_counter(), time.process_time()
    peak = Peak()
    with write_transaction():
        by = session.get_one(Person, person_id)
        runs.begin(run_id, site_id, Subject(subject), (path.name, path.read_bytes()), by=by, at=server_moment())
    spans = [step(run_id)]
    with write_transaction():
        run = session.get_one(ImportRun, run_id)
        runs.set_meaning(run, runs.meaning(run), by=session.get_one(Person, person_id), at=server_moment())
    spans.append(step(run_id))
    with write_transaction():
        run = session.get_one(ImportRun, run_id)
        assert not run.error_count
        runs.carry_out(run, by=session.get_one(Person, person_id), at=server_moment())
    spans.append(step(run_id))
    seconds, most, worked = time.perf_counter() - begun, peak.end(), time.process_time() - computed
    run = session.get_one(ImportRun, run_id)
    counted = f"+{run.made_count} ~{run.changed_count} ={run.same_count}"
    lock, cpu = runs.options(run)["lock_ms"], runs.options(run)["lock_cpu_ms"]
    read, check, apply = spans
    print(
        f"{subject:8} {words:8} {run.rows_total} rows {counted:22} {seconds:5.1f} s "
        f"(read {read:.1f}, check {check:.1f}, bring in {apply:.1f}) "
        f"{run.rows_total / seconds:7.0f} rows/s, write lock {lock / 1000:.2f} s "
        f"(computing {cpu / 1000:.2f}), computing in all {worked:.1f} s, "
        f"peak {most[0]} MB, reader {most[1]} MB",
        flush=True,
    )
    session.rollback()
    working.tidy(now())


def step(run_id):
    begun = time.perf_counter()
    run = session.get_one(ImportRun, run_id)
    working.do(jobs.Job(run.id, run.site_id, run.subject, run.state), b"secret")
    session.rollback()
    run = session.get_one(ImportRun, run_id)
    assert not run.failure, run.failure
    return time.perf_counter() - begun


class Peak:
    """The most memory of this process, and of those it starts."""

    def __init__(self):
        self.most, self.child, self.stop = 0, 0, threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self):
        while not self.stop.wait(0.05):
            self.most = max(self.most, resident("self"))
            for task in Path("/proc/self/task").iterdir():
                for child in (task / "children").read_text().split():
                    command = Path(f"/proc/{child}/cmdline")
                    if command.exists() and b"reader_process" in command.read_bytes():
                        self.child = max(self.child, resident(child))

    def end(self):
        self.stop.set()
        self.thread.join()
        return self.most, self.child


def resident(process):
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(found[0].split()[1]) // 1024 if found else 0


def write_on(folder, stop, waits):
    """What others do meanwhile: a small write every tenth of a second."""
    app = create_app(settings(folder))
    longest = 0.0
    with app.app_context():
        while not stop.wait(0.1):
            begun = time.perf_counter()
            with write_transaction():
                heartbeat.beat(now(), "bench")
            longest = max(longest, time.perf_counter() - begun)
    waits.put(longest)


if __name__ == "__main__":
    main()
