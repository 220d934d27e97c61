"""What templates may use: names, labels, times, quantities."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask, current_app, request
from flask_babel import format_datetime, gettext
from jinja2 import StrictUndefined
from markupsafe import Markup

from crew_app.core.clock import now
from crew_app.core.codes import grouped
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.deliveries.rules import CARGO_LABELS, NEED_LABELS
from crew_app.desk.announcement_models import ACT_LABELS, STAGE_LABELS, UTILITY_LABELS
from crew_app.desk.board import LANE_LABELS
from crew_app.emergencies.rules import ANSWER_LABELS as CALL_ANSWER_LABELS
from crew_app.emergencies.rules import ENTRY_LABELS as EMERGENCY_LABELS
from crew_app.emergencies.rules import WHO_LABELS
from crew_app.evidence.oddities import ODDITY_LABELS
from crew_app.evidence.site_rules import EVIDENCE_LABELS
from crew_app.fixed_assets.rules import (
    ASSET_STATE_LABELS,
    ASSET_VERB_LABELS,
    CHECK_RESULT_LABELS,
    SCRAP_STATE_LABELS,
    TRANSFER_STATE_LABELS,
)
from crew_app.held.rules import ACTION_LABELS, DECISION_LABELS, WHY_LABELS
from crew_app.notifications.rules import CHANNEL_LABELS, LATER_LABELS, TOPIC_LABELS
from crew_app.people.record_models import ACCESS_LABELS
from crew_app.people.rules import ROLE_LABELS, TRADE_LABELS, Right
from crew_app.places.holding import WHAT_LABELS
from crew_app.places.models import CARE_LABELS, PLACE_LABELS
from crew_app.registers.credential_models import BEARER_LABELS
from crew_app.registers.gate_models import GATE_VERB_LABELS
from crew_app.registers.shift_models import LINE_SOURCE_LABELS, PART_LABELS
from crew_app.registers.training_models import TRAINING_LABELS
from crew_app.reports.cost_rules import KIND_LABELS as COST_LABELS
from crew_app.reports.cost_rules import MEDIA
from crew_app.reports.point_queries import OBJECTION_LABELS
from crew_app.reports.point_rules import WHY_LABELS as POINT_LABELS
from crew_app.reports.trends import BY_LABELS
from crew_app.reports.windows import WINDOW_LABELS
from crew_app.roster.models import DUTY_LABELS, ROSTER_VERB_LABELS, SWAP_LABELS
from crew_app.roster.rules import TROUBLE_LABELS
from crew_app.rounds import rules as rounds
from crew_app.rounds.content import CATEGORY_LABELS, CHECK_LABELS
from crew_app.rounds.contractor_models import ANSWER_LABELS, ENTRY_LABELS
from crew_app.rounds.flag_words import FLAG_LABELS
from crew_app.rounds.rules import HAZARD_LABELS, HOW_LABELS, RUN_STATE_LABELS, STOP_STATE_LABELS
from crew_app.stock.models import ACCOUNT_LABELS, OUTCOME_LABELS, REASON_LABELS
from crew_app.storeroom.counts.models import COUNT_STATE_LABELS, SCOPE_LABELS
from crew_app.storeroom.models import SIGNER_LABELS, SLIP_LABELS, SLIP_STATE_LABELS
from crew_app.tickets.models import PHOTO_LABELS
from crew_app.tickets.now_lists import NOW_LABELS
from crew_app.tickets.risks import RISK_LABELS
from crew_app.tickets.rules import (
    HOLD_LABELS,
    KIND_LABELS,
    PRIORITY_LABELS,
    STATE_LABELS,
    TOLD,
    TRANSITIONS,
    VERB_LABELS,
    Priority,
    Verb,
)
from crew_app.trips.rules import CHECK_LABELS as VEHICLE_CHECK_LABELS
from crew_app.web.assets import asset, build, parts
from crew_app.web.dispatch import reason_words
from crew_app.web.languages import LANGUAGES, choose, in_chinese, named, said
from crew_app.web.office import office_page
from crew_app.web.own_words import own_word
from crew_app.web.people import person_or_none, shut_out_id
from crew_app.web.rendering import say, zone
from crew_app.web.scales import plain
from crew_app.web.words import words

LABELS: dict[tuple[type[Enum], Enum], str] = {}  # members of different enumerations may be equal
for _labels in (
    ROLE_LABELS,
    ACCESS_LABELS,
    TRADE_LABELS,
    TOPIC_LABELS,
    CHANNEL_LABELS,
    LATER_LABELS,
    PLACE_LABELS,
    WHAT_LABELS,
    ACCOUNT_LABELS,
    REASON_LABELS,
    SLIP_LABELS,
    SLIP_STATE_LABELS,
    SIGNER_LABELS,
    OUTCOME_LABELS,
    SCOPE_LABELS,
    COUNT_STATE_LABELS,
    PHOTO_LABELS,
    RISK_LABELS,
    HOLD_LABELS,
    KIND_LABELS,
    PRIORITY_LABELS,
    STATE_LABELS,
    VERB_LABELS,
    WHY_LABELS,
    DECISION_LABELS,
    ASSET_STATE_LABELS,
    ASSET_VERB_LABELS,
    TRANSFER_STATE_LABELS,
    SCRAP_STATE_LABELS,
    CHECK_RESULT_LABELS,
    CATEGORY_LABELS,
    CHECK_LABELS,
    RUN_STATE_LABELS,
    STOP_STATE_LABELS,
    rounds.OUTCOME_LABELS,
    HOW_LABELS,
    HAZARD_LABELS,
    GATE_VERB_LABELS,
    LINE_SOURCE_LABELS,
    PART_LABELS,
    BEARER_LABELS,
    TRAINING_LABELS,
    FLAG_LABELS,
    ODDITY_LABELS,
    ANSWER_LABELS,
    ENTRY_LABELS,
    CARE_LABELS,
    ACT_LABELS,
    STAGE_LABELS,
    UTILITY_LABELS,
    DUTY_LABELS,
    SWAP_LABELS,
    ROSTER_VERB_LABELS,
    TROUBLE_LABELS,
    LANE_LABELS,
    NOW_LABELS,
    WINDOW_LABELS,
    BY_LABELS,
    EMERGENCY_LABELS,
    CALL_ANSWER_LABELS,
    WHO_LABELS,
    CARGO_LABELS,
    NEED_LABELS,
    VEHICLE_CHECK_LABELS,
    EVIDENCE_LABELS,
    COST_LABELS,
    OBJECTION_LABELS,
    POINT_LABELS,
):
    LABELS.update({(type(member), member): words for member, words in _labels.items()})

PLACEHOLDER = UUID(int=0)


def start(app: Flask) -> None:
    """Register filters and globals; unknown names raise."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for filter_ in (
        named,
        said,
        label,
        clock,
        day,
        day_clock,
        weekday_clock,
        qty,
        plain,
        money,
        code,
        digits,
        span,
        duration,
        work_time,
        medium_words,
        from_states,
        to_state,
        account_words,
        action_label,
        reason_words,
    ):
        app.add_template_filter(filter_)
    for function in (
        command_fields,
        fresh_id,
        loose_id,
        asset,
        build,
        parts,
        now,
        can,
        lang,
        site_name,
        words,
        url_with,
        office_page,
        shut_out_id,
    ):
        app.add_template_global(function)
    app.jinja_env.globals.update(
        LANGUAGES=LANGUAGES, Right=Right, Verb=Verb, TOLD=TOLD, Priority=Priority, PLACEHOLDER=PLACEHOLDER
    )
    app.context_processor(lambda: {"me": person_or_none(), "demo": current_app.config["SETTINGS"].demo})


