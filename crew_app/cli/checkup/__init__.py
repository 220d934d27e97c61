"""`crew doctor`: everything that can be wrong with an installation, and what to do."""

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from crew_app import create_app
from crew_app.cli.checkup import database, keeping, machine, setting
from crew_app.cli.checkup.findings import Check, Finding, Health, Patient
from crew_app.config import BadSetting, Settings, read_settings
from crew_app.core.db import db, session

CHECKS: dict[str, Check] = {
    "versions": machine.versions,
    "memory": machine.memory,
    "disks": machine.disks,
    "clock": machine.clock,
    "built": machine.built,
    "secret-key": setting.secret_key,
    "public-url": setting.public_url,
    "proxies": setting.proxies,
    "data-folder": setting.data_folder,
    "certificate": keeping.certificate,
    "integrity": database.integrity,
    "migrations": database.migrations,
    "write-ahead-log": database.log_size,
    "write-queue": database.queue,
    "database-clock": database.clock,
    "time-zones": machine.time_zones,
    "worker": keeping.worker,
    "audit-chain": database.chain,
    "books": database.books,
    "photos": keeping.photos,
    "bucket": keeping.bucket,
    "notices": keeping.notices,
    "webhooks": keeping.webhooks,
    "backups": keeping.backups,
}
"""In the order in which they are said: what others rest on comes first."""

_NOBODYS = secrets.token_hex(32)
"""Stands for a key that is missing: reading the settings would make one."""


def examine(*, deep: bool, backups: Path | None = None) -> list[Finding]:
    """Everything that was found; changes nothing, makes nothing."""
    data = Path(os.environ.get("CREW_DATA") or "data").expanduser().resolve()
    if not data.is_dir():
        step = "Set CREW_DATA to the folder of the installation, as in its unit file (`systemctl cat crew`)."
        return [Finding("settings", Health.FAIL, f"There is no installation in {data}.", step)]
    made_up = {} if os.environ.get("SECRET_KEY") or (data / "secret_key").exists() else {"SECRET_KEY": _NOBODYS}
    try:
        settings = read_settings({**os.environ, **made_up})
    except (BadSetting, OSError) as error:
        step = "Set it right in the unit file (`systemctl edit crew`) and restart."
        return [Finding("settings", Health.FAIL, str(error), step)]
    first = Finding("settings", Health.OK, "All settings can be read.")
    if made_up:
        step = "Bring it back from a backup, or start the service: a new one is made, and everybody signs in again."
        first = Finding("settings", Health.FAIL, f"{data / 'secret_key'} is missing.", step)
    return [first, *_look(settings, deep=deep, backups=backups)]


def _look(settings: Settings, *, deep: bool, backups: Path | None) -> Iterator[Finding]:
    app = create_app(settings)
    patient = Patient(settings, app, deep, backups)
    file = patient.database_file
    if file and not file.exists():
        yield Finding("integrity", Health.FAIL, f"There is no database {file}.", database.RESTORE)
        return
    with app.app_context():
        for name, check in CHECKS.items():
            yield from _checked(name, check, patient)
        db.engine.dispose()


def _checked(name: str, check: Check, patient: Patient) -> Iterator[Finding]:
    """One check; when it breaks, that is a finding, and the others go on."""
    try:
        for health, words, step in check(patient):
            yield Finding(name, health, words, step)
    except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody
        words = f"This could not be looked at: {str(error).partition(chr(10))[0]}"
        yield Finding(name, Health.FAIL, words, "Look at the findings above first; then at the log.")
    finally:
        session.remove()


def lines(found: list[Finding], *, as_json: bool) -> Iterator[str]:
    """For people a line each and what to do below it; for programs JSON."""
    if as_json:
        rows = [{"check": one.check, "health": one.health, "words": one.words, "step": one.step} for one in found]
        yield json.dumps({"failed": any(one.failed for one in found), "findings": rows}, ensure_ascii=False, indent=1)
        return
    for one in found:
        yield f"{one.health:<5}{one.check}: {one.words}"
        if one.step:
            yield f"     → {one.step}"
    counted = {health: sum(one.health is health for one in found) for health in Health}
    yield ", ".join(f"{many} {health}" for health, many in counted.items())
