"""What the administrator looks after, on one page, and every change of it."""

from flask import Blueprint, render_template

from crew_app.web.access import signed_in
from crew_app.web.office import doors
from crew_app.web.people import person

blueprint = Blueprint("administration", __name__, url_prefix="/admin")


@blueprint.get("")
@signed_in
def index() -> str:
    """The doors of the office that one may open."""
    return render_template("administration/index.html", groups=doors(person()))