def label(value: Any) -> str:
    """The words for a member of an enumeration (a priority may be given as its number)."""
    member = Priority(value) if type(value) is int else value
    return own_word(member, chinese=in_chinese()) or str(say(LABELS[type(member), member]))


def account_words(account: Any) -> str:
    """What an account is called: its own name, its owner's, or its kind."""
    return named(account) or named(account.person) or label(account.kind)


def action_label(action: str) -> str:
    """The words for a late entry's action."""
    return str(gettext(ACTION_LABELS.get(action, N_("Entry"))))


def clock(at: datetime) -> str:
    """Hour and minute, in the site's zone."""
    return f"{at.astimezone(zone()):%H:%M}"


def day(at: datetime) -> str:
    """The day with its year, in the site's zone."""
    return at.astimezone(zone()).date().isoformat()


def day_clock(at: datetime) -> str:
    """Day and time as short as it stays clear: the time today, with month and day this year, else with the year."""
    here = zone()
    today, then = now().astimezone(here), at.astimezone(here)
    if today.date() == then.date():
        return f"{then:%H:%M}"
    return f"{then:%m-%d %H:%M}" if today.year == then.year else then.isoformat(" ", "minutes")[:16]


def weekday_clock(at: datetime) -> str:
    """Weekday, day and time in the zone the moment is given in: plans are made in the site's own."""
    return str(format_datetime(at, "EEE yyyy-MM-dd HH:mm", rebase=False))


