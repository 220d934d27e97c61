"""Reporting without an account in a real browser: with scripts and without, counted in touches and seconds."""

import time

import pytest
from playwright.sync_api import Page, expect

from crew_app.web.strangers import solves
from tests.acceptance.hospital import Hospital
from tests.acceptance.nurse import OWN_LINK, judge, photo, stranger
from tests.benchmarks.flood import flood

TOUCHES, SECONDS = 4, 20
PLACE = (
    "SELECT code FROM tags WHERE place_id IN (SELECT place_id FROM tickets WHERE state = 'open' AND asset_id IS NULL) "
    "ORDER BY code"
)


def tag(hospital: Hospital) -> str:
    return str(hospital.rows(PLACE)[0][0])


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_nurse_reports_a_second_one_joins_and_it_is_accepted_and_rated(browser, hospital, scripts):
    began = time.monotonic()
    touches: list[str] = []
    nurse = stranger(browser, hospital, scripts=scripts)
    nurse.goto(f"/t/{tag(hospital)}")
    touch(nurse, touches, nurse.locator("#report .tile").first)
    picture = photo(2400, 1800)
    nurse.locator("#report-photo").set_input_files(picture)
    touches.append("photo")  # and the shutter, in the phone's own camera
    touch(nurse, touches, nurse.get_by_role("button", name="Report"))
    expect(nurse).to_have_url(OWN_LINK)
    expect(nurse.get_by_role("heading", level=1)).to_have_text("Your report has arrived")
    assert len(touches) + 1 <= TOUCHES
    assert time.monotonic() - began < SECONDS
    number = hospital.value("SELECT number FROM tickets WHERE follow_hash IS NOT NULL ORDER BY opened_at DESC LIMIT 1")
    expect(nurse.get_by_text(str(number))).to_be_visible()
    if scripts:
        assert hospital.value("SELECT byte_size FROM photos ORDER BY received_at DESC LIMIT 1") < len(picture["buffer"])
    second = stranger(browser, hospital, scripts=scripts)
    second.goto(f"/t/{tag(hospital)}")
    second.get_by_role("button", name="Me too").first.click()
    expect(second.get_by_text("1 more has this, too")).to_be_visible()
    repaired(hospital)
    judge(nurse)


def touch(page: Page, touches: list[str], place) -> None:
    touches.append(str(place))
    place.click()


def repaired(hospital: Hospital) -> None:
    """The technician's part, done by hand: here it is about the nurse."""
    hospital.change(
        "UPDATE tickets SET state = 'finished', finished_at = changed_at, owner_id = (SELECT id FROM people WHERE "
        "login = 'wang') WHERE follow_hash IS NOT NULL"
    )


@pytest.mark.browser
def test_the_browser_solves_the_puzzle_by_itself(browser, hospital):
    page = stranger(browser, hospital, scripts=True)
    page.goto(f"/t/{tag(hospital)}")
    proof = page.locator("#report [name=_proof]")
    expect(proof).not_to_have_value("", timeout=20_000)
    assert solves(page.locator("#report [name=_effort]").input_value(), proof.input_value())


@pytest.mark.browser
def test_a_small_flood_leaves_the_wards_alone(hospital):
    result = flood(hospital, number=60, wards=5, parallel=4, each=1)
    assert result.answers == {303: 5}
    assert result.flooded[303] <= 3
    assert result.flooded[429] >= 57
