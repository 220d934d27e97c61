"""The soak fails as soon as one of the protections is taken away: otherwise its silence would mean nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.acceptance.hospital import Hospital
from tests.acceptance.journal import Verdict
from tests.acceptance.phone import Phone
from tests.acceptance.sabotage import Cut, sabotaged
from tests.acceptance.soak import POSTS, Soak
from tests.support import faults
from tests.support.fault_proxy import FaultProxy

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(1200)]

ACTIONS = 12
SENDER = "crew_app/static/src/outbox/sender.js"
RULES = "crew_app/static/src/outbox/rules.js"
RECEIPTS = "crew_app/core/receipts.py"

NO_RECEIPTS = (
    Cut(RECEIPTS, "receipt = session.get(Receipt, key)", "receipt = None"),
    Cut(RECEIPTS, "    session.add(\n        Receipt(", "    session.merge(\n        Receipt("),
)
DELETE_BEFORE_SENDING = (
    Cut(
        SENDER,
        "await deal(item, await attempt(item))",
        'await deal(item, (await finish(item, { location: "", date: 0 }), await attempt(item)))',
    ),
)
FOLLOW_REDIRECTS = (
    Cut(SENDER, 'redirect: "manual"', 'redirect: "follow"'),
    Cut(RULES, "if (response.ok && ours)", "if (response.ok)"),
)


@pytest.fixture
def soak_of(playwright: Playwright, demo_data: Path, tmp_path: Path):
    """Run a short soak of a sabotaged application, with one kind of fault."""

    def run(cuts: tuple[Cut, ...], *breaks: faults.Break, where: str = POSTS) -> Verdict:
        hospital = Hospital(demo_data, tmp_path / "hospital", sabotaged(tmp_path / "program", *cuts))
        hospital.start()
        try:
            with FaultProxy(hospital.port) as proxy:
                phone = Phone(playwright, proxy.url, tmp_path / "phone", "wang", "zh_Hans_CN")
                try:
                    return Soak(phone, hospital, proxy, 7, breaks, where).run(ACTIONS, 0, 0)
                finally:
                    phone.kill()
        finally:
            hospital.stop()

    return run


def test_without_a_look_at_the_receipts_a_lost_answer_doubles(soak_of) -> None:
    assert soak_of(NO_RECEIPTS, faults.deliver_and_drop, where="/notes$").doubled


def test_what_is_deleted_before_it_is_sent_gets_lost(soak_of) -> None:
    assert soak_of(DELETE_BEFORE_SENDING, faults.reset).lost


def test_who_follows_redirects_and_believes_every_200_loses_to_portals(soak_of) -> None:
    assert soak_of(FOLLOW_REDIRECTS, faults.redirect("/login"), faults.portal).lost
