"""Changing the list of job kinds, which all sites share: only for whoever looks after every one of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crew_app.core.changes import NEW, Trace, note, put
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people import queries as people
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.tickets.forms import text
from crew_app.tickets.models import JobKind
from crew_app.tickets.rules import Priority

CODE = re.compile(r"[a-z][a-z0-9_-]{0,29}")
LONGEST_NAME = 60
ICONS = (
    *("wrench", "lightbulb", "plug", "zap-off", "droplets", "toilet", "shower-head", "waves", "lock-keyhole"),
    *("door-open", "armchair", "bed", "blinds", "bell-ring", "fan", "air-vent", "wind", "heater", "gauge"),
    *("lamp", "microwave", "paint-roller", "arrow-up-down", "fire-extinguisher", "alarm-smoke", "siren", "move"),
    *("footprints", "truck", "monitor", "box"),
)
"""What a kind may be shown with."""


@dataclass(frozen=True, slots=True)
class KindForm:
    """What a kind is to be."""

    name: str
    name_en: str
    trade: Trade
    priority: int
    icon: str
    offered: bool


def all_kinds() -> Sequence[JobKind]:
    """All kinds, those that are offered first, in the order in which reporters see them."""
    order = (JobKind.offered.desc(), JobKind.position, JobKind.code)
    return session.scalars(select(JobKind).order_by(*order)).all()


def kind(kind_id: UUID) -> JobKind:
    """One kind."""
    found = session.get(JobKind, kind_id)
    if found is None:
        raise Unseen("unknown-kind", N_("This kind of job is not known."))
    return found


def may_change(person: Person) -> bool:
    """Whether somebody looks after every site: what all sites share is not one site's to change."""
    return people.everywhere(person, Right.CONFIGURE)


def parse(form: Mapping[str, str]) -> KindForm:
    """Read the form of a kind; `Refused` where something is missing."""
    name, trade, typed = text(form, "name"), form.get("trade", ""), form.get("priority", "")
    if not name or len(name) > LONGEST_NAME:
        raise Refused("name-missing", N_("Please give a name of at most 60 characters."))
    if trade not in set(Trade) or typed not in {str(one.value) for one in Priority}:
        raise Refused("kind-incomplete", N_("Please choose who does it, and how urgent it usually is."))
    icon = form.get("icon", "")
    return KindForm(
        name=name,
        name_en=text(form, "name_en")[:LONGEST_NAME],
        trade=Trade(trade),
        priority=int(typed),
        icon=icon if icon in ICONS else ICONS[0],
        offered=form.get("offered") == "1",
    )


def make(code: str, wanted: KindForm, *, by: Person, at: Moment) -> JobKind:
    """Add a kind at the end of the list; `Refused` ("kind-taken") when the code is in use."""
    _need(by)
    if not CODE.fullmatch(code):
        raise Refused("kind-code", N_("Please give a code of small letters and digits, for example lamp."))
    last = session.scalar(select(func.max(JobKind.position)).where(JobKind.offered)) or 0
    found = JobKind(code=code, position=last + 1, **asdict(wanted))
    session.add(found)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("kind-taken", N_("There is a kind with this code already. Please take another code.")) from error
    note(found, NEW, None, found.code, Trace(by.id, at.at))
    return found


def change(found: JobKind, wanted: KindForm, *, by: Person, at: Moment) -> None:
    """Change a kind; jobs that are there already keep what they were given."""
    _need(by)
    put(found, asdict(wanted), Trace(by.id, at.at))
    session.flush()


def move(found: JobKind, *, up: bool, by: Person, at: Moment) -> None:
    """Let a kind change places with its neighbour in the list; at an end nothing happens."""
    _need(by)
    here = [one for one in all_kinds() if one.offered == found.offered]
    place = here.index(found)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(here):
        return
    here[place], here[other] = here[other], here[place]
    moved = (found, here[place])
    for position, one in enumerate(here, start=1):
        if one in moved:
            put(one, {"position": position}, Trace(by.id, at.at))
        else:
            one.position = position
    session.flush()


def _need(by: Person) -> None:
    if not may_change(by):
        words = N_("All sites share this list. Only somebody who administers every site may change it.")
        raise Refused("shared-list", words)
