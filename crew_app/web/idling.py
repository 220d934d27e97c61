"""Sign-ins that do nothing end, where the profile of security says so. What phones ask by themselves is no use.

Nothing is done for a request that is no use, nor anywhere where sign-ins may be idle; otherwise one small write in a
fifth of the time that a sign-in may be idle, at most every five minutes, in each process.
"""

from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, current_app, request
from sqlalchemy.exc import OperationalError

from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.people import actions
from crew_app.profiles import Profile
from crew_app.web.people import handing_in, person_or_none, token_hash

LONGEST_PAUSE = timedelta(minutes=5)
REMEMBERED = 10_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BY_ITSELF = frozenset({"phones.contact", "notices.read", "challenges.create", "session.sign_out"})
"""Changes that need nobody's hand, or after which there is no sign-in."""


class Noted:
    """Which sign-ins were noted lately, in this process."""

    def __init__(self, profile: Profile) -> None:
        self.pause = min(LONGEST_PAUSE, profile.idle / 5)
        self._last: dict[str, datetime] = {}
        self._lock = Lock()

    def is_due(self, key: str, at: datetime) -> bool:
        """Whether a use is to be noted now; then it counts as noted."""
        with self._lock:
            if at - self._last.get(key, datetime.min.replace(tzinfo=at.tzinfo)) < self.pause:
                return False
            if len(self._last) > REMEMBERED:
                self._last.clear()
            self._last[key] = at
            return True


def start(app: Flask) -> None:
    """Keep sign-ins alive that are used; only where others end."""
    profile: Profile = app.config["SETTINGS"].profile
    if profile.idle:
        app.extensions["crew_noted"] = Noted(profile)
        app.before_request(_note)


def _note() -> None:
    noted: Noted = current_app.extensions["crew_noted"]
    if not is_use() or person_or_none() is None or handing_in():
        return
    key, at = token_hash(), now()
    if noted.is_due(key, at):
        try:
            with write_transaction():
                actions.keep_alive(key, at)
        except OperationalError:  # the page is worth more than the note
            session.rollback()


def is_use() -> bool:
    """Whether a person has done something: opened a page, pressed something, changed something."""
    if request.method not in SAFE_METHODS:
        return request.endpoint not in BY_ITSELF
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is None:
        return "text/html" in request.headers.get("Accept", "")
    return mode == "navigate" or "HX-Request" in request.headers
