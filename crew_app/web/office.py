"""The doors of the office: every page for figures, lists and settings, in groups, for whoever may go in."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from crew_app.people.models import Person
from crew_app.people.rules import Right

PAGES = frozenset(
    {
        "administration",
        "figures",
        "summaries",
        "points",
        "costs",
        "labels",
        "place_registry",
        "imports",
        "exports",
        "connections",
        "account_rules",
        "job_kinds",
        "site_words",
        "sites",
        "people",
    }
)
"""Blueprints whose pages have the style sheet of the office; the others do without its weight."""


@dataclass(frozen=True, slots=True)
class Door:
    """One page: its address, what it is called, its icon, and what one finds there."""

    href: str
    words: str
    icon: str
    note: str


def office_page() -> bool:
    """Whether the page that is answered needs the style sheet of the office."""
    return request.blueprint in PAGES


def doors(me: Person) -> list[tuple[str, list[Door]]]:
    """What this person may open, in groups with their headings; groups with nothing in them are left out."""
    groups = [
        (gettext("Figures"), _figures()),
        (gettext("Places and things"), _places()),
        (gettext("People"), _people()),
        (gettext("Work"), _work()),
        (gettext("Lists and other systems"), _lists()),
    ]
    found = [(words, [door for right, door in group if me.can(right)]) for words, group in groups]
    return [(words, group) for words, group in found if group]


def _figures() -> list[tuple[Right, Door]]:
    return [
        (Right.SEE_FIGURES, Door("/reports", gettext("Dashboard"), "chart-column", gettext("Now, and how it goes"))),
        (
            Right.SEE_FIGURES,
            Door("/reports/summaries", gettext("Work summaries"), "file-text", gettext("Month, half-year, year")),
        ),
        (
            Right.SEE_COSTS,
            Door("/reports/costs", gettext("Costs"), "coins", gettext("By department and month; own works")),
        ),
        (
            Right.SET_POINTS,
            Door("/reports/points", gettext("Performance"), "award", gettext("Points, the formula, objections")),
        ),
    ]


def _places() -> list[tuple[Right, Door]]:
    return [
        (Right.MANAGE_PLACES, Door("/admin/places", gettext("Places"), "map-pin", gettext("Make, change, retire"))),
        (Right.MANAGE_PLACES, Door("/admin/assets", gettext("Assets"), "box", gettext("Many at once, or one"))),
        (
            Right.MANAGE_PLACES,
            Door("/admin/departments", gettext("Departments"), "users", gettext("Who costs are charged to")),
        ),
        (Right.MANAGE_TAGS, Door("/labels", gettext("Labels"), "qr-code", gettext("Print tags, also blank ones"))),
    ]


def _people() -> list[tuple[Right, Door]]:
    return [
        (Right.MANAGE_PEOPLE, Door("/people", gettext("People"), "users", gettext("Log-ins, roles, trades"))),
        (
            Right.MANAGE_PEOPLE,
            Door(
                "/admin/sign-in", gettext("Signing in"), "key-round", gettext("The hospital's accounts, second factor")
            ),
        ),
        (
            Right.MANAGE_PEOPLE,
            Door("/admin/sign-in/record", gettext("Who came in"), "history", gettext("Sign-ins, refusals, exports")),
        ),
        (Right.DISPATCH, Door("/roster", gettext("Roster"), "calendar-days", gettext("Who is on duty when"))),
        (Right.MANAGE_NOTICES, Door("/notices/groups", gettext("Chat groups and deliveries"), "send", "")),
    ]


def _work() -> list[tuple[Right, Door]]:
    return [
        (Right.CONFIGURE, Door("/admin/job-kinds", gettext("Job kinds"), "wrench", gettext("Names, trade, urgency"))),
        (
            Right.SET_TARGETS,
            Door("/desk/targets", gettext("Targets and escalation"), "hourglass", gettext("Priorities and clocks")),
        ),
        (Right.SET_TARGETS, Door("/shot-rules", gettext("Photos a job needs"), "camera", "")),
        (
            Right.KEEP_EVIDENCE,
            Door("/evidence-rules", gettext("Rules for evidence"), "shield", gettext("How long it is kept")),
        ),
        (Right.PLAN_ROUNDS, Door("/rounds/templates", gettext("Round templates"), "clipboard-list", "")),
        (Right.ANNOUNCE, Door("/announcements", gettext("Announcements"), "megaphone", "")),
        (Right.CONFIGURE, Door("/admin/sites", gettext("Sites"), "map-pin", gettext("Names and time zones"))),
        (
            Right.CONFIGURE,
            Door("/admin/words", gettext("Own words"), "pencil", gettext("What this hospital calls things")),
        ),
    ]


def _lists() -> list[tuple[Right, Door]]:
    return [
        (Right.IMPORT, Door("/admin/imports", gettext("Bring in lists"), "upload", gettext("From Excel or CSV"))),
        (
            Right.IMPORT,
            Door("/admin/dump", gettext("Take everything out"), "download", gettext("All data as one file")),
        ),
        (Right.CONNECT, Door("/admin/connections", gettext("Other systems"), "plug", gettext("Tokens and webhooks"))),
        (
            Right.CONFIGURE,
            Door("/admin/changes", gettext("What was changed"), "history", gettext("By whom, from what to what")),
        ),
    ]
