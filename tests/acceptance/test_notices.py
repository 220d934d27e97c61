"""A notice is pushed to a phone: the service worker shows it once, and a touch opens what it is about."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FALSE_SERVICE = """
Notification.requestPermission = async () => "granted";
Object.defineProperty(Notification, "permission", { get: () => "granted" });
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (options) => ({ toJSON: () => ({
  endpoint: "https://push.example.com/" + (options.userVisibleOnly ? "wang" : "silent"),
  keys: { p256dh: options.applicationServerKey, auth: "AAAAAAAAAAAAAAAAAAAAAA" },
}) });
"""
"""No push service can be reached from here; the public key of the installation is a point of the curve as well."""
SHOWN = """async () => {
  const notices = await (await navigator.serviceWorker.ready).getNotifications();
  return notices.map(({ title, tag, data }) => [title, tag, data.path]);
}"""

TOUCH = """async (tag) => {
  const [notification] = await self.registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


def test_asked_for_by_a_button_shown_once_opened_by_a_touch(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    wang = phone("wang", "en").switch_on().sign_in()
    wang.context.grant_permissions(["notifications"], origin=hospital.url)
    wang.page.add_init_script(FALSE_SERVICE)
    wang.open("/notices/settings")
    bell = wang.page.locator("[data-bell]")
    expect(bell).to_have_attribute("data-bell", "2")
    assert hospital.value("SELECT count(*) FROM push_subscriptions") == 0
    wang.button("Notify me on this phone").click()
    expect(wang.page.get_by_text("Notices are on for this phone.")).to_be_visible()
    assert hospital.value("SELECT endpoint FROM push_subscriptions") == "https://push.example.com/wang"

    push = pusher(wang, hospital)
    notice = str(uuid4())
    for _ in ("sent", "sent again by a worker that was killed"):
        push({"id": notice, "title": "A job for you", "href": "/tickets?mine=1"})
    push({"id": str(uuid4()), "title": "Elsewhere", "href": "//evil.example/x"})
    wang.until("navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.length === 2)")
    shown = wang.page.evaluate(SHOWN)
    assert sorted(shown) == [["A job for you", notice, "/tickets?mine=1"], ["Elsewhere", shown[1][1], "/notices"]]
    wang.context.service_workers[0].evaluate(TOUCH, notice)
    expect(wang.page).to_have_url(f"{hospital.url}/tickets?mine=1")


def pusher(phone: Phone, hospital: Hospital) -> Callable[[dict[str, str]], None]:
    """Deliver to this phone's service worker what a push service would."""
    cdp = phone.context.new_cdp_session(phone.page)
    found: list[str] = []
    event = "ServiceWorker.workerRegistrationUpdated"
    cdp.on(event, lambda news: found.extend(one["registrationId"] for one in news["registrations"]))
    cdp.send("ServiceWorker.enable")
    while not found:
        phone.page.wait_for_timeout(50)

    def push(letter: dict[str, str]) -> None:
        message = {"origin": hospital.url, "registrationId": found[-1], "data": json.dumps(letter)}
        cdp.send("ServiceWorker.deliverPushMessage", message)
        phone.until(
            f"navigator.serviceWorker.ready.then((one) => one.getNotifications({{tag: {letter['id']!r}}}))"
            ".then((all) => all.length === 1)"
        )

    return push
