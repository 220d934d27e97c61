"""Which site a page is about, where somebody may see several."""

from collections.abc import Mapping

from crew_app.people import queries as people
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.tickets.forms import optional_uuid
from crew_app.web.people import person


def sites_here(right: Right) -> list[Site]:
    """The sites where the person has a right, the one of their first role first."""
    return people.sites_where(person(), right)


def site_here(right: Right, fields: Mapping[str, str]) -> Site:
    """The site that a form or an address names; else the first at which the person has the right."""
    wanted = optional_uuid(fields, "site_id")
    return people.site_where(person(), right, wanted) if wanted else sites_here(right)[0]
