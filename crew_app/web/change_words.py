"""Changes of settings and lists in words: what sort of thing, which value, from what to what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from crew_app.core.changes import NEW, PARTS, REMOVED, VALUE, Change
from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person, Site
from crew_app.people.rules import ROLE_LABELS, TRADE_LABELS
from crew_app.places.models import PLACE_LABELS, AssetKind, Department, Place
from crew_app.tickets.models import JobKind
from crew_app.tickets.rules import PRIORITY_LABELS, Priority
from crew_app.web.languages import named

KINDS: dict[str, str] = {
    "places": N_("Place"),
    "assets": N_("Asset"),
    "asset_kinds": N_("Kind of asset"),
    "departments": N_("Department"),
    "department_limits": N_("Monthly limit"),
    "department_people": N_("People of a department"),
    "tags": N_("Tag"),
    "tag_batches": N_("Blank tags"),
    "blank_tags": N_("Blank tag"),
    "people": N_("Person"),
    "memberships": N_("Roles"),
    "identities": N_("Account elsewhere"),
    "account_rules": N_("Rule for accounts"),
    "second_factor_rules": N_("Second factor"),
    "time_codes": N_("Code from an app"),
    "recovery_codes": N_("Recovery codes"),
    "passkeys": N_("Passkey"),
    "login_sessions": N_("Sign-in"),
    "sites": N_("Site"),
    "site_words": N_("Own word"),
    "job_kinds": N_("Job kind"),
    "job_points": N_("Points of a job kind"),
    "point_rules": N_("Formula of performance"),
    "point_objections": N_("Objection"),
    "point_months": N_("Month of performance"),
    "labour_rates": N_("Hourly rate"),
    "meter_prices": N_("Price of a medium"),
    "cost_months": N_("Month of costs"),
    "cost_bookings": N_("Booking"),
    "works_quotes": N_("Quote"),
    "work_summaries": N_("Work summary"),
    "target_rules": N_("Target"),
    "service_hours": N_("Working hours"),
    "escalation_steps": N_("Step of escalation"),
    "shot_rules": N_("Photos a job needs"),
    "evidence_rules": N_("Rules for evidence"),
    "shift_patterns": N_("Shift pattern"),
    "rotas": N_("Who works a shift pattern"),
    "roster_rules": N_("Rules of the roster"),
    "responsibilities": N_("Who answers for which place"),
    "chat_hooks": N_("Chat group"),
    "shift_posts": N_("Post"),
    "credential_kinds": N_("Kind of licence or certificate"),
    "place_contexts": N_("Before the door"),
    "vehicles": N_("Vehicle"),
    "survey_questions": N_("Question of a survey"),
    "items": N_("Material"),
    "accounts": N_("Store"),
    "round_templates": N_("Round template"),
    "round_plans": N_("Round plan"),
    "import_runs": N_("Import"),
    "api_tokens": N_("Token"),
    "webhooks": N_("Webhook"),
    "calendar_feeds": N_("Calendar"),
}
FIELDS: dict[str, str] = {
    NEW: N_("Newly made"),
    REMOVED: N_("Taken away"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "code": N_("Code"),
    "kind": N_("Kind"),
    "kind_id": N_("Kind"),
    "job_kind_id": N_("Job kind"),
    "place_id": N_("Place"),
    "parent_id": N_("Within"),
    "department_id": N_("Department"),
    "site_id": N_("Site"),
    "person_id": N_("Person"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "trade": N_("Trade"),
    "trades": N_("Trades"),
    "role": N_("Role"),
    "roles": N_("Roles"),
    "active": N_("May sign in"),
    "login": N_("Log-in"),
    "staff_number": N_("Staff number"),
    "password": N_("Password"),
    "provider": N_("Whose accounts"),
    "claim": N_("Claim"),
    "value": N_("Value of the claim"),
    "retired_at": N_("Retired since"),
    "priority": N_("Urgency"),
    "offered": N_("Offered to reporters"),
    "position": N_("Place in the list"),
    "icon": N_("Picture"),
    "timezone": N_("Time zone"),
    "zh": N_("Chinese"),
    "en": N_("English"),
    "points": N_("Points"),
    "amount": N_("Amount"),
    "price": N_("Price"),
    "per_hour": N_("Per hour"),
    "since": N_("Since"),
    "unit": N_("Unit"),
    "category": N_("Category"),
    "spec": N_("Specification"),
    "periods": N_("Working hours"),
    "response_minutes": N_("Answered within minutes"),
    "resolution_minutes": N_("Done within minutes"),
    "hours": N_("Which hours count"),
    "raise_to": N_("Becomes"),
    "before": N_("Before"),
    "after": N_("After"),
    "off_at": N_("Switched off since"),
    "asked": N_("Asked"),
    "weekdays": N_("Weekdays"),
    "on_holidays": N_("On holidays too"),
    "swap_approval": N_("Swaps need approval"),
    "rest_hours": N_("Hours of rest between shifts"),
    "dispatching": N_("Dispatched by itself"),
    "monthly": N_("Monthly limit"),
    "advance_days": N_("Reminded days before"),
    "version": N_("Version"),
    "rule": N_("Repeats"),
    "times": N_("Times of day"),
    "minutes": N_("Minutes"),
    "grace_minutes": N_("Minutes of grace"),
    "ends_on": N_("Ends on"),
    "from_on": N_("From"),
    "until_on": N_("Until"),
    "every": N_("Every so many days"),
    "care": N_("Surroundings"),
    "isolation": N_("Precautions"),
    "quiet_from": N_("Quiet from"),
    "quiet_until": N_("Quiet until"),
    "access": N_("Who lets one in"),
    "plate": N_("Plate"),
    "basic": N_("Points of a job without its own"),
    "late_percent": N_("Taken away for late work, in percent"),
    "sent_back_percent": N_("Taken away each time it was sent back, in percent"),
    "repeat_percent": N_("Taken away when the fault came back, in percent"),
    "repeat_days": N_("Days within which a fault comes back"),
    "star_percent": N_("Added for each star above three, in percent"),
    "helper_percent": N_("Share of a second pair of hands, in percent"),
    "state": N_("State"),
    "answer": N_("Answer"),
    "closed_at": N_("Closed since"),
    "firm": N_("Firm"),
    "quoted_on": N_("Quoted on"),
    "note": N_("Note"),
    "scopes": N_("What it may do"),
    "expires_at": N_("Holds until"),
    "revoked_at": N_("Revoked since"),
    "url": N_("Address"),
    "topics": N_("What it is told"),
    "secret": N_("Secret"),
    "paused_at": N_("Paused since"),
    "pause_reason": N_("Why it is paused"),
    "sign_ins": N_("Signed in"),
    "path": N_("Way"),
    "account": N_("Account elsewhere"),
    "authenticator": N_("Authenticator"),
    "passkey": N_("Passkey"),
    "second_factor": N_("Second factor"),
    "parent": N_("Within"),
    "place": N_("Place"),
    "department": N_("Department"),
    "write_off_limit": N_("Limit of write-offs, in yuan"),
    "position_days": N_("Days for positions"),
    "blur_faces": N_("Blur faces by itself"),
    "sample_percent": N_("Share of finished work that is looked at, in percent"),
    "costly": N_("A job is costly from, in yuan"),
    "keep_report": N_("Photos of reports"),
    "keep_work": N_("Photos of work: before, after, on the spot"),
    "keep_round": N_("Photos of rounds, with the frames of scans"),
    "keep_paper": N_("Photos of papers and trainings"),
    "keep_store": N_("Photos of the storeroom and of assets"),
}
VALUES: dict[str, str] = {"yes": N_("yes"), "no": N_("no")}
HOW: dict[str, str] = {
    "page": "",
    "import": N_("from a list"),
    "api": N_("by another system"),
    "command": N_("on the server"),
    "sign_in": N_("by signing in"),
}
_NAMED_BY: dict[str, Any] = {
    "kind_id": AssetKind,
    "job_kind_id": JobKind,
    "place_id": Place,
    "parent_id": Place,
    "department_id": Department,
    "site_id": Site,
    "person_id": Person,
}
_LABELLED: dict[str, Mapping[Any, str]] = {
    "role": ROLE_LABELS,
    "roles": ROLE_LABELS,
    "trade": TRADE_LABELS,
    "trades": TRADE_LABELS,
    "kind": PLACE_LABELS,
    "priority": PRIORITY_LABELS,
    "raise_to": PRIORITY_LABELS,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change as people read it."""

    id: UUID
    at: datetime
    kind: str
    name: str
    field: str
    before: str
    after: str
    who: str
    """Empty for nobody in particular."""
    how: str
    whole: bool
    """Something was made or removed as a whole."""
    subject_id: UUID | None


