"""The thread that moves photos to the bucket, in each server process; a lock on the spool says which one works."""

import threading

from flask import Flask

from crew_app.evidence.draining import keep_draining
from crew_app.evidence.spool import SpooledStore


def start(app: Flask) -> None:
    """Begin it, where photos are in a bucket."""
    store = app.extensions["crew_store"]
    if isinstance(store, SpooledStore):
        arguments = (store, threading.Event())
        threading.Thread(target=keep_draining, args=arguments, name="crew-drainer", daemon=True).start()
