"""Evidence sheets: a job or a round on paper, with everything that lets a reader check it."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, render_template, send_file, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.evidence.darkroom import develop
from crew_app.evidence.models import Photo
from crew_app.evidence.papers import Paper
from crew_app.evidence.printing import printed
from crew_app.evidence.showing import Showing
from crew_app.people.rules import Right
from crew_app.rounds import queries as rounds
from crew_app.tickets import queries
from crew_app.tickets.models import Ticket
from crew_app.web.access import needs
from crew_app.web.people import person
from crew_app.web.proof_sheets import as_file, job_paper
from crew_app.web.round_papers import photos_of, run_paper
from crew_app.web.showing import pictures

blueprint = Blueprint("proof_sheets", __name__)


@blueprint.get("/tickets/<uuid:ticket_id>/evidence-sheet")
@needs(Right.SEE_SITE)
def job(ticket_id: UUID) -> str:
    """The sheet of a job, to be printed from the browser."""
    ticket = _job(ticket_id)
    back = (url_for("tickets.show", ticket_id=ticket.id), ticket.number)
    return _page(job_paper(ticket, by=person(), at=now()), _photos(ticket), "tickets", back)


@blueprint.get("/tickets/<uuid:ticket_id>/evidence-sheet.pdf")
@needs(Right.SEE_SITE)
def job_as_pdf(ticket_id: UUID) -> Response:
    """The same as PDF."""
    ticket, at = _job(ticket_id), now()
    return _pdf(job_paper(ticket, by=person(), at=at), _photos(ticket), at)


@blueprint.get("/rounds/runs/<uuid:run_id>/evidence-sheet")
@needs(Right.SEE_SITE)
def run(run_id: UUID) -> str:
    """The sheet of a round."""
    found = rounds.run(person(), run_id)
    back = (url_for("rounds.show", run_id=found.id), found.number)
    return _page(run_paper(found, by=person(), at=now()), photos_of(found), "rounds", back)


@blueprint.get("/rounds/runs/<uuid:run_id>/evidence-sheet.pdf")
@needs(Right.SEE_SITE)
def run_as_pdf(run_id: UUID) -> Response:
    """The same as PDF."""
    found, at = rounds.run(person(), run_id), now()
    return _pdf(run_paper(found, by=person(), at=at), photos_of(found), at)


def _job(ticket_id: UUID) -> Ticket:
    """A job of a site whose crew the person belongs to: the sheet names everybody who had a hand in it."""
    ticket = queries.whole(person(), ticket_id)
    if not person().can(Right.SEE_SITE, ticket.site_id):
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return ticket


def _photos(ticket: Ticket) -> list[Photo]:
    return [taken.photo for taken in ticket.photos]


def _page(paper: Paper, photos: Sequence[Photo], section: str, back: tuple[str, str]) -> str:
    src = {photo.id: url_for("photos.large", photo_id=photo.id, v=photo.version) for photo in photos}
    codes = {photo.id: url_for("verification.picture", code=photo.code) for photo in photos}
    return render_template("proof_sheets/show.html", paper=paper, src=src, codes=codes, section=section, back=back)


def _pdf(paper: Paper, photos: Sequence[Photo], at: datetime) -> Response:
    data = develop(printed, paper, pictures(photos, Showing.PAPER), at)
    response = send_file(BytesIO(data), "application/pdf", as_attachment=True, download_name=f"{as_file(paper)}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response
