"""Lists of places, things and people. Registers have the columns by which they can be brought in again."""

from collections.abc import Callable, Iterable
from datetime import time, timedelta
from itertools import chain
from typing import Any

from flask import request
from sqlalchemy import select

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.desk import announcement_queries
from crew_app.emergencies import playbooks
from crew_app.evidence import originals
from crew_app.imports.fields import FIELDS, SUBJECT_LABELS
from crew_app.imports.models import Subject
from crew_app.notifications import queries as notices
from crew_app.people import queries as people
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.phones import queries as phones
from crew_app.places import department_registry, registry_queries
from crew_app.places import queries as places
from crew_app.places.models import Department, Place
from crew_app.registers import sites
from crew_app.roster import areas
from crew_app.roster import queries as roster
from crew_app.roster.forms import parse_week
from crew_app.roster.rules import span_on
from crew_app.rounds import contractor_queries
from crew_app.stock import queries as stock
from crew_app.stock.models import Item
from crew_app.storeroom import departments
from crew_app.tickets.forms import optional_uuid
from crew_app.trips import queries as trips
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.lists import Col, List
from crew_app.web.notices import words as notice_words
from crew_app.web.people import person
from crew_app.web.sheets import Format, in_pages


def _words(field: str = "q") -> str:
    return request.args.get(field, "").strip()[:60]


def _kept_site() -> Site:
    return sites.chosen(person(), Right.MANAGE_PLACES, request.args)


def _roles(one: Person) -> str:
    here = person().sites_with(Right.MANAGE_PEOPLE)
    return "、".join(dict.fromkeys(label(held.role) for held in one.memberships if held.site_id in here))


VALUES: dict[Subject, dict[str, Callable[[Any], Any]]] = {
    Subject.DEPARTMENTS: {},
    Subject.PLACES: {
        "parent": lambda one: one.parent.code if one.parent else "",
        "building": lambda _: "",
        "floor": lambda _: "",
        "department": lambda one: one.department.code if one.department else "",
    },
    Subject.ASSETS: {"place": lambda one: one.place.code},
    Subject.PEOPLE: {
        "roles": _roles,
        "trades": lambda one: "、".join(label(trade) for trade in sorted(one.trade_set)),
    },
    Subject.ITEMS: {},
}
"""Fields whose value is not simply the attribute of this name."""
_NUMBERS = {"price": Format.PRICE, "pack_size": Format.QUANTITY}
_LEFT_OUT = {"building", "floor"}


def columns_of(subject: Subject) -> tuple[Col, ...]:
    """The columns of a register as an import understands them."""
    own = VALUES[subject]

    def value(key: str) -> Callable[[Any], Any]:
        return own.get(key) or (lambda one: getattr(one, key))

    return tuple(
        Col(one.names[1], value(one.key), 18, _NUMBERS.get(one.key, Format.TEXT), one.names[0])
        for one in FIELDS[subject]
        if one.key not in _LEFT_OUT
    )


def _register(subject: Subject, things: Callable[[], Iterable[Any]]) -> List:
    return List(SUBJECT_LABELS[subject], things, columns_of(subject))


def _all_places() -> Iterable[Place]:
    site = _kept_site().id

    def some(after: str | None) -> Any:
        return registry_queries.found(site, _words(), after or "", retired="retired" in request.args)

    return in_pages(some, lambda one: one.code)


def _all_assets() -> Iterable[Any]:
    site, at = _kept_site().id, optional_uuid(request.args, "at")
    kind, retired = request.args.get("kind", "")[:30], "retired" in request.args
    return in_pages(
        lambda after: registry_queries.assets(site, _words(), kind, at, after or "", retired=retired),
        lambda one: one.code,
    )


def _all_departments() -> Iterable[Department]:
    site, retired = _kept_site().id, "retired" in request.args
    return in_pages(
        lambda after: department_registry.departments(site, _words(), after or "", retired=retired),
        lambda one: one.code,
    )


def _items() -> Iterable[Item]:
    return in_pages(lambda after: stock.items(_words(), after or ""), lambda one: one.code)


def _shown_places() -> Iterable[Place]:
    """What the page shows: what was searched for, or all."""
    me, words = person(), _words()
    if words:
        return places.search(me, words, 5000)
    here = me.sites_with(Right.SEE_SITE)

    def some(after: str | None) -> Any:
        query = select(Place).where(Place.site_id.in_(here), Place.code > (after or ""), Place.retired_at.is_(None))
        return session.scalars(query.order_by(Place.code).limit(200)).all()

    return in_pages(some, lambda one: one.code)


def _roster_site() -> Site:
    """The site that the pages of the roster show."""
    me, chosen = person(), optional_uuid(request.args, "site")
    return people.site_where(me, Right.SEE_SITE, chosen) if chosen else people.sites_where(me, Right.SEE_SITE)[0]


def _shifts() -> Iterable[Any]:
    site = _roster_site()
    today = now().astimezone(site.zone).date()
    monday = parse_week(request.args.get("week", ""), today)
    start = span_on(monday, time(0), time(0), site.zone)[0]
    return roster.shifts_between(site.id, start, start + timedelta(days=7))


