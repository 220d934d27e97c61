"""What a site decides about its evidence, with what it would do tonight and all that was changed."""

from collections.abc import Mapping
from decimal import Decimal

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.words import N_
from crew_app.evidence import faces, site_rules
from crew_app.evidence.rule_models import EvidenceKind
from crew_app.evidence.site_rules import FOR_GOOD, KEPT_PREFIX, LONGEST, LONGEST_POSITION, SHORTEST, Wish
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.storeroom.forms import price
from crew_app.trips.forms import whole
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.filters import label
from crew_app.web.people import person
from crew_app.web.photo_kinds import MOST_COUNTED, count_due

blueprint = Blueprint("evidence_rules", __name__, url_prefix="/evidence-rules")
WORDS = {
    "position_days": N_("Days for positions"),
    "blur_faces": N_("Blur faces by itself"),
    "sample_percent": N_("Share of finished work that is looked at, in percent"),
    "costly": N_("A job is costly from, in yuan"),
}
VALUES = {"yes": N_("yes"), "no": N_("no"), FOR_GOOD: N_("for good")}


@blueprint.get("")
@needs(Right.KEEP_EVIDENCE)
def index() -> str:
    """The rules of a site, and what each means."""
    site, at = _site(request.args), now()
    days = site_rules.retentions(site.id)
    tried = _tried(request.args)
    return render_template(
        "evidence_rules/index.html",
        site=site,
        sites=sites.sites(person(), Right.KEEP_EVIDENCE),
        rule=site_rules.rule_of(site.id),
        kinds=[(kind, days.get(kind)) for kind in EvidenceKind],
        tonight=count_due(site.id, days, at),
        tried=tried,
        would_go=count_due(site.id, days | tried, at)[next(iter(tried))] if tried else None,
        most=MOST_COUNTED,
        faces=faces.available(),
        changes=[(one, *_said(one.field, one.before, one.after)) for one in site_rules.changes(site.id)],
        limits={"shortest": SHORTEST, "longest": LONGEST, "longest_position": LONGEST_POSITION},
    )


@blueprint.post("")
@needs(Right.KEEP_EVIDENCE)
@online_only("a rule that removes things must not arrive from a phone some days later")
@command
def change() -> Done:
    """Decide."""
    site = _site(request.form)
    site_rules.change(site.id, parse_wish(request.form), by=person(), at=this_moment())
    return Done(url_for("evidence_rules.index", site_id=site.id), site.id)


def parse_wish(form: Mapping[str, str]) -> Wish:
    """Read the form; an empty number of days keeps photos for good."""
    return Wish(
        position_days=whole(form, "position_days", LONGEST_POSITION) or 0,
        blur_faces=form.get("blur_faces") == "1",
        sample_percent=_share(form),
        costly=price(form, "costly") if form.get("costly", "").strip() else Decimal(200),
        days={kind: whole(form, f"{KEPT_PREFIX}{kind}", LONGEST) for kind in EvidenceKind},
    )


def _share(form: Mapping[str, str]) -> int:
    found = whole(form, "sample_percent", 100)
    return 100 if found is None else found


def _tried(args: Mapping[str, str]) -> dict[EvidenceKind, int]:
    """The kind and the days that somebody wants to see the effect of, before anything is saved."""
    if args.get("kind") not in set(EvidenceKind):
        return {}
    days = whole(args, "days", LONGEST)
    if days is None or days < SHORTEST:
        raise site_rules.too_short()
    return {EvidenceKind(args["kind"]): days}


def _said(field: str, old: str, new: str) -> tuple[str, str, str]:
    """A change in words: what, from, to."""
    kind = field.removeprefix(KEPT_PREFIX)
    what = label(EvidenceKind(kind)) if field.startswith(KEPT_PREFIX) else gettext(WORDS.get(field, field))
    days = field.startswith(KEPT_PREFIX) or field == "position_days"
    return what, _value(old, days=days), _value(new, days=days)


def _value(value: str, *, days: bool) -> str:
    if value in VALUES:
        return str(gettext(VALUES[value]))
    return str(gettext("%(count)s days", count=value)) if days else value


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.KEEP_EVIDENCE, fields)
