"""A running demo hospital and phones to walk through it with."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.acceptance.hospital import Hospital, make_demo
from tests.acceptance.phone import Phone
from tests.support.browsers import CHROMIUM
from tests.support.fault_proxy import FaultProxy

HandOut = Callable[..., Phone]
HANDED_OUT: pytest.StashKey[list[Phone]] = pytest.StashKey()


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """For whoever has no phone of the crew: `nurse.stranger(browser, hospital)`."""
    made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
    yield made
    made.close()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    return make_demo(shared / "demo-data")


@pytest.fixture(scope="session")
def building(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """The hospital of this worker: a server takes seconds to start, its data a moment to be put back."""
    built = Hospital(demo_data, tmp_path_factory.mktemp("hospital") / "data")
    yield built
    built.stop()


@pytest.fixture
def hospital(building: Hospital) -> Hospital:
    """As if nobody had been there before."""
    building.begin_again()
    return building


@pytest.fixture
def proxy(hospital: Hospital) -> Iterator[FaultProxy]:
    """What stands between phones and the hospital's server, and breaks when told to."""
    with FaultProxy(hospital.port) as running:
        yield running


@pytest.fixture
def phone(
    request: pytest.FixtureRequest, playwright: Playwright, hospital: Hospital, tmp_path: Path
) -> Iterator[HandOut]:
    """Give somebody a phone: `phone("wang", language="en")`."""
    yield from _phones(request, playwright, hospital.url, tmp_path)


@pytest.fixture
def far_phone(
    request: pytest.FixtureRequest, playwright: Playwright, proxy: FaultProxy, tmp_path: Path
) -> Iterator[HandOut]:
    """The same, with the fault proxy between the phone and the server."""
    yield from _phones(request, playwright, proxy.url, tmp_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed tells what its phones showed."""
    report = yield
    if call.when == "call" and report.failed:
        phones = item.stash.setdefault(HANDED_OUT, [])
        for number, made in enumerate(phones):
            report.sections.append((f"phone {number}", made.account()))
    return report


def _phones(request: pytest.FixtureRequest, playwright: Playwright, url: str, folder: Path) -> Iterator[HandOut]:
    phones = request.node.stash.setdefault(HANDED_OUT, [])

    def hand_out(login: str, language: str = "zh_Hans_CN", *, dark: bool = False) -> Phone:
        made = Phone(playwright, url, folder / f"phone-{len(phones)}", login, language, dark=dark)
        phones.append(made)
        return made

    yield hand_out
    for made in phones:
        made.kill()
