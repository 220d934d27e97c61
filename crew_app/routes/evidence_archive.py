"""The archive: a month of evidence as one file that can be checked without this software."""

from flask import Blueprint, Response, render_template, request, stream_with_context

from crew_app.core.clock import now
from crew_app.people.queries import sites_where
from crew_app.people.rules import Right
from crew_app.web.access import needs
from crew_app.web.archive import month_of, months, site_of
from crew_app.web.archiving import Order, archive
from crew_app.web.languages import named
from crew_app.web.people import person

blueprint = Blueprint("evidence_archive", __name__, url_prefix="/evidence-archive")


@blueprint.get("")
@needs(Right.VERIFY)
def index() -> str:
    """The months of a site, with how much there is of each."""
    me = person()
    site = site_of(me, request.args.get("site", "")[:20])
    links = [
        (f"/evidence-archive?site={one.code}", named(one), one.id == site.id) for one in sites_where(me, Right.VERIFY)
    ]
    return render_template("evidence_archive/index.html", site=site, sites=links, months=months(site, now()))


@blueprint.get("/download")
@needs(Right.VERIFY)
def download() -> Response:
    """The archive of a month, made while it is sent. Each original in it is logged as fetched."""
    me, first = person(), month_of(request.args.get("month", ""))
    site = site_of(me, request.args.get("site", "")[:20])
    order = Order(site.id, first, me.id, now())
    response = Response(stream_with_context(archive(order)), mimetype="application/zip")
    name = f"evidence-{site.code}-{first:%Y-%m}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
