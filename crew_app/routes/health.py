"""Whether the service is alive, and whether it can keep things safe; how the worker is."""

from flask import Blueprint, Response, current_app
from sqlalchemy import text

from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.web.access import public
from crew_app.web.pictures import store

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """The database answers and the photo folder can be written to.

    A worker that is silent is said, and no reason to take a server out of service that answers.
    """
    session.execute(text("SELECT 1"))
    store().check()
    worker = _worker()
    lines = ["degraded" if worker.startswith("silent") else "ready"]
    lines += [f"worker: {worker}"] if worker else []
    lines += _photos()
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


def _photos() -> list[str]:
    """What waits for the bucket, where photos are in one: no reason for anything as long as this disk has room."""
    waits = store().waits()
    if waits is None:
        return []
    age = f", the oldest for {(now() - waits.since).total_seconds():.0f} s" if waits.since else ""
    return [f"photos waiting: {waits.files}{age}"]


def _worker() -> str:
    """Since when the worker was not heard of; nothing where there never was one and none is expected."""
    found, at = heartbeat.last_beat(), now()
    if found is None:
        return "not heard of yet" if current_app.config["SETTINGS"].scheduler else ""
    words = f"{abs(at - found.at).total_seconds():.0f} s ago"
    return f"silent, last heard of {words}" if heartbeat.silent(found, at) else f"alive, {words}"
