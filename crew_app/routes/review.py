"""The supervisor's queue of finished work."""

from flask import Blueprint, render_template

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.tickets import materials, queries
from crew_app.web.access import needs
from crew_app.web.people import person

blueprint = Blueprint("review", __name__, url_prefix="/review")


@blueprint.get("")
@needs(Right.VERIFY)
def index() -> str:
    """The longest waiting job with before and after side by side, and those behind it."""
    queue = queries.to_review(person())
    first = queue[0] if queue else None
    moves = materials.moves_of(first) if first else []
    return render_template("review/index.html", queue=queue, ticket=first, moves=moves, at=now())
