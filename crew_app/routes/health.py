"""Whether the service is alive, and whether it can keep things safe."""

from flask import Blueprint, Response
from sqlalchemy import text

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
    """The database answers and the photo folder can be written to."""
    session.execute(text("SELECT 1"))
    store().check()
    return Response("ready\n", mimetype="text/plain")
