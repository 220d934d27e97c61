"""Random work on one phone while network, browser and server fail at random: nothing lost, doubled or mixed up."""

import os
from collections.abc import Callable

import pytest

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.soak import Soak
from tests.support.fault_proxy import FaultProxy

COUNT = int(os.environ.get("SOAK_COUNT", "200"))
SEED = int(os.environ.get("SOAK_SEED", "20261122"))
KILLS = min(max(12, COUNT * 6 // 100), COUNT // 4)
SERVER_KILLS = max(4, COUNT // 50)
MINUTES = 45
"""For each 200 actions, on a slow machine with other tests beside."""

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(MINUTES * 60 * max(1, COUNT // 200))]


def test_nothing_is_lost_doubled_or_mixed_up(
    far_phone: Callable[..., Phone], hospital: Hospital, proxy: FaultProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    soak = Soak(far_phone("wang"), hospital, proxy, SEED)
    verdict = soak.run(COUNT, KILLS, SERVER_KILLS)
    with capsys.disabled():
        print(f"\n{soak.summary(verdict)}")  # noqa: T201 - the figures are what a soak is run for
    assert verdict.clean, soak.summary(verdict)
    assert len(soak.journal.deeds) >= COUNT
    assert soak.tally.browser_kills == KILLS
    unsaid = [deed for deed in soak.journal.deeds if not deed.saved]
    assert len(unsaid) <= KILLS + COUNT // 50, "the phone did not say that it saved"
    assert "right" in hospital.check_ledger()
