"""Reports by people without an account: from a tag, followed by a secret link."""

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.ids import new_secret, secret_hash
from crew_app.core.words import N_
from crew_app.places import queries as places
from crew_app.tickets import actions, forms, queries
from crew_app.web.access import public
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment

blueprint = Blueprint("reports", __name__)


@blueprint.post("/t/<code>/reports")
@public
@online_only("a stranger has no outbox: the page works in any browser")
@command
def create(code: str) -> Done:
    """Report a fault at a tag; the answer is a secret link to follow it."""
    tag = places.current(places.tag(code))
    job_kind = queries.job_kind(request.form.get("job_kind", ""))
    if job_kind is None or tag.retired_at:
        raise Refused("job-kind-missing", N_("Please choose what is wrong."))
    actions.refuse_flood(tag.where, this_moment())
    secret = new_secret()
    report = actions.Report(
        forms.uuid(request.form, "ticket_id"),
        tag.where,
        job_kind,
        tag.asset,
        forms.text(request.form, "description"),
        reporter_name=forms.text(request.form, "reporter_name")[:60],
        follow_hash=secret_hash(secret),
    )
    ticket = actions.open_ticket(report, by=None, at=this_moment())
    return Done(url_for("reports.show", secret=secret), ticket.site_id, 201)


@blueprint.get("/r/<secret>")
@public
def show(secret: str) -> str:
    """How a report stands."""
    ticket = queries.followed(secret)
    return render_template("reports/show.html", ticket=ticket, at=now())
