"""Sites (院区): made and changed by whoever administers every one of them."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from zoneinfo import available_timezones

from sqlalchemy.exc import IntegrityError

from crew_app.core.changes import NEW, Trace, note, put
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people import queries
from crew_app.people.models import Membership, Person, Site
from crew_app.people.rules import Right, Role

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
LONGEST = 80


@dataclass(frozen=True, slots=True)
class SiteForm:
    """What a site is to be."""

    name: str
    name_en: str
    timezone: str


def parse(form: Mapping[str, str]) -> SiteForm:
    """Read the form of a site."""
    name, name_en = form.get("name", "").strip(), form.get("name_en", "").strip()
    if not 0 < len(name) <= LONGEST or len(name_en) > LONGEST:
        raise Refused("name-missing", N_("Please give a name of at most 80 characters."))
    zone = form.get("timezone", "Asia/Shanghai")
    if zone not in available_timezones():
        raise Refused("zone", N_("Please choose a time zone."))
    return SiteForm(name, name_en, zone)


def make(code: str, wanted: SiteForm, *, by: Person, at: Moment) -> Site:
    """Add a site; whoever adds it administers it. `Refused` ("site-taken") when the code is in use."""
    if not queries.everywhere(by, Right.CONFIGURE):
        raise Forbidden("may-not", N_("Only somebody who administers every site may add another one."))
    if not CODE.fullmatch(code):
        raise Refused("site-code", N_("Please give a code of small letters, digits and dashes, for example north."))
    site = Site(code=code, write_off_limit=Decimal(500), **asdict(wanted))
    session.add(site)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("site-taken", N_("There is a site with this code already. Please take another code.")) from error
    session.add(Membership(person_id=by.id, site_id=site.id, role=Role.ADMINISTRATOR))
    note(site, NEW, None, code, Trace(by.id, at.at))
    session.flush()
    return site


def change(site: Site, wanted: SiteForm, *, by: Person, at: Moment) -> None:
    """Change a site's names and zone; what was recorded keeps its moments."""
    if not by.can(Right.CONFIGURE, site.id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
    put(site, asdict(wanted), Trace(by.id, at.at))
    session.flush()
