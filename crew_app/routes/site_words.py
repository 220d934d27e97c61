"""A site's own words."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask_babel import force_locale, gettext

from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.places import site_words
from crew_app.places.site_words import Both
from crew_app.registers import sites
from crew_app.tickets.forms import text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.own_words import GROUPS
from crew_app.web.people import person

blueprint = Blueprint("site_words", __name__, url_prefix="/admin/words")
HEADINGS = {
    "role": N_("Roles"),
    "trade": N_("Trades"),
    "kind": N_("Sorts of work"),
    "priority": N_("Urgency"),
    "hold": N_("Reasons to wait"),
    "care": N_("Surroundings"),
}


@blueprint.get("")
@needs(Right.CONFIGURE)
def index() -> str:
    """The software's words beside the site's own."""
    site = _site(request.args)
    return render_template(
        "site_words/index.html",
        site=site,
        sites=sites.sites(person(), Right.CONFIGURE),
        headings={key: gettext(words) for key, words in HEADINGS.items()},
        groups=_usual(),
        own=site_words.words_of(site.id),
        longest=site_words.LONGEST,
    )


@blueprint.post("")
@needs(Right.CONFIGURE)
@online_only("settings of a whole site; they must not arrive from a phone some days later")
@command
def put() -> Done:
    """Set the words of a site."""
    site = _site(request.form)
    usual = {key: both for group in _usual().values() for key, both in group}
    wanted = {key: _typed(key, both) for key, both in usual.items() if f"zh-{key}" in request.form}
    names = {key: zh for key, (zh, _en) in usual.items()}
    site_words.put(site.id, wanted, names, by=person(), at=this_moment())
    return Done(url_for("site_words.index", site_id=site.id), site.id)


def _typed(key: str, usual: Both) -> Both:
    """What was typed; the software's own word typed again is none of the site's own."""
    zh, en = text(request.form, f"zh-{key}"), text(request.form, f"en-{key}")
    return ("" if zh == usual[0] else zh, "" if en == usual[1] else en)


def _usual() -> dict[str, list[tuple[str, Both]]]:
    """The software's own words in both languages, by group: key, Chinese, English."""
    found: dict[str, list[tuple[str, Both]]] = {}
    for group, labels in GROUPS:
        with force_locale("zh_Hans_CN"):
            chinese = {member: gettext(words) for member, words in labels.items()}
        found[group] = [(f"{group}.{member.value}", (chinese[member], words)) for member, words in labels.items()]
    return found


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.CONFIGURE, fields)
