"""The camera page."""

from flask import Blueprint, render_template

from crew_app.web.access import signed_in

blueprint = Blueprint("scan", __name__)


@blueprint.get("/scan")
@signed_in
def show() -> str:
    """Scan a tag, type its code, or choose a picture of it."""
    return render_template("scan/show.html")
