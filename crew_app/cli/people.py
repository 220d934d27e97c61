"""Adding people from the command line."""

from collections.abc import Sequence

from sqlalchemy import select

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people import actions, queries
from crew_app.people.models import Person, Site
from crew_app.people.rules import Role, Trade
from crew_app.people.tracing import by_command, say
from crew_app.web import proving


def add(
    login: str,
    name: str,
    roles: tuple[str, ...],
    trades: tuple[str, ...],
    site_code: str,
    site_name: str,
    password: str,
) -> str:
    """Add a person, and the site when there is none with that code; returns a line about it."""
    site = _site(site_code, site_name)
    wanted = [_role(role) for role in roles]
    skills = [_trade(trade) for trade in trades]
    person = actions.add_person(login, name, password, site, wanted, skills, at=now())
    return f"{person.login} may sign in now: {', '.join(role.value for role in wanted)} at {site.code}."


def unlock(login: str) -> str:
    """Forget the wrong tries of a person; returns a line about it."""
    person = _person(login)
    proving.unlock(person, by_command())
    return f"{person.login} may try again at once."


def sign_out(login: str) -> str:
    """End all sign-ins of a person, or of everybody when no name is given; returns a line about it."""
    found = [_person(login)] if login else session.scalars(select(Person).order_by(Person.login)).all()
    for person in found:
        say(person, "sign_ins", "yes", "no", by_command())
        actions.end_sessions(person)
    return f"Sign-ins ended of: {login or 'everybody'}."


def _person(login: str) -> Person:
    found = queries.by_login(login)
    if found is None:
        raise Unseen("unknown-person", N_("This person is not known here."))
    return found


def _site(code: str, name: str) -> Site:
    sites = session.scalars(select(Site).order_by(Site.code)).all()
    named = [site for site in sites if site.code == code]
    if named:
        return named[0]
    if not code and len(sites) == 1:
        return sites[0]
    if not code and sites:
        codes = ", ".join(site.code for site in sites)
        raise Refused("site-missing", N_("Please say which site with --site: %(codes)s"), codes=codes)
    return actions.add_site(code or "main", name or code or "本院", name or code or "Main site")


def _role(value: str) -> Role:
    if value not in set(Role):
        raise _unknown(value, list(Role))
    return Role(value)


def _trade(value: str) -> Trade:
    if value not in set(Trade):
        raise _unknown(value, list(Trade))
    return Trade(value)


def _unknown(value: str, choices: Sequence[str]) -> Refused:
    return Refused(
        "unknown-choice", N_("“%(value)s” is not one of: %(choices)s"), value=value, choices=", ".join(choices)
    )
