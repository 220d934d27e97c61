"""Which accounts have which roles, who needs a second factor, whether the provider answers, who has linked what."""

from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.errors import CrewError, Refused
from crew_app.core.words import N_
from crew_app.people import account_rules, identities, queries, records, second_factors
from crew_app.people.identity_models import Provider
from crew_app.people.limits import profile as settings_profile
from crew_app.people.models import Site
from crew_app.people.record_models import AccessRecord, What
from crew_app.people.rules import Right, Role
from crew_app.profiles import differences
from crew_app.routes.people import ADMINISTRATION, change_trace
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, without_receipt
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.filters import label
from crew_app.web.houses import oidc_provider, passkeys_possible, wecom_house
from crew_app.web.languages import named, translate
from crew_app.web.people import person
from crew_app.web.qr import public_address
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet
from crew_app.web.sign_ins import how_words

blueprint = Blueprint("account_rules", __name__, url_prefix="/admin/sign-in")


@blueprint.get("")
@needs(Right.MANAGE_PEOPLE)
def index() -> str:
    """All of it on one page."""
    return _page({})


@blueprint.post("/trial")
@needs(Right.MANAGE_PEOPLE)
@online_only("a look at the provider, now")
@without_receipt("changes nothing")
def try_out() -> str:
    """Ask the provider now, and show what it says."""
    which = request.form.get("provider", "")
    try:
        said = wecom_house().describe() if which == Provider.WECOM else oidc_provider().describe()
    except CrewError as error:
        return _page({"provider": which, "error": translate(error.message, **error.params)})
    return _page({"provider": which, "said": said})


@blueprint.post("/rules")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def add() -> Done:
    """Make a rule."""
    form, site = request.form, _site()
    provider, role = text(form, "provider"), text(form, "role")
    if provider not in set(Provider) or role not in set(Role):
        raise Refused("roles-missing", N_("Please choose a role."))
    trace = change_trace()
    account_rules.add(Provider(provider), text(form, "claim"), text(form, "value"), site.id, Role(role), trace)
    return _done(site.id)


@blueprint.post("/rules/<uuid:rule_id>/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def remove(rule_id: UUID) -> Done:
    """Take a rule away."""
    rule = account_rules.rule_at(person(), rule_id)
    account_rules.remove(rule, change_trace())
    return _done()


@blueprint.post("/second-factor")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def want() -> Done:
    """Say which roles of a site need a second factor."""
    site = _site()
    roles = [Role(one) for one in request.form.getlist("roles") if one in set(Role)]
    second_factors.want(site.id, roles, change_trace(), site.name)
    return _done(site.id)


def _page(trial: dict[str, object]) -> str:
    me, settings = person(), current_app.config["SETTINGS"]
    sites = queries.sites(me.sites_with(Right.MANAGE_PEOPLE))
    links = identities.linked(me, optional_uuid(request.args, "after"))
    return render_template(
        "account_rules/index.html",
        oidc=settings.oidc,
        wecom=settings.wecom,
        settings=settings,
        back=[public_address(url_for(f"sign_in_ways.{name}_back")) for name in ("oidc", "wecom")],
        trial=trial,
        possible=passkeys_possible(),
        rules=account_rules.rules_at(me),
        wanted=second_factors.wanted_at(site.id for site in sites),
        links=links,
        more=links[-1].id if len(links) == identities.PAGE else None,
        sites=sites,
        roles=list(Role),
        providers=list(Provider),
        profile=settings.profile,
        factor_roles=[role for role in Role if role in settings.profile.factor_roles],
        stricter=differences(settings.profile),
    )


@blueprint.get("/record")
@needs(Right.MANAGE_PEOPLE)
def record() -> str:
    """Who came in, who was refused, whose access changed, who took data out."""
    me, wanted = person(), _wanted()
    found = records.records(me, wanted, cursor(request.args.get("after", "")))
    return render_template(
        "account_rules/record.html",
        found=found,
        wanted=wanted,
        kinds=list(What),
        people=queries.managed_people(me),
        days=settings_profile().record_days,
        how_words=how_words,
        more=cursor_of(found[-1].at, found[-1].id) if len(found) == records.PAGE else None,
    )


@blueprint.get("/record.xlsx")
@needs(Right.MANAGE_PEOPLE)
def record_sheet() -> Response:
    """The same as a spreadsheet, all of it."""
    me, wanted = person(), _wanted()
    columns = [
        *(Column(gettext("Time"), 18, Format.TIME), Column(gettext("What"), 16), Column(gettext("Log-in name"), 18)),
        *(Column(gettext("Name"), 14), Column(gettext("By whom"), 14), Column(gettext("How"), 14)),
        *(Column(gettext("More exactly"), 40), Column(gettext("Address"), 18), Column(gettext("Browser"), 40)),
    ]
    found = in_pages(lambda after: records.records(me, wanted, after), lambda one: (one.at, one.id))
    return sheet(gettext("Who came in"), columns, map(_row, found))


def _row(one: AccessRecord) -> list[Value]:
    people = [named(person) if person else "" for person in (one.person, one.by)]
    return [one.at, label(one.what), one.login, *people, how_words(one.how), one.detail, one.address, one.browser]


def _wanted() -> records.Wanted:
    what = request.args.get("what", "")
    return records.Wanted(What(what) if what in set(What) else None, optional_uuid(request.args, "person_id"))


def _site() -> Site:
    return queries.site_where(person(), Right.MANAGE_PEOPLE, uuid(request.form, "site_id"))


def _done(site_id: UUID | None = None) -> Done:
    return Done(url_for("account_rules.index"), site_id)
