"""Prints and close looks: what stays alike through a copy, and what another picture never is."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from crew_app.evidence import closeness, prints, screens
from crew_app.evidence.closeness import Placement
from crew_app.evidence.looking import SAME
from crew_app.evidence.prints import WHOLE, band_value, centred, distance, kept_parts, looks, signed, trimmed, unsigned
from tests.bench.copies import COPIES
from tests.support.evidence import shot
from tests.support.pictures import camera_jpeg, drawing

SUBJECTS = (21, 22, 24)
PLAIN_COPIES = ("encoded again", "scaled", "brighter", "darker", "cropped to 0.9", "turned by 1 degree", "stamped")


def found(copy: Image.Image, original: Image.Image) -> int:
    """The least distance of two prints that a search would bring together."""
    kept = kept_parts(trimmed(original.convert("L")))
    asked = [one for look in looks(trimmed(copy.convert("L"))) for one in (look, look.mirrored)]
    pairs = [
        distance(one.bits, other.bits)
        for one in asked
        for other in kept
        if any(band_value(other.bits, band) == value for band, value in one.lookups())
    ]
    return min(pairs, default=64)


def close(copy: Image.Image, original: Image.Image, start: Placement, *, mirrored: bool = False) -> float:
    return closeness.closeness(copy.convert("L"), original.convert("L"), [start], mirrored=mirrored)


@pytest.mark.parametrize("kind", [*PLAIN_COPIES, "mirrored", "screenshot"])
def test_a_copy_is_found_by_its_print(kind):
    for subject in SUBJECTS:
        original = shot(subject)
        assert found(COPIES[kind](original, Random(subject)), original) <= 12


@pytest.mark.parametrize("kind", PLAIN_COPIES)
def test_a_close_look_knows_a_copy(kind):
    for subject in SUBJECTS:
        original = shot(subject)
        copy = COPIES[kind](original, Random(subject))
        start = Placement.from_windows(WHOLE, centred(0.9 if kind == "cropped to 0.9" else 1.0))
        assert close(copy, original, start) >= SAME


def test_a_close_look_tells_another_persons_picture_of_the_same_thing():
    for subject in SUBJECTS:
        assert close(shot(subject, 2), shot(subject, 1), Placement.from_windows(WHOLE, WHOLE)) < SAME - 0.2


def test_a_mirrored_copy_is_looked_at_in_the_mirror():
    original = shot(21)
    start = Placement.from_windows(WHOLE, WHOLE)
    assert close(ImageOps.mirror(original), original, start, mirrored=True) >= SAME
    assert close(ImageOps.mirror(original), original, start) < SAME


def test_the_print_of_a_mirrored_picture_follows_from_the_bits():
    wide = prints.kept_parts(shot(21))[0]
    assert distance(prints.kept_parts(ImageOps.mirror(shot(21)))[0].bits, wide.mirrored.bits) <= 1


def test_pictures_of_nothing_are_no_evidence_of_anything():
    blank = Image.new("L", (400, 300), 200)
    assert close(blank, blank, Placement.from_windows(WHOLE, WHOLE)) == 0


def test_without_bits_both_ways_fewer_crops_are_found(monkeypatch):
    """Sabotage: a search that trusts every bit."""
    copies = [(COPIES["cropped to 0.9"](shot(number), Random(number)), shot(number)) for number in range(30, 40)]
    good = sum(found(*pair) <= 18 for pair in copies)
    monkeypatch.setattr(prints, "DOUBTFUL", 0)
    monkeypatch.setattr(prints, "DOUBTFUL_WHOLE", 0)
    monkeypatch.setattr(prints, "LOOKS", ((1.0, 1),))
    prints.windows.cache_clear()
    bad = sum(found(*pair) <= 18 for pair in copies)
    prints.windows.cache_clear()
    assert good >= 9 > bad


@given(st.integers(0, 2**64 - 1))
def test_bits_come_back_from_the_database(bits):
    assert unsigned(signed(bits)) == bits
    assert -(2**63) <= signed(bits) < 2**63
    assert sum(band_value(bits, band) << 16 * band for band in range(4)) == bits


def test_a_lookup_tries_the_doubtful_bits_both_ways():
    one = prints.kept_parts(shot(21))[1]
    lookups = list(one.lookups())
    assert len(set(lookups)) == 4 * 2**prints.DOUBTFUL
    assert {(band, band_value(one.bits, band)) for band in range(4)} <= set(lookups)


def test_a_placement_brings_one_window_onto_the_other():
    placement = Placement.from_windows(centred(0.8), WHOLE)
    assert (placement.scale, round(placement.x, 6), round(placement.y, 6)) == (1.25, -0.125, -0.125)


def test_a_picture_is_seen_upright():
    sizes = [prints.opened(camera_jpeg(turn, 80, 40), 320).size for turn in (1, 6)]
    assert sizes == [(80, 40), (40, 80)]


def test_only_flat_bars_above_and_below_are_cut_off():
    screen = COPIES["screenshot"](shot(21), Random(3))
    assert trimmed(screen.convert("L")).height < screen.height * 0.9
    for picture in (shot(21), shot(22), drawing(400, 300)):
        grey = picture.convert("L")
        assert trimmed(grey).size == grey.size


@pytest.mark.parametrize("subject", [21, 22, 23, 24])
def test_a_screenshot_is_known_and_a_photo_is_none(subject):
    screen = COPIES["screenshot"](shot(subject), Random(subject))
    assert screens.screenshot(screen, "image/png 1080x2400", "") > 0.9
    assert screens.screenshot(screen, "", "") > 0.5
    assert screens.screenshot(screen, "image/jpeg 1080x2400", "HUAWEI P60") == 0
    assert screens.screenshot(shot(subject), "", "") == 0
    long = shot(subject).resize((720, 1600))
    assert screens.screenshot(long, "image/jpeg 1440x3200", "") == 0


def test_a_photo_of_a_thing_is_no_photo_of_a_screen():
    assert [screens.screen_photo(shot(subject)) for subject in range(21, 27)] == [0] * 6


def test_some_photos_of_screens_are_known():
    seen = [screens.screen_photo(COPIES["off a screen"](shot(subject), Random(subject))) for subject in range(40, 52)]
    assert any(score > 0 for score in seen)


def test_windows_lie_within_the_picture():
    for left, top, width, height in prints.windows():
        assert min(left, top) >= 0
        assert max(left + width, top + height) <= 1 + 1e-9
    assert all(bigger > smaller for bigger, smaller in pairwise(prints.KEPT))
