"""Capture challenges for a phone's purse."""

from flask import Blueprint, Response, current_app, jsonify

from crew_app.core.clock import now
from crew_app.evidence.challenges import give
from crew_app.web.access import signed_in
from crew_app.web.people import person

AT_ONCE = 20

blueprint = Blueprint("challenges", __name__, url_prefix="/photos/challenges")


@blueprint.get("")
@signed_in
def index() -> Response:
    """Fresh ones for whoever asks, each good for one picture; nothing is written down."""
    key, at = str(current_app.config["SECRET_KEY"]), now()
    response = jsonify([give(person().id, key, at) for _ in range(AT_ONCE)])
    response.headers["Cache-Control"] = "no-store"
    response.headers["Crew-Person"] = str(person().id)
    return response
