"""The frame around the pages: more, outbox, the installed app's manifest, the service worker."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, send_from_directory
from flask_babel import gettext

from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.web.access import public, signed_in
from crew_app.web.assets import asset
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.office import doors
from crew_app.web.paths import DIST
from crew_app.web.people import person

blueprint = Blueprint("shell", __name__)


@blueprint.get("/more")
@signed_in
def more() -> str:
    """Everything that is not in the bar at the bottom."""
    me = person()
    return render_template("more/index.html", person_name=named(me), role_words=_role_words(me), links=_links(me))


@blueprint.get("/outbox")
@signed_in
def outbox() -> str:
    """What waits on this phone; the phone itself fills it in."""
    return render_template("outbox/index.html")


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What makes the application installable."""
    response = jsonify(_manifest())
    response.mimetype = "application/manifest+json"
    return response


@blueprint.get("/service-worker.js")
@public
def service_worker() -> Response:
    """The service worker; its own address must not change, so it is never cached."""
    response = send_from_directory(DIST, "service-worker.js", mimetype="text/javascript", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _role_words(me: Person) -> str:
    return " · ".join(label(one) for one in [*me.roles, *sorted(me.trade_set)])


def _links(me: Person) -> list[tuple[str, str, str, str]]:
    links = [
        (Right.REPORT, "/emergencies", gettext("Emergencies"), "siren"),
        (Right.REPORT, "/deliveries", gettext("Carrying"), "footprints"),
        (Right.REPORT, "/trips", gettext("Trips and vehicles"), "truck"),
        (Right.VERIFY, "/review", gettext("To be verified"), "clipboard-check"),
        (Right.VERIFY, "/evidence-archive", gettext("Archive of evidence"), "hard-drive"),
        (Right.SEE_SITE, "/v", gettext("Check a picture"), "shield"),
        (Right.VERIFY, "/photo-flags", gettext("What looks odd about photos"), "images"),
        (Right.SEE_STOCK, "/stock", gettext("Stock"), "package"),
        (Right.WALK, "/rounds", gettext("Rounds"), "clipboard-check"),
        (Right.ASK_FOR_STOCK, "/stock/requests", gettext("Requests for materials"), "package-plus"),
        (Right.ANSWER_FINDINGS, "/rounds/contractors/mine", gettext("Findings to answer"), "clipboard-list"),
        (Right.SEE_FIGURES, "/reports", gettext("Figures"), "chart-column"),
        (Right.WORK, "/reports/points/mine", gettext("My points"), "award"),
        (Right.DISPATCH, "/board", gettext("Board"), "clipboard-list"),
        (Right.SEE_SITE, "/roster", gettext("Roster"), "users"),
        (Right.SEE_SITE, "/areas", gettext("Who answers for which place"), "map-pin"),
        (Right.SEE_SITE, "/registers", gettext("Registers"), "pencil"),
        (Right.KEEP_DESK, "/desk/calls", gettext("Service desk"), "phone"),
        (Right.REPORT, "/announcements", gettext("Announcements"), "megaphone"),
        (Right.SEE_SATISFACTION, "/surveys", gettext("Satisfaction"), "star"),
        (Right.SEE_SITE, "/places", gettext("Places and tags"), "map-pin"),
        (Right.SET_TARGETS, "/desk/targets", gettext("Targets and escalation"), "hourglass"),
        (Right.KEEP_EVIDENCE, "/evidence-rules", gettext("Rules for evidence"), "shield"),
        (Right.SET_TARGETS, "/shot-rules", gettext("Photos a job needs"), "camera"),
        (Right.SEE_PHONES, "/phones", gettext("Phones"), "smartphone"),
        (Right.MANAGE_PEOPLE, "/people", gettext("People"), "users"),
        (Right.MANAGE_NOTICES, "/notices/groups", gettext("Chat groups and deliveries"), "send"),
    ]
    if doors(me):
        links.append((Right.SEE_SITE, "/admin", gettext("Office"), "sliders-horizontal"))
    return [(href, words, icon, "") for right, href, words, icon in links if me.can(right)]


def _manifest() -> dict[str, Any]:
    return {
        "id": "/",
        "name": gettext("Hospital crew"),
        "short_name": gettext("Crew"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f2f6f5",
        "theme_color": "#0a665e",
        "icons": _icons(),
        "shortcuts": [
            {"name": gettext("Scan"), "url": "/scan", "icons": _icons()[:1]},
            {"name": gettext("Today"), "url": "/", "icons": _icons()[:1]},
        ],
    }


def _icons() -> list[dict[str, str]]:
    return [
        {"src": asset("images/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": asset("images/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": asset("images/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
