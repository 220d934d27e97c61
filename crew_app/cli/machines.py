"""`crew hosts`: the machines that serve this database, a line each."""

from collections.abc import Iterator

from crew_app.core import hosts
from crew_app.core.clock import now


def lines() -> Iterator[str]:
    """Name, since when it was heard of, what waits on its disk; nothing for SQLite, where there is one."""
    at, found = now(), hosts.known()
    if not found:
        yield "No machine has told anything: there is one only (SQLite), or none was started yet."
    for host in found:
        age = (at - host.seen_at).total_seconds()
        silent = "silent for" if at - host.seen_at > hosts.SILENT else "heard of"
        waits = f", {host.waiting} photos wait on its disk" if host.waiting else ""
        yield f"{host.name} {host.id}: {silent} {age:.0f} s{'' if silent != 'heard of' else ' ago'}{waits}"
