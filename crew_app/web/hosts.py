"""This machine tells the others that it is there, where several may serve one database (PostgreSQL)."""

import fcntl
import logging
import socket
import threading
from datetime import datetime
from uuid import UUID

from flask import Flask, current_app

from crew_app.config import BadSetting, Settings
from crew_app.core import hosts
from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.core.hosts import Held
from crew_app.evidence import removing
from crew_app.evidence.store import Store

EVERY = 30.0
"""Seconds."""
AT_ONCE = 200
_log = logging.getLogger(__name__)


def start(app: Flask) -> None:
    """Begin to tell it again and again; of the processes of this machine one does."""
    with app.app_context():
        several = db.engine.dialect.name == "postgresql"
    if several:
        threading.Thread(target=_keep_speaking, args=(app, threading.Event()), name="crew-host", daemon=True).start()


def _keep_speaking(app: Flask, stop: threading.Event) -> None:
    with (app.config["SETTINGS"].data / "host.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the others wait here until the one that speaks is gone
        forgotten = removing.removals_since(now() - removing.AGAIN)
        while not stop.is_set():
            try:
                with app.app_context():
                    speak(now())
                    forgotten = forget_removed(forgotten)
            except Exception:  # noqa: BLE001 - whatever it is, there is a next time
                _log.exception("This machine could not tell the others that it is there")
            stop.wait(EVERY)


def speak(at: datetime) -> None:
    """Once, as this process sees the machine."""
    settings: Settings = current_app.config["SETTINGS"]
    store: Store = current_app.extensions["crew_store"]
    found = store.waits()
    held = Held(found.files, found.since) if found else Held()
    name, print_ = socket.gethostname(), hosts.key_print(settings.secret_key)
    with write_transaction():
        hosts.speak(hosts.host_id(settings.data), name, print_, held, at)
        hosts.forget_gone(at)
    session.remove()


def forget_removed(last: UUID) -> UUID:
    """Delete here what any machine removed after that removal; the last removal that is done with.

    Without it a picture that was removed while it waited on this disk would still be moved to the bucket.
    """
    store: Store = current_app.extensions["crew_store"]
    found = [
        (removal, photo.sha256, removing.still_needed(photo))
        for removal, photo in removing.removed_after(last, AT_ONCE)
    ]
    session.remove()
    for removal, sha256, needed in found:
        if not needed:
            removing.delete_bytes(sha256, store)
        last = removal
    return last


def refuse_another_key(at: datetime) -> None:
    """`BadSetting` when a machine that serves the same database now has another SECRET_KEY."""
    settings: Settings = current_app.config["SETTINGS"]
    if db.engine.dialect.name != "postgresql":
        return
    print_ = hosts.key_print(settings.secret_key)
    others = hosts.others_with_another_key(hosts.host_id(settings.data), print_, at)
    session.rollback()
    if others:
        raise BadSetting(
            f"SECRET_KEY is another one than that of {', '.join(others)}, which serves the same database now."
            " Give all machines the same SECRET_KEY; to change it, stop all of them for three minutes."
        )
