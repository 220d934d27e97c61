"""A notice is pushed to a phone: the service worker shows it once, and a touch opens what it is about."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.pushing import ask_for_notices, pusher, shown, touch
from tests.support.stubs import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_asked_for_by_a_button_shown_once_opened_by_a_touch(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    wang = phone("wang", "en").switch_on().sign_in()
    wang.open("/notices/settings")
    expect(wang.page.locator("[data-bell]")).not_to_have_attribute("data-bell", "0")
    assert hospital.value("SELECT count(*) FROM push_subscriptions") == 0
    ask_for_notices(wang, hospital, "https://push.example.com/wang", Browser().fields)
    assert hospital.value("SELECT endpoint FROM push_subscriptions") == "https://push.example.com/wang"

    push = pusher(wang, hospital)
    notice = str(uuid4())
    for _ in ("sent", "sent again by a worker that was killed"):
        push({"id": notice, "title": "A job for you", "href": "/tickets?mine=1"})
    push({"id": str(uuid4()), "title": "Elsewhere", "href": "//evil.example/x"})
    wang.until("navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.length === 2)")
    seen = sorted(shown(wang))
    assert seen == [["A job for you", notice, "/tickets?mine=1"], ["Elsewhere", seen[1][1], "/notices"]]
    touch(wang, notice)
    expect(wang.page).to_have_url(f"{hospital.url}/tickets?mine=1")
