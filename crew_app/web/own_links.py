"""An account that somebody who is signed in may link to themselves: kept in this browser until they say so."""

from datetime import timedelta
from typing import Any

from flask import session

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.identities import Account
from crew_app.people.identity_models import Provider

_OFFERED = "link"
PATIENCE = timedelta(minutes=10)


def offer(account: Account) -> None:
    """Keep it until it is confirmed; who else's it may be is looked at then."""
    session[_OFFERED] = {
        "p": account.provider.value,
        "i": account.issuer,
        "s": account.subject,
        "l": account.label[:120],
        "n": account.staff_number,
        "at": int(now().timestamp()),
    }


def offered() -> Account:
    """What is offered; `Refused` when nothing is, or too long ago."""
    kept: dict[str, Any] = session.get(_OFFERED) or {}
    try:
        fresh = 0 <= now().timestamp() - kept["at"] < PATIENCE.total_seconds()
        account = Account(Provider(kept["p"]), kept["i"], kept["s"], label=kept["l"], staff_number=kept["n"])
    except (KeyError, ValueError):
        fresh, account = False, None
    if not fresh or account is None:
        raise Refused("nothing-to-link", N_("There is nothing to link here any more. Please start again."))
    return account


def forget() -> None:
    """It was confirmed, or not wanted."""
    session.pop(_OFFERED, None)
