"""People, for the administrator: who is there, roles, shutting out, a new password."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people import actions, queries
from crew_app.people.models import Person, Site
from crew_app.people.passwords import SHORTEST
from crew_app.people.rules import Right, Role, Trade
from crew_app.tickets.forms import text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only
from crew_app.web.people import person

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
@needs(Right.MANAGE_PEOPLE)
def index() -> str:
    """Everybody at the sites one administers."""
    return render_template("people/index.html", people=queries.managed_people(person()), **_choices())


@blueprint.post("")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration, with a password that must not be kept on the phone")
@command
def create() -> Done:
    """Add a person with a temporary password."""
    form = request.form
    site = _site()
    found = actions.add_person(
        form.get("login", ""), text(form, "name"), form.get("password", ""), site, _roles(), _trades(), at=now()
    )
    found.must_change_password = True
    return _done(found, site.id)


@blueprint.get("/<uuid:person_id>")
@needs(Right.MANAGE_PEOPLE)
def show(person_id: UUID) -> str:
    """One person."""
    return render_template("people/show.html", person=queries.managed_person(person(), person_id), **_choices())


@blueprint.post("/<uuid:person_id>/roles")
@needs(Right.MANAGE_PEOPLE)
@command
def set_roles(person_id: UUID) -> Done:
    """Give a person exactly these roles at a site."""
    found, site = _other(person_id), _site()
    actions.set_roles(found, site.id, _roles())
    return _done(found, site.id)


@blueprint.post("/<uuid:person_id>/suspension")
@needs(Right.MANAGE_PEOPLE)
@command
def suspend(person_id: UUID) -> Done:
    """Shut a person out at once."""
    found = _whole(person_id)
    actions.set_active(found, active=False)
    return _done(found)


@blueprint.post("/<uuid:person_id>/reinstatement")
@needs(Right.MANAGE_PEOPLE)
@command
def reinstate(person_id: UUID) -> Done:
    """Let a person in again."""
    found = _whole(person_id)
    actions.set_active(found, active=True)
    return _done(found)


@blueprint.post("/<uuid:person_id>/password")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration, with a password that must not be kept on the phone")
@command
def set_password(person_id: UUID) -> Done:
    """Set a temporary password."""
    found = _whole(person_id)
    actions.set_password(found, request.form.get("password", ""), temporary=True)
    return _done(found)


def _choices() -> dict[str, object]:
    return {
        "sites": queries.sites(person().sites_with(Right.MANAGE_PEOPLE)),
        "roles": list(Role),
        "trades": list(Trade),
        "shortest": SHORTEST,
    }


def _other(person_id: UUID) -> Person:
    """Somebody else: nobody changes their own rights here."""
    if person_id == person().id:
        raise Refused("oneself", N_("You cannot change your own rights here. Ask another administrator."))
    return queries.managed_person(person(), person_id)


def _whole(person_id: UUID) -> Person:
    """Somebody else, with nothing at a site that others administer."""
    return queries.subordinate_person(person(), _other(person_id).id)


def _site() -> Site:
    site = session.get(Site, uuid(request.form, "site_id"))
    if site is None or site.id not in person().sites_with(Right.MANAGE_PEOPLE):
        raise Refused("unknown-site", N_("Please choose a site."))
    return site


def _roles() -> list[Role]:
    return [Role(value) for value in request.form.getlist("roles") if value in set(Role)]


def _trades() -> list[Trade]:
    return [Trade(value) for value in request.form.getlist("trades") if value in set(Trade)]


def _done(found: Person, site_id: UUID | None = None) -> Done:
    return Done(url_for("people.show", person_id=found.id), site_id)
