"""Notices pushed to a phone: what no push service can do here, done by the test between the server and the phone."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

DELIVERIES = 3
SHOWN = """async () => {
  const notices = await (await navigator.serviceWorker.ready).getNotifications();
  return notices.map(({ title, tag, data }) => [title, tag, data.path]);
}"""
_TOUCH = """async (tag) => {
  const [notification] = await self.registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""
_FALSE_SERVICE = """
Notification.requestPermission = async () => "granted";
Object.defineProperty(Notification, "permission", { get: () => "granted" });
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (options) => {
  if (!options.userVisibleOnly || !options.applicationServerKey) throw new Error("no browser would do this");
  return { toJSON: () => (%s) };
};
"""


def ask_for_notices(phone: Phone, hospital: Hospital, endpoint: str, keys: Mapping[str, str]) -> None:
    """Touch the button; the browser says that its push service is at this address."""
    phone.context.grant_permissions(["notifications"], origin=hospital.url)
    phone.page.add_init_script(_FALSE_SERVICE % json.dumps({"endpoint": endpoint, "keys": dict(keys)}))
    phone.open("/notices/settings")
    phone.button("Notify me on this phone").click()
    phone.page.get_by_text(phone.say("Notices are on for this phone.")).wait_for()


def pusher(phone: Phone, hospital: Hospital) -> Callable[[Mapping[str, str]], None]:
    """Deliver to this phone's service worker what a push service would, again when it is not shown, as they do."""
    cdp = phone.context.new_cdp_session(phone.page)
    found: list[str] = []
    event = "ServiceWorker.workerRegistrationUpdated"
    cdp.on(event, lambda news: found.extend(one["registrationId"] for one in news["registrations"]))
    cdp.send("ServiceWorker.enable")
    while not found:
        phone.page.wait_for_timeout(50)

    def push(letter: Mapping[str, str]) -> None:
        message = {"origin": hospital.url, "registrationId": found[-1], "data": json.dumps(letter)}
        for _ in range(DELIVERIES):
            cdp.send("ServiceWorker.deliverPushMessage", message)
            if _comes(phone, letter["id"]):
                return
        raise AssertionError(f"never shown: {letter}")

    return push


def _comes(phone: Phone, tag: str) -> bool:
    for _ in range(50):
        if any(found == tag for _title, found, _path in shown(phone)):
            return True
        phone.page.wait_for_timeout(200)
    return False


def shown(phone: Phone) -> list[Any]:
    """What stands on the phone's screen now: title, tag and where it leads."""
    found: list[Any] = phone.page.evaluate(SHOWN)
    return found


def touch(phone: Phone, tag: str) -> None:
    """Touch a notice on the phone's screen."""
    phone.context.service_workers[0].evaluate(_TOUCH, tag)
