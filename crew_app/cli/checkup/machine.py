"""The machine: programs and their known bugs, memory, disks, clock, and what the installation itself is made of."""

import ctypes
import json
import os
import platform
import sqlite3
import sys
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from crew_app.cli.checkup.findings import Health, Patient, Said, fail, fine, warn
from crew_app.core.db import session
from crew_app.evidence.stamp import FONT
from crew_app.people.models import Site
from crew_app.web.paths import DIST, TRANSLATIONS

MB = 1 << 20
LITTLE_ROOM, NO_ROOM = 2048 * MB, 500 * MB
FEW_FILES, NO_FILES = 50_000, 5_000
LITTLE_MEMORY, NO_MEMORY = 250 * MB, 80 * MB
OLDEST_PYTHON, OLDEST_SQLITE = (3, 11), (3, 39)
NETWORKED = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "fuse.s3", "fuse.rclone")
"""Beginnings of the names of file systems whose locks SQLite cannot rely on."""
_NOT_KEPT = 5
"""What the kernel answers when nobody keeps its clock."""


def versions(patient: Patient) -> Said:
    """Python and SQLite, with the bugs that matter here."""
    said = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    if sys.version_info < OLDEST_PYTHON:
        yield fail(f"{said}: Python is too old.", "Install Python 3.11 or newer, then `make setup`.")
        return
    if patient.database_file is None:
        yield fine(f"{said}; the database is PostgreSQL.")
    elif sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield fail(f"{said}: SQLite is too old for the checks of the books.", "Install SQLite 3.51.3 or newer.")
    elif resets_wrongly(sqlite3.sqlite_version_info):
        words = f"{said}: has the WAL-reset bug; it can damage a database to which two processes write at once."
        step = "This program's writers queue, which avoids it: write with nothing else, and update to SQLite 3.51.3."
        yield warn(words, step)
    else:
        yield fine(f"{said}.")


def resets_wrongly(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the WAL-reset bug, found and mended in March 2026."""
    mended: dict[tuple[int, ...], int] = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
    least = mended.get(version[:2])
    return version[2] < least if least is not None else version < (3, 51)


def memory(_patient: Patient) -> Said:
    """What is left of it."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    free = {words[0]: int(words[1]) * 1024 for words in lines}["MemAvailable:"]
    words, step = f"{free // MB} MB of memory are free.", "Stop what else runs here, or give the machine more memory."
    if free < NO_MEMORY:
        yield fail(words, step)
    else:
        yield warn(words, step) if free < LITTLE_MEMORY else fine(words)


def disks(patient: Patient) -> Said:
    """Room and names for files wherever something is kept."""
    places = {patient.settings.data: "data", patient.settings.photo_store: "photos"}
    seen = set()
    for folder, name in places.items():
        here = nearest(folder)
        if here.stat().st_dev in seen:
            continue
        seen.add(here.stat().st_dev)
        found = os.statvfs(here)
        yield room(f"Disk of the {name} ({folder})", found.f_bavail * found.f_frsize)
        if found.f_files:
            yield names(f"Disk of the {name} ({folder})", found.f_favail)


def room(disk: str, free: int) -> tuple[Health, str, str]:
    """What so many free bytes mean."""
    words = f"{disk}: {free // MB} MB are free."
    step = "Make room: older backups on the same disk, logs (`journalctl --vacuum-size=200M`), or a larger disk."
    if free < NO_ROOM:
        return fail(f"{words} When it is full, phones keep what they cannot send.", step)
    return warn(words, step) if free < LITTLE_ROOM else fine(words)


def names(disk: str, free: int) -> tuple[Health, str, str]:
    """What so many free inodes mean; a photo needs four."""
    words, step = (
        f"{disk}: {free} more files fit.",
        "Move the photos to a file system with more inodes (mkfs -i 16384).",
    )
    if free < NO_FILES:
        return fail(words, step)
    return warn(words, step) if free < FEW_FILES else fine(words)


def nearest(folder: Path) -> Path:
    """A folder, or the nearest above it that exists."""
    return folder if folder.exists() else nearest(folder.parent)


def clock(_patient: Patient) -> Said:
    """Whether somebody keeps it: phones' clocks are measured against it."""
    if kernel_clock() == _NOT_KEPT:
        step = "Let NTP keep it: `timedatectl set-ntp true`, or chrony with the time server of the house."
        yield warn("Nobody keeps this machine's clock (the kernel calls it unsynchronised).", step)
    else:
        yield fine("The clock is kept by NTP.")


def kernel_clock() -> int:
    """What the kernel says of its clock."""
    return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))


def time_zones(_patient: Patient) -> Said:
    """The zones of all sites."""
    wanted = sorted({"Asia/Shanghai", *session.scalars(select(Site.timezone))})
    for name in wanted:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            yield fail(
                f"There is no time zone {name} here.", "Install tzdata (`apt install tzdata`), or set the zone right."
            )
            return
    yield fine(f"Time zones: {', '.join(wanted)}.")


def built(_patient: Patient) -> Said:
    """Front end, font, catalogues."""
    step = "Run `make setup` in the folder of the program, then restart."
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        yield fail("The front end was not built: pages have no style and no outbox.", step)
        return
    wanted: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    gone = sorted(name for name in wanted.values() if not (DIST / name).exists())
    if gone:
        yield fail(f"{len(gone)} files of the front end are missing, {gone[0]} among them.", step)
    elif not FONT.exists():
        yield fail("The font of stamps, labels and papers is missing.", step)
    elif not list(TRANSLATIONS.rglob("*.mo")):
        yield fail("The catalogues were not compiled: everything is in English.", step)
    else:
        yield fine("Front end, font and catalogues are built.")


def network_file_system(folder: Path, mounts: str) -> str:
    """The kind of file system that a folder is on, by mountinfo, if it is one over a network; else nothing."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        point = fields.split()[4].replace("\\040", " ")
        if folder.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, rest.split()[0]
    return kind if kind.startswith(NETWORKED) else ""
