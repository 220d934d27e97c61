"""What the demo hospital has decided about its evidence, and how its finished jobs stand in the queue."""

from datetime import datetime
from decimal import Decimal
from random import Random

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.evidence.rule_models import EvidenceRule
from crew_app.people.models import Site
from crew_app.tickets import risks
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State

SAMPLE = 60
SEED = 7


def stir(now: datetime) -> None:
    """Six in ten of what nothing speaks against are looked at; the same ones every time."""
    for site_id in session.scalars(select(Site.id)):
        session.add(EvidenceRule(site_id=site_id, sample_percent=SAMPLE, costly=Decimal(80)))
    session.flush()
    dice = Random(SEED)  # noqa: S311 - the same every time
    for ticket in session.scalars(select(Ticket).where(Ticket.state == State.FINISHED).order_by(Ticket.number)):
        risks.weigh(ticket, now)
        ticket.sampled = dice.randrange(100) < SAMPLE
