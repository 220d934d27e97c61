"""Looking at photos: the worker's turn, what photos belong to, and what flags say of them in words."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask import Flask, g

from crew_app.config import Settings
from crew_app.evidence import flagging, looking
from crew_app.evidence.proof_models import PhotoFlag
from crew_app.rounds import looking as rounds
from crew_app.tickets import looking as tickets
from crew_app.web.belongings import Belonging, belongings
from crew_app.web.people import person_or_none
from crew_app.web.pictures import store


def start(app: Flask) -> None:
    """Say what photos belong to, and let templates ask."""
    looking.SOURCES[:] = [tickets.belongings, rounds.belongings]
    app.jinja_env.globals.update(captions_of=captions_of, may_judge=may_judge)


def look(_settings: Settings, at: datetime) -> int:
    """Look at photos that have arrived; how many were looked at."""
    return looking.tick(store(), at)


def may_judge(flag: PhotoFlag) -> bool:
    """Whether who is signed in may say what is behind a flag."""
    me = person_or_none()
    return me is not None and flagging.may_judge(me, flag)


def captions_of(flags: Iterable[PhotoFlag]) -> dict[UUID, Belonging]:
    """What the two pictures of each flag belong to; asked once a request for each, and at once for a whole list."""
    known: dict[UUID, Belonging] = g.setdefault("captions", {})
    photos = [photo for flag in flags for photo in (flag.photo, flag.other) if photo and photo.id not in known]
    known.update(belongings(photos))
    return known