def tell(found: Iterable[Change]) -> list[Told]:
    """Changes in the person's language; a question for each sort of thing that is named in them, none for each row."""
    rows = list(found)
    names, people = _names(rows), _people(rows)
    return [_told(row, names, people) for row in rows]


def kind_words(kind: str) -> str:
    """What a sort of thing is called."""
    return str(gettext(KINDS[kind])) if kind in KINDS else kind


def _told(row: Change, names: Mapping[str, str], people: Mapping[UUID, str]) -> Told:
    return Told(
        id=row.id,
        at=row.at,
        kind=kind_words(row.kind),
        name=row.name,
        field=_field(row.field),
        before=_value(row.field, row.before, names),
        after=_value(row.field, row.after, names),
        who=people.get(row.person_id, "") if row.person_id else "",
        how=str(gettext(HOW[row.how])) if HOW[row.how] else "",
        whole=row.field in (NEW, REMOVED),
        subject_id=row.subject_id,
    )


def _value(field: str, value: str, names: Mapping[str, str]) -> str:
    if field in (NEW, REMOVED) and VALUE in value:
        pairs = [part.partition(VALUE) for part in value.split(PARTS)]
        return PARTS.join(f"{_field(name)}{VALUE}{_value(name, said, names)}" for name, _, said in pairs)
    if value in VALUES:
        return str(gettext(VALUES[value]))
    if field in _NAMED_BY:
        return names.get(value, value)
    labels = {_key(member): words for member, words in _LABELLED.get(field, {}).items()}
    return ", ".join(str(gettext(labels[part])) if part in labels else part for part in value.split(", "))


def _field(name: str) -> str:
    return str(gettext(FIELDS[name])) if name in FIELDS else name


def _key(member: Any) -> str:
    return str(member.value) if isinstance(member, Priority) else str(member)


def _names(rows: Iterable[Change]) -> dict[str, str]:
    """What the ids in these changes are called."""
    wanted: dict[Any, set[UUID]] = {}
    for row in rows:
        if row.field in _NAMED_BY:
            wanted.setdefault(_NAMED_BY[row.field], set()).update(_ids(row.before, row.after))
    found: dict[str, str] = {}
    for model, ids in wanted.items():
        options = NAMED if model is Person else ()
        for thing in session.scalars(select(model).where(model.id.in_(ids)).options(*options)):
            found[str(thing.id)] = named(thing)
    return found


def _ids(*values: str) -> Iterable[UUID]:
    for value in values:
        try:
            yield UUID(value)
        except ValueError:
            continue


def _people(rows: Iterable[Change]) -> dict[UUID, str]:
    ids = {row.person_id for row in rows if row.person_id}
    query = select(Person).where(Person.id.in_(ids)).options(*NAMED)
    return {person.id: named(person) for person in session.scalars(query)} if ids else {}
