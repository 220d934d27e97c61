"""Every page without parameters that is a list can be fetched as a file, or says here why not."""

from crew_app.web.lists import ELSEWHERE, LISTS
from tests.support.routes import SAFE, declared, methods, routes

BELONGS_TO = {
    "/assets/scrapped": "/assets",
    "/rounds": "/rounds/runs",
    "/roster/mine": "/roster",
    "/rounds/contractors/mine": "/rounds/contractors",
    "/rounds/templates/library": "/rounds/templates",
    "/stock/departments": "/stock/departments",
    "/board": "/tickets",
    "/board/column": "/tickets",
}
"""Pages that show another way what a list has."""
WITHOUT = {
    "a page to fill in, to look at or to print, no list": [
        "new",
        "rule",
        "download",
        "login",
        "password",
        "pin",
        "switch",
        "scan",
        "outbox",
        "offline",
        "tag",
        "ticket",
        "sheets",
        "questions",
        "choose",
        "import",
        "show",
        "typed",
        "more",
        "preview",
        "library",
        "search",
        "page",
        "places",
    ],
    "one's own day, in a few strips": ["/", "/more", "/registers", "/admin", "/admin/imports", "/v", "/t/"],
    "settings: what was changed in them is a list of its own": [
        *("/desk/targets", "/desk/escalation", "/evidence-rules", "/shot-rules", "/notices/settings"),
        *("/notices/groups", "/notices/undelivered", "/licences/kinds", "/hand-overs/posts", "/roster/patterns"),
        *("/rounds/days-off", "/admin/job-kinds", "/admin/sites", "/admin/words", "/admin/assets/kinds"),
    ],
    "figures with files of their own": ["/review/figures", "/surveys", "/evidence-archive", "/admin/dump"],
    "for programs": [
        *("/healthz", "/readyz", "/metrics", "/manifest.webmanifest", "/service-worker.js", "/notices/unread"),
        "/rounds/news",
        *("/sync/bundle", "/sync/directory", "/sync/manifest", "/photos/challenges"),
    ],
}
OTHERS = (
    *(
        "/reports",
        "/labels",
        "/admin/connections",
        "/admin/sign-in",
        "/api",
        "/calendar",
        "/login/",
        "/account",
        "/wall",
    ),
)
"""Parts with files of their own: dashboards and summaries (Word, PDF, Excel), sheets of labels, connections."""


def pages(app):
    """Addresses without parameters that answer with a page."""
    found = {str(route) for route in routes(app) if not methods(route) - SAFE and "<" not in str(route)}
    return {path for path in found if not path.endswith((".xlsx", ".csv", ".svg", ".pdf", ".json"))}


def lacking(app, without=""):
    """Pages that are neither a list with a file nor named with a reason."""
    files = {str(route) for route in routes(app) if str(route).endswith(".xlsx")} - {f"{without}/list.xlsx"}
    with_file = {path.rsplit("/", 1)[0] for path in files} | set(ELSEWHERE) | set(BELONGS_TO)
    with_file |= {path.removesuffix(".xlsx") for path in files}
    reasons = {word for words in WITHOUT.values() for word in words}
    return sorted(
        path
        for path in pages(app)
        if path not in with_file
        and path not in reasons
        and path.rsplit("/", 1)[-1] not in reasons
        and not path.startswith(OTHERS)
    )


def test_every_list_is_there_as_a_file(app):
    assert lacking(app) == []


def test_a_list_without_a_file_is_noticed(app):
    assert lacking(app, without="/rounds/hazards") == ["/rounds/hazards"]


def test_every_list_has_the_address_of_a_page(app):
    assert set(LISTS) <= pages(app)
    for path in LISTS:
        (page,) = [route for route in routes(app) if str(route) == path and "GET" in methods(route)]
        (file,) = [route for route in routes(app) if str(route) == f"{path}/list.csv"]
        assert declared(app, page) == declared(app, file)