PLACE = (
    Col(N_("Code"), lambda one: one.code, 18),
    Col(N_("Name"), lambda one: one, 24),
    Col(N_("Kind"), lambda one: one.kind),
    Col(N_("The whole way"), lambda one: named(one, "path"), 40),
)
LISTS = {
    "/admin/departments": _register(Subject.DEPARTMENTS, _all_departments),
    "/admin/places": _register(Subject.PLACES, _all_places),
    "/admin/assets": _register(Subject.ASSETS, _all_assets),
    "/people": _register(Subject.PEOPLE, lambda: people.managed_people(person())),
    "/stock": _register(Subject.ITEMS, _items),
    "/places": List(N_("Places"), _shown_places, PLACE),
    "/stock/departments": List(
        N_("Departments"),
        lambda: in_pages(lambda after: departments.managed(person(), after or ""), lambda one: one.code),
        (Col(N_("Code"), lambda one: one.code), Col(N_("Name"), lambda one: one, 24)),
    ),
    "/stock/stores": List(
        N_("Stores"),
        lambda: stock.stores(person().sites_with(Right.SEE_STOCK)),
        (Col(N_("Store"), lambda one: one, 30),),
    ),
    "/vehicles": List(
        N_("Vehicles"),
        lambda: trips.vehicles(person()),
        (
            Col(N_("Name"), lambda one: one.asset, 24),
            Col(N_("Plate"), lambda one: one.plate),
            Col(N_("Seats"), lambda one: one.seats, 8, Format.QUANTITY),
            Col(N_("Mileage"), lambda one: one.km, 12, Format.QUANTITY),
            Col(N_("Out of use"), lambda one: one.out_of_use, 8),
        ),
    ),
    "/rounds/contractors": List(
        N_("Contractors"),
        lambda: contractor_queries.contractors(person()),
        (Col(N_("Name"), lambda one: one, 30), Col(N_("In use"), lambda one: one.active, 8)),
    ),
    "/areas": List(
        N_("Who answers for what"),
        lambda: areas.areas(_roster_site().id),
        (
            Col(N_("Place"), lambda row: named(row[1], "path"), 40),
            Col(N_("Person"), lambda row: row[0].person),
            Col(N_("Trade"), lambda row: row[0].trade or ""),
        ),
        asked=_roster_site,
    ),
    "/roster": List(
        N_("Roster"),
        _shifts,
        (
            Col(N_("Person"), lambda one: one.person),
            Col(N_("Shift"), lambda one: one.name),
            Col(N_("Duty"), lambda one: one.duty),
            Col(N_("Trade"), lambda one: one.trade or ""),
            Col(N_("From"), lambda one: one.starts_at, 18, Format.TIME),
            Col(N_("Until"), lambda one: one.ends_at, 18, Format.TIME),
        ),
        _roster_site,
    ),
    "/announcements": List(
        N_("Announcements"),
        lambda: [
            *announcement_queries.current(person(), now()),
            *in_pages(lambda last: announcement_queries.past(person(), now(), last), lambda one: one.id),
        ],
        (
            Col(N_("Kind"), lambda one: one.utility or "", 14),
            Col(N_("Title"), lambda one: one.title, 30),
            Col(N_("Words"), lambda one: one.words, 50),
            Col(N_("From"), lambda one: one.starts_at, 18, Format.TIME),
            Col(N_("Until"), lambda one: one.ended_at or one.ends_at, 18, Format.TIME),
        ),
    ),
    "/notices": List(
        N_("Notices"),
        lambda: chain(notices.unread(person()), in_pages(_read_notices, lambda one: (one.made_at, one.id))),
        (
            Col(N_("Time"), lambda one: one.made_at, 18, Format.TIME),
            Col(N_("Notice"), notice_words, 60),
            Col(N_("Read at"), lambda one: one.read_at, 18, Format.TIME),
        ),
    ),
    "/phones": List(
        N_("Phones"),
        lambda: phones.in_hands(person(), now()),
        (
            Col(N_("Person"), lambda one: one.person),
            Col(N_("Last heard from"), lambda one: one.entries[0].seen_at, 18, Format.TIME),
            Col(N_("Unsent"), lambda one: sum(entry.unsent for entry in one.entries), 10, Format.QUANTITY),
        ),
    ),
    "/playbooks": List(
        N_("Playbooks"),
        lambda: playbooks.offered(person(), Right.LEAD_EMERGENCIES, retired=True),
        (Col(N_("Name"), lambda one: one, 30), Col(N_("Version"), lambda one: one.number, 8, Format.QUANTITY)),
    ),
    "/original-views": List(
        N_("Who fetched originals"),
        lambda: in_pages(_views, lambda row: (row[0].at, row[0].id)),
        (
            Col(N_("Time"), lambda row: row[0].at, 18, Format.TIME),
            Col(N_("Person"), lambda row: session.get(Person, row[0].person_id) if row[0].person_id else ""),
            Col(N_("Photo"), lambda row: row[1].code),
            Col(N_("Why"), lambda row: row[0].why),
        ),
    ),
}


def _read_notices(last: Any) -> Any:
    return notices.read(person(), last)[: notices.PAGE]


def _views(last: Any) -> Any:
    return originals.views(person().sites_with(Right.KEEP_EVIDENCE), last)[: originals.PAGE]
