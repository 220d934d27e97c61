"""Settings and the data folder: keys, addresses, who may read what."""

import ipaddress
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

from crew_app.cli.checkup.findings import Patient, Said, fail, fine, warn
from crew_app.cli.checkup.machine import nearest, network_file_system
from crew_app.config import WEAKEST_KEY

OTHERS, GROUP = 0o007, 0o070


def secret_key(patient: Patient) -> Said:
    """Strong, and nobody else's."""
    path, key = patient.settings.data / "secret_key", patient.settings.secret_key
    kept = "SECRET_KEY" not in os.environ
    if len(key) < WEAKEST_KEY or len(set(key)) < WEAKEST_KEY // 4:
        step = f"Stop, delete {path}, start: a new one is made. Everybody signs in again; second factors start anew."
        yield fail("The secret key is weak: sign-ins can be forged.", step)
    elif kept and path.stat().st_mode & (OTHERS | GROUP):
        words = f"{path} can be read by others on this machine."
        yield fail(words, f"chmod 600 {path}; when others had accounts here, delete it and restart: a new one is made.")
    else:
        yield fine("The secret key is strong" + (", and only its owner can read it." if kept else ", from SECRET_KEY."))


def public_url(patient: Patient) -> Said:
    """The address that is printed on tags."""
    url, step = patient.settings.public_url, "Set PUBLIC_URL=https://crew.example.org (the name people use), restart."
    host = urlsplit(url or "").hostname or ""
    if not url:
        yield warn("PUBLIC_URL is not set: tags get whatever address somebody happens to use.", step)
    elif not url.startswith("https://") and not patient.settings.own_https:
        words = f"PUBLIC_URL is {url}: phones give camera, notices and pages without a network to HTTPS only."
        yield fail(words, f"Put a proxy with a certificate in front (docs/operations.md, HTTPS). {step}")
    elif _is_address(host):
        yield warn(f"PUBLIC_URL is an address ({host}): it stands on every tag, and passkeys need a name.", step)
    else:
        yield fine(f"PUBLIC_URL is {url}.")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def proxies(patient: Patient) -> Said:
    """Whether it is known who asks."""
    hops, https = patient.settings.trusted_proxies, (patient.settings.public_url or "").startswith("https://")
    if https and not hops and not patient.settings.own_https:
        words = "HTTPS ends at a proxy, and TRUSTED_PROXIES is 0: everybody seems to come from the proxy's address."
        yield warn(words, "Set TRUSTED_PROXIES to the number of proxies (usually 1), restart.")
    elif hops and not https:
        words = f"TRUSTED_PROXIES is {hops} without an https PUBLIC_URL: without a proxy anybody can say who they are."
        yield warn(words, "Set TRUSTED_PROXIES=0 where there is no proxy, or PUBLIC_URL to the proxy's address.")
    else:
        yield fine(f"Trusted proxies: {hops}.")


def data_folder(patient: Patient) -> Said:
    """Owner, mode, and what kind of file system it is."""
    folder = patient.settings.data
    found = folder.stat()
    owner, mode = found.st_uid, stat.S_IMODE(found.st_mode)
    if owner != os.geteuid():
        words = f"{folder} belongs to user {owner}, and this runs as user {os.geteuid()}."
        yield warn(
            words, "Run commands as its owner: sudo -u crew env CREW_DATA=… crew …; else files get a wrong owner."
        )
    if mode & (OTHERS | GROUP):
        words = f"{folder} is open to others (mode {mode:o})."
        yield fail(f"{words} Names, photos and keys are in it.", f"chmod 700 {folder}")
    foreign = next((path for path in _main_files(patient) if path.stat().st_uid != owner), None)
    if foreign:
        yield fail(f"{foreign} has another owner than its folder.", f"chown -R --reference={folder} {folder}")
    if not os.access(folder, os.W_OK):
        yield fail(f"{folder} cannot be written to.", "Look for a disk mounted read-only (dmesg), or a wrong owner.")
    yield from _file_system(patient, folder)


def _main_files(patient: Patient) -> list[Path]:
    file = patient.database_file
    names = [file, file.with_name(file.name + ".queue"), file.with_name(file.name + "-wal")] if file else []
    found = [*names, patient.settings.data / "secret_key", patient.settings.photo_store]
    return [path for path in found if path.exists()]


def _file_system(patient: Patient, folder: Path) -> Said:
    file = patient.database_file
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    kind = network_file_system(nearest(file.parent).resolve(), mounts) if file else ""
    if kind:
        words = f"{folder} is on {kind}, a file system over a network: SQLite can lose or damage data there."
        yield fail(words, "Move CREW_DATA to a disk of this machine, or use PostgreSQL (DATABASE_URL).")
    else:
        yield fine(f"{folder}: owner, mode and file system are right.")
