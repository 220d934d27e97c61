"""Every page on a phone, in both languages and both themes: readable, reachable, nothing cut off, nothing blocked."""

from collections.abc import Callable
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TECHNICIAN = (
    "/",
    "/tickets",
    "{ticket}",
    "{tag}",
    "/scan",
    "/stock",
    "{item}",
    "/places",
    "{place}",
    "/outbox",
    "/late",
    "/more",
    "/pin",
    "/switch",
)
OTHERS = {
    "li": ("/", "/review", "/late", "{late}", "/phones", "{phone}", "{finished}", "{label}", "{photo}"),
    "zhou": ("/evidence-rules", "/original-views", "{photo}"),
    "admin": ("/people", "/phones", "{phone}", "{person}", "/password"),
}
GUEST = ("/login", "{tag}", "/offline")
WANG = "SELECT id FROM people WHERE login = 'wang'"
SITE = f"site_id = (SELECT site_id FROM memberships WHERE person_id = ({WANG}) LIMIT 1)"
SMALLEST = 44
"""CSS pixels a touch target must have in both directions; the design's 48 less a border and rounding."""


# Colours do not depend on the language, nor widths on the theme: each language and each theme is looked at once.
@pytest.mark.parametrize(("language", "dark"), [("zh_Hans_CN", False), ("en", True)], ids=["zh-light", "en-dark"])
def test_every_page(hospital: Hospital, phone: Callable[..., Phone], language: str, dark: bool) -> None:
    addresses = _addresses(hospital)
    wang = phone("wang", language, dark=dark).switch_on()
    _look_at(wang, GUEST, addresses)
    _look_at(wang.sign_in(), TECHNICIAN, addresses)
    for login, pages in OTHERS.items():
        _look_at(phone(login, language, dark=dark).switch_on().sign_in(), pages, addresses)


def _look_at(phone: Phone, pages: tuple[str, ...], addresses: dict[str, str]) -> None:
    problems: list[str] = []
    phone.page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    phone.page.on("pageerror", lambda error: problems.append(str(error)))
    for page in pages:
        path = page.format(**addresses)
        phone.open(path)
        phone.page.wait_for_load_state("networkidle")
        found = Axe().run(phone.page)
        assert not found.response["violations"], f"{path}: {found.generate_report()}"
        assert phone.page.evaluate(_OVERFLOW) == [], f"{path} is wider than the screen"
        assert phone.page.evaluate(_SMALL, SMALLEST) == [], f"{path} has targets too small for a thumb"
        assert problems == [], path


def _addresses(hospital: Hospital) -> dict[str, str]:
    def one(path: str, query: str) -> str:
        return path + str(UUID(str(hospital.value(query + " LIMIT 1"))))

    code = hospital.value(f"SELECT code FROM tags WHERE place_id IS NOT NULL AND {SITE} LIMIT 1")
    return {
        "ticket": one("/tickets/", f"SELECT id FROM tickets WHERE owner_id = ({WANG}) AND state = 'accepted'"),
        "finished": one("/tickets/", f"SELECT id FROM tickets WHERE state = 'finished' AND {SITE}"),
        "item": one("/stock/items/", "SELECT id FROM items"),
        "place": one("/places/", f"SELECT id FROM places WHERE kind = 'floor' AND {SITE}"),
        "person": one("/people/", WANG),
        "photo": one("/photos/", f"SELECT id FROM photos WHERE stored_at IS NOT NULL AND {SITE}"),
        "phone": one("/phones/", "SELECT id FROM devices WHERE shared"),
        "late": one("/late/", "SELECT key FROM held_entries"),
        "tag": f"/t/{code}",
        "label": f"/tags/{code}/label",
    }


_OVERFLOW = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
      .map((e) => e.outerHTML.slice(0, 90)).slice(0, 3)
  : []"""

_SMALL = """(smallest) => [...document.querySelectorAll('button, .btn, select, summary, nav a, input')]
  .filter((e) => e.checkVisibility({visibilityProperty: true}))
  .filter((e) => !e.closest('label') && !e.matches('.skip, [type=hidden]'))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < smallest || box.width < smallest))
  .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 80)}`).slice(0, 5)"""
