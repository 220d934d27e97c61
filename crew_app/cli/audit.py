"""`crew audit`: what is wrong with the audit chain, a line each; its heads."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import click
from sqlalchemy import select

from crew_app.core import chain_checks
from crew_app.core.chain_checks import Fault, Head
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.evidence.removing import unexplained
from crew_app.people.models import Site
from crew_app.stock import checks

WORDS = {
    "altered": "the row was altered",
    "deleted": "the row was deleted",
    "missing": "a link is missing",
    "moved": "the link does not follow the one before it",
    "unsealed": "the row has no place in the chain",
    "cut": "the chain ends before what was told to the outside",
    "rewritten": "the chain is another one than what was told to the outside",
}


def problems(heads: Iterable[Head]) -> Iterator[str]:
    """Everything that does not fit, in plain words with the ids to look at; the heads told before are asked too."""
    names = {str(site.id): site.code for site in session.scalars(select(Site))}
    for fault in chain_checks.faults([*chain_checks.told_heads(), *heads]):
        yield _line(fault, names.get(fault.chain, fault.chain))
    for photo in unexplained():
        yield f"photo {photo.id} of {names[str(photo.site_id)]}: it is said to be removed, and no record says by whom"
    for found in checks.breaks():
        yield f"ledger of {found.site_id}, position {found.position}: {found.what} ({found.posting_id or 'no posting'})"


def _line(fault: Fault, name: str) -> str:
    about = f" ({fault.kind} {fault.subject})" if fault.subject else ""
    return f"chain of {name}, position {fault.position}: {WORDS[fault.what]}{about}"


def read_heads(lines: Iterable[str]) -> list[Head]:
    """Heads from a file, one a line, a site by its id or code; empty lines and those with # are left out."""
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    ids = {site.code: str(site.id) for site in session.scalars(select(Site))}
    try:
        found = [chain_checks.read_head(line) for line in wanted]
    except ValueError as error:
        raise click.ClickException(f"This is no head of a chain: {error}") from error
    return [replace(head, chain=ids.get(head.chain, head.chain)) for head in found]


def heads() -> Iterator[str]:
    """How far each chain has come today."""
    yield from map(str, chain_checks.heads_now(now().date()))


def verdict(count: int) -> str:
    """What was looked at, and how it stands."""
    seen = ", ".join(f"{many} {kind}" for kind, many in sorted(chain_checks.summary().items())) + "."
    gone = ", ".join(f"{many} {what}" for what, many in sorted(chain_checks.removed().items()))
    removed = f" Removed under a rule or by hand, with a sealed record: {gone}." if gone else ""
    return f"{seen}{removed} {_told()} " + ("The chain is whole." if not count else f"{count} problems.")


def _told() -> str:
    """Against which heads it was held that this database remembers."""
    told = chain_checks.told_heads()
    if not told:
        return "No heads were told to the outside yet."
    return f"Held against {len(told)} heads told from {told[0].day} to {told[-1].day}."
