"""Whose token it is, and what it is for."""

from dataclasses import dataclass

from crew_app.api.common import PERSON, both
from crew_app.api.declared import Asked, shows
from crew_app.api.kinds import Choice, Field, Id, Many, Shape, Text
from crew_app.connections.scopes import Scope
from crew_app.core.db import session
from crew_app.people.models import Person, Site
from crew_app.web.tokens import TokenRule, bearer


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks."""

    site: Site
    person: Person
    scopes: list[Scope]


SITE = Shape("Site", (Field("id", Id()), Field("code", Text(20)), *both(), Field("timezone", Text(40))))
ME = Shape(
    "Me",
    (
        Field("site", SITE),
        Field("person", PERSON, "In whose name the token acts"),
        Field("scopes", Many(Choice(Scope)), "What the token is for, within the rights of its person"),
    ),
)


@shows("/me", ME, TokenRule(None, None), about="Whose token this is: its site, its person, its scopes")
def show_me(asked: Asked) -> Me:
    """A good first request."""
    return Me(session.get_one(Site, asked.site_id), asked.me, sorted(bearer().scopes))
