"""What is shown once: a secret that was just made goes to the next page in the signed cookie, and is gone then."""

from flask import g, session

_PREFIX = "once-"


def show_next(name: str, value: str) -> None:
    """Let the next page that asks for it show this."""
    session[_PREFIX + name] = value


def shown_now(name: str) -> str:
    """What is to be shown, this time and never again; mostly nothing. Phones keep no copy of such a page."""
    found = str(session.pop(_PREFIX + name, ""))
    g.shows_once = bool(found)
    return found
