"""Passkeys and the hospital's accounts in a real browser; what waits on a phone survives another way of signing in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import CDPSession, expect

from tests.acceptance.basement import Basement
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import PASSWORD, Phone
from tests.support import faults, provider
from tests.support.fault_proxy import FaultProxy
from tests.support.provider import CLIENT, SECRET, OidcProvider

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
POSTS = r"^/(tickets|photos)"


def give_keys(phone: Phone) -> tuple[CDPSession, str]:
    """A screen lock that can keep passkeys, and that a finger unlocks."""
    cdp = phone.context.new_cdp_session(phone.page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return cdp, str(made["authenticatorId"])


def test_a_passkey_is_made_named_used_and_removed(phone: Callable[..., Phone], hospital: Hospital) -> None:
    mine = phone("wang", language="en").switch_on().sign_in()
    give_keys(mine)
    mine.open("/account")
    mine.page.locator("#passkey-name").fill("Night shift phone")
    mine.page.get_by_role("button", name="Make a passkey on this device").click()
    expect(mine.page.locator("main")).to_contain_text("Night shift phone")
    mine.open("/more")
    mine.page.locator("form[data-sign-out] button").click()
    mine.page.wait_for_url("**/login*")
    mine.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(mine.page.locator("html")).not_to_have_attribute("data-person", "")
    assert hospital.value("SELECT sign_count > 0 AND used_at IS NOT NULL FROM passkeys") == 1
    mine.open("/account")
    mine.page.get_by_role("button", name="Remove: Night shift phone").click()
    mine.page.locator("dialog[open] [value=ok]").click()
    expect(mine.page.locator("main")).not_to_contain_text("Night shift phone")
    assert hospital.value("SELECT COUNT(*) FROM passkeys") == 0


def test_a_finger_that_is_not_recognised_signs_nobody_in(phone: Callable[..., Phone], hospital: Hospital) -> None:
    mine = phone("wang", language="en").switch_on().sign_in()
    cdp, key = give_keys(mine)
    mine.open("/account")
    mine.page.locator("#passkey-name").fill("Night shift phone")
    mine.page.get_by_role("button", name="Make a passkey on this device").click()
    expect(mine.page.locator("main")).to_contain_text("Night shift phone")
    hospital.end_sessions()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    mine.open("/login")
    mine.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(mine.page.locator("[data-passkey-error]")).to_contain_text("not used")
    assert hospital.value("SELECT COUNT(*) FROM login_sessions") == 0


GROUPS = ["后勤保障部-维修班"]
"""What the demo's rules make a technician of."""


@pytest.fixture
def house(demo_data: object, building: Hospital) -> Iterator[OidcProvider]:
    """A hospital whose accounts are connected: its server is started again with that, and without it afterwards."""
    with provider.running() as found:
        found.people["u-1"] = {"preferred_username": "wang", "name": "王建国", "staff": "S-100", "groups": GROUPS}
        found.signed_in = "u-1"
        building.stop()
        before = building.environment
        named = {"OIDC_ISSUER": found.url, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
        building.environment = before | named | {"OIDC_STAFF_CLAIM": "staff", "OIDC_NAME": "Hospital account"}
        building.start()
        yield found
        building.stop()
        building.environment = before


def test_what_waits_goes_out_after_coming_back_with_the_hospitals_account(
    house: OidcProvider, hospital: Hospital, far_phone: Callable[..., Phone], proxy: FaultProxy
) -> None:
    hospital.change("UPDATE people SET staff_number = 'S-100' WHERE login = 'wang'")
    basement = Basement(far_phone("wang", language="en").switch_on().sign_in(), hospital)
    basement.begin()
    proxy.put(faults.status(503), "POST", POSTS)
    basement.note("vor dem Anmelden")
    assert len(basement.waiting()) == 1
    hospital.end_sessions()
    proxy.clear()
    basement.phone.open("/login?next=/outbox")
    basement.page.get_by_role("link", name="Hospital account").click()
    expect(basement.page.locator("html")).not_to_have_attribute("data-person", "")
    basement.phone.nothing_waits()
    assert [(event.note, event.login) for event in basement.story() if event.verb == "note"] == [
        ("vor dem Anmelden", "wang")
    ]
    assert PASSWORD not in basement.page.content()
