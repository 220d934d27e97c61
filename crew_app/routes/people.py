"""People, for the administrator: who is there, one or many at once; names, roles, shutting out, a new password."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.changes import Trace
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people import actions, administering, directory, identities, passkeys, queries, second_factors, time_codes
from crew_app.people.administering import Details
from crew_app.people.limits import profile
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right, Role, Trade
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web import sign_ins
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.people import person

blueprint = Blueprint("people", __name__, url_prefix="/people")
ADMINISTRATION = "administration; both values are looked at before"


@blueprint.get("")
@needs(Right.MANAGE_PEOPLE)
def index() -> str:
    """Everybody at the sites one administers, as they are looked for."""
    asked = directory.wanted(request.args, optional_uuid(request.args, "site_id"))
    found, after = directory.page(person(), asked, request.args.get("after", "")[:60])
    kept = {name: value for name, value in request.args.items() if value and name != "after"}
    return render_template(
        "people/index.html",
        people=found,
        count=directory.count(person(), asked),
        asked=asked,
        more=f"{url_for('people.index')}?{urlencode({**kept, 'after': after})}" if after else "",
        **_choices(),
    )


@blueprint.post("")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration, with a password that must not be kept on the phone")
@command
def create() -> Done:
    """Add a person with a temporary password."""
    form, site = request.form, _site()
    login, password = form.get("login", ""), form.get("password", "")
    found = actions.add_person(
        login, text(form, "name"), password, site, _roles(), _trades(), at=now(), trace=change_trace()
    )
    found.must_change_password = True
    if text(form, "staff_number"):
        details = Details(found.login, found.name, "", text(form, "staff_number"), found.trade_set)
        administering.describe(found, details, change_trace(), site.id)
    return done(found, site.id)


@blueprint.get("/<uuid:person_id>")
@needs(Right.MANAGE_PEOPLE)
def show(person_id: UUID) -> str:
    """One person."""
    found = queries.managed_person(person(), person_id)
    return render_template(
        "people/show.html",
        person=found,
        whole=found.site_ids <= person().sites_with(Right.MANAGE_PEOPLE),
        links=identities.of(found),
        factors=second_factors.factors_of(found),
        wanted=second_factors.is_wanted(found),
        spares=time_codes.spares_left(found.id),
        keys=passkeys.of(found),
        sign_ins=sign_ins.of(found),
        **_choices(),
    )


@blueprint.post("/<uuid:person_id>/details")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def describe(person_id: UUID) -> Done:
    """Change names, log-in name, staff number and trades."""
    found, form = whole(person_id), request.form
    details = Details(
        text(form, "login"), text(form, "name"), text(form, "name_en"), text(form, "staff_number"), frozenset(_trades())
    )
    administering.describe(found, details, change_trace())
    return done(found)


@blueprint.post("/<uuid:person_id>/roles")
@needs(Right.MANAGE_PEOPLE)
@command
def set_roles(person_id: UUID) -> Done:
    """Give a person exactly these roles at a site."""
    found, site = other(person_id), _site()
    actions.set_roles(found, site.id, _roles(), change_trace())
    return done(found, site.id)


@blueprint.post("/<uuid:person_id>/suspension")
@needs(Right.MANAGE_PEOPLE)
@command
def suspend(person_id: UUID) -> Done:
    """Shut a person out at once."""
    found = whole(person_id)
    actions.set_active(found, active=False, trace=change_trace())
    return done(found)


@blueprint.post("/<uuid:person_id>/reinstatement")
@needs(Right.MANAGE_PEOPLE)
@command
def reinstate(person_id: UUID) -> Done:
    """Let a person in again."""
    found = whole(person_id)
    actions.set_active(found, active=True, trace=change_trace())
    return done(found)


@blueprint.post("/<uuid:person_id>/password")
@needs(Right.MANAGE_PEOPLE)
@online_only("administration, with a password that must not be kept on the phone")
@command
def set_password(person_id: UUID) -> Done:
    """Set a temporary password."""
    found = whole(person_id)
    actions.set_password(found, request.form.get("password", ""), temporary=True, trace=change_trace())
    return done(found)


@blueprint.post("/chosen/roles")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def change_roles() -> Done:
    """Give many people a role at a site, or take it."""
    site, role = _site(), request.form.get("role", "")
    if role not in set(Role):
        raise Refused("roles-missing", N_("Please choose a role."))
    verb = administering.take_role if request.form.get("verb") == "take" else administering.give_role
    verb(_chosen(), site.id, Role(role), change_trace())
    return Done(url_for("people.index"), site.id)


@blueprint.post("/chosen/suspension")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def suspend_chosen() -> Done:
    """Shut many people out at once."""
    administering.shut_out(person(), _chosen(), change_trace())
    return Done(url_for("people.index"))


def _chosen() -> list[Person]:
    ids = [uuid({"people": one}, "people") for one in request.form.getlist("people")]
    return administering.chosen(person(), ids)


def _choices() -> dict[str, object]:
    return {
        "sites": queries.sites(person().sites_with(Right.MANAGE_PEOPLE)),
        "roles": list(Role),
        "trades": list(Trade),
        "shortest": profile().shortest,
    }


def other(person_id: UUID) -> Person:
    """Somebody else: nobody changes their own rights here."""
    if person_id == person().id:
        raise Refused("oneself", N_("You cannot change your own rights here. Ask another administrator."))
    return queries.managed_person(person(), person_id)


def whole(person_id: UUID) -> Person:
    """Somebody else, with nothing at a site that others administer."""
    return queries.subordinate_person(person(), other(person_id).id)


def change_trace() -> Trace:
    """Who changes something in this request, and when it was made."""
    return Trace(person().id, this_moment().at)


def done(found: Person, site_id: UUID | None = None) -> Done:
    """Back to the person's page."""
    return Done(url_for("people.show", person_id=found.id), site_id)


def _site() -> Site:
    site = session.get(Site, uuid(request.form, "site_id"))
    if site is None or site.id not in person().sites_with(Right.MANAGE_PEOPLE):
        raise Refused("unknown-site", N_("Please choose a site."))
    return site


def _roles() -> list[Role]:
    return [Role(value) for value in request.form.getlist("roles") if value in set(Role)]


def _trades() -> list[Trade]:
    return [Trade(value) for value in request.form.getlist("trades") if value in set(Trade)]
