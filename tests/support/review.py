"""Finished jobs as the queue of a supervisor finds them."""

from uuid import UUID

from crew_app.core.db import session, write_transaction
from crew_app.evidence.rule_models import EvidenceRule
from crew_app.tickets.models import Ticket
from crew_app.tickets.review_models import TicketRisk


def not_drawn(app, *ticket_ids):
    """Nothing speaks against these jobs, and chance did not pick them."""
    with app.app_context(), write_transaction():
        for ticket_id in ticket_ids:
            ticket = session.get_one(Ticket, UUID(str(ticket_id)))
            ticket.risk, ticket.sampled = 0, False
            session.query(TicketRisk).filter_by(ticket_id=ticket.id).delete()


def queued(page):
    """The ids of the jobs in the queue of a page, in order."""
    shown = page.html.split('id="queue"', 1)[-1].split("</ol>", 1)[0]
    return [UUID(part[:36]) for part in shown.split("/review?job=")[1:]]


def set_rule(app, world, **values):
    """What the northern site decided."""
    with app.app_context(), write_transaction():
        session.merge(EvidenceRule(site_id=world.sites["north"], **values))


def risks_of(app, ticket_id):
    """What speaks for a closer look at a job."""
    with app.app_context():
        query = session.query(TicketRisk.reason).filter_by(ticket_id=UUID(str(ticket_id)))
        return {reason.value for (reason,) in query}
