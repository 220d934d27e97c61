"""`crew check`: both proofs, their results kept for the metrics; administrators are told of what does not fit."""

import os
from collections.abc import Callable, Iterator

import click
from sqlalchemy import select

from crew_app.cli.audit import problems as of_chain
from crew_app.cli.ledger import problems as of_ledger
from crew_app.core import check_results
from crew_app.core.check_results import CHAIN, LEDGER
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.words import N_
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.roster.queries import with_right

CALM = 10
"""How much this gives way to whoever works."""
PROOFS: dict[str, Callable[[], Iterator[str]]] = {LEDGER: of_ledger, CHAIN: lambda: of_chain(())}
WORDS = {
    LEDGER: N_("The stock books do not add up (%(problems)s). Run on the server: crew ledger check"),
    CHAIN: N_("Evidence does not match the audit chain (%(problems)s). Run on the server: crew audit verify"),
}


def run() -> int:
    """Prove everything, one after the other; how many problems there are."""
    os.nice(CALM)
    return sum(_prove(name, problems) for name, problems in PROOFS.items())


def _prove(name: str, problems: Callable[[], Iterator[str]]) -> int:
    with write_transaction():
        check_results.begin(name, now())
    count, first = 0, ""
    for line in problems():
        click.echo(f"{name}: {line}")
        count, first = count + 1, first or line
    session.rollback()
    with write_transaction():
        result = check_results.end(name, now(), count, first)
        if count:
            _tell(name, count)
    click.echo(f"{name}: {count} problems, {result.seconds} s")
    return count


def _tell(name: str, count: int) -> None:
    """Those who keep the evidence of a site hear of it, once a day as long as it lasts."""
    at = now()
    for site in session.scalars(select(Site).order_by(Site.code)):
        message = Message(site.id, Topic.AUDIT, WORDS[name], {"problems": str(count)}, "/evidence-rules", urgent=True)
        tell(with_right(site.id, Right.KEEP_EVIDENCE), message, key=f"check {name} {at.date()} {site.id}", at=at)
