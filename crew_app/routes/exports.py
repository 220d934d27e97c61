"""Everything one has, as one file."""

from flask import Blueprint, Response, render_template, request, stream_with_context

from crew_app.core.clock import now
from crew_app.exports.tables import plans
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.tickets.forms import optional_uuid
from crew_app.web.access import needs
from crew_app.web.dumping import Wanted, dump
from crew_app.web.people import person

blueprint = Blueprint("exports", __name__, url_prefix="/admin/dump")


@blueprint.get("")
@needs(Right.IMPORT)
def index() -> str:
    """What is in it, and where it is fetched."""
    here = sites.sites(person(), Right.IMPORT)
    return render_template("exports/index.html", sites=here, tables=len(plans()))


@blueprint.get("/download")
@needs(Right.IMPORT)
def download() -> Response:
    """The file, made while it is sent. Each original photo in it is logged as fetched."""
    me, asked = person(), request.args
    chosen = optional_uuid(asked, "site_id")
    here = [sites.site(me, Right.IMPORT, chosen)] if chosen else sites.sites(me, Right.IMPORT)
    form = "csv" if asked.get("form") == "csv" else "jsonl"
    wanted = Wanted(tuple(one.id for one in here), me.id, now(), form, "photos" in asked)
    name = f"crew-{'-'.join(one.code for one in here)[:60]}-{wanted.at:%Y%m%d-%H%M}.zip"
    response = Response(stream_with_context(dump(wanted)), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