def digits(value: str) -> str:
    """A fingerprint in groups that can be compared by eye, and broken between lines."""
    return " ".join(value[start : start + 8] for start in range(0, len(value), 8))


def span(until: datetime) -> str:
    """How far away a moment is, without direction, in the largest sensible unit: 25 min, 3 h, 2 d."""
    return duration(until - now())


def duration(length: timedelta) -> str:
    """How long something takes, in the largest sensible unit."""
    minutes = round(abs(length.total_seconds()) / 60)
    if minutes < 60:  # noqa: PLR2004
        return gettext("%(count)s min", count=minutes)
    if minutes < 48 * 60:
        return gettext("%(count)s h", count=round(minutes / 60))
    return gettext("%(count)s d", count=round(minutes / 60 / 24))


def work_time(minutes: int) -> str:
    """How long somebody worked, exactly: 40 min, 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    parts = [gettext("%(count)s h", count=hours)] if hours else []
    return " ".join([*parts, gettext("%(count)s min", count=rest)] if rest or not hours else parts)


def medium_words(medium: str) -> str:
    """What a medium (electricity, water) is called; anything else by its own name."""
    return str(gettext(MEDIA[medium])) if medium in MEDIA else medium


def qty(value: Decimal) -> str:
    """A quantity without needless zeros."""
    return f"{value.normalize():f}"


def money(value: Decimal) -> str:
    """An amount in yuan."""
    return f"{'-' if value < 0 else ''}¥{abs(value):,.2f}"


def code(value: str) -> str:
    """A tag code as it is printed, in groups."""
    return grouped(value)


def from_states(verb: Verb) -> str:
    """The states a verb is possible in, for `data-from`."""
    return " ".join(sorted(TRANSITIONS[verb][0]))


def to_state(verb: Verb) -> str:
    """The state a verb leads to, for `data-to`."""
    target = TRANSITIONS[verb][1]
    return target.value if target else ""


def command_fields() -> Markup:
    """Hidden fields of every form that changes something: a key of its own, and whose entry it is."""
    person = person_or_none()
    fields = '<input type="hidden" name="_key" value="{}"><input type="hidden" name="_person" value="{}">'
    return Markup(fields).format(  # noqa: S704 - a constant; format() escapes what is put in
        new_id(), person.id if person else ""
    )


def fresh_id() -> UUID:
    """An id for a new record, for phones without JavaScript."""
    return new_id()


def loose_id() -> UUID:
    """An id that does not tell when it was made, for what nobody shall be recognised by."""
    return uuid4()


def can(right: Right, site_id: UUID | None = None) -> bool:
    """Whether the signed-in person has a right, at a site or anywhere."""
    person = person_or_none()
    return bool(person and person.can(right, site_id))


def lang() -> str:
    """The language of this page as HTML names it."""
    return "en" if choose() == "en" else "zh-Hans"


def site_name() -> str:
    """The name of the person's (first) site, for the frame of the page; the product's name for anybody else."""
    person = person_or_none()
    return named(person.memberships[0].site) if person and person.memberships else gettext("Hospital crew")


def url_with(**changes: str) -> str:
    """This page's address with other query parameters; an empty value takes one away."""
    query: Mapping[str, str] = {**request.args.to_dict(), **changes}
    text = urlencode({name: value for name, value in query.items() if value})
    return f"{request.path}?{text}" if text else request.path
