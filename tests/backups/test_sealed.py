"""Encryption of backups: what is not exactly what was written, where it was written, does not open and is named."""

import pytest

from crew_app.backups.sealed import OVERHEAD, PART, seal, sealed_size, unseal
from crew_app.backups.troubles import Damaged, WrongKey
from tests.support.backups import KEY

HEAD, TAG = OVERHEAD - 16, 16
STEP = PART + TAG
THREE = bytes(range(256)) * (PART // 256) * 2 + b"the end"


def parts(blob):
    return [blob[start : start + STEP] for start in range(HEAD, len(blob), STEP)]


def joined(blob, *found):
    return blob[:HEAD] + b"".join(found)


@pytest.fixture(scope="module")
def blob():
    return seal(KEY, THREE, "a photo")


@pytest.mark.parametrize("data", [b"", b"x", b"y" * PART, b"z" * (PART + 1), THREE])
def test_what_was_sealed_comes_back_in_the_size_that_was_said(data):
    sealed = seal(KEY, data, "a photo")
    assert len(sealed) == sealed_size(len(data))
    assert unseal(KEY, sealed, "a photo") == data
    assert not data or data[:64] not in sealed or len(data) == 1


def test_it_is_never_the_same_twice():
    assert seal(KEY, b"x", "a photo") != seal(KEY, b"x", "a photo")


def test_another_key_is_said_to_be_another_key(blob):
    with pytest.raises(WrongKey, match="not the one"):
        unseal(KEY[::-1], blob, "a photo")


def test_the_place_of_another_file_is_refused(blob):
    with pytest.raises(Damaged, match="altered, or belongs to another file"):
        unseal(KEY, blob, "another photo")


def test_what_is_cut_off_between_parts_is_named(blob):
    one, two, _three = parts(blob)
    with pytest.raises(Damaged, match="cut off after part 2"):
        unseal(KEY, joined(blob, one, two), "a photo")
    with pytest.raises(Damaged, match="cut off after part 1"):
        unseal(KEY, joined(blob, one), "a photo")


@pytest.mark.parametrize("left", [3, HEAD - 1, HEAD + 5, HEAD + STEP + 5, -1])
def test_what_is_cut_off_anywhere_is_named(blob, left):
    with pytest.raises(Damaged, match="cut off"):
        unseal(KEY, blob[:left], "a photo")


def test_parts_that_changed_places_are_named(blob):
    one, two, three = parts(blob)
    with pytest.raises(Damaged, match="part 2 stands where part 1 belongs"):
        unseal(KEY, joined(blob, two, one, three), "a photo")
    with pytest.raises(Damaged, match="part 1 stands where part 2 belongs"):
        unseal(KEY, joined(blob, one, one, three), "a photo")


def test_what_was_put_behind_the_end_is_named(blob):
    one, two, three = parts(blob)
    with pytest.raises(Damaged):
        unseal(KEY, joined(blob, one, two, three, two), "a photo")
    whole = seal(KEY, b"q" * PART, "a photo")
    with pytest.raises(Damaged, match="put behind its last part, 1"):
        unseal(KEY, whole + b"more", "a photo")


def test_a_bit_that_turned_over_is_named_with_its_part(blob):
    turned = bytearray(blob)
    turned[HEAD + STEP + 100] ^= 1
    with pytest.raises(Damaged, match="part 2 of 3 does not open"):
        unseal(KEY, bytes(turned), "a photo")


def test_what_was_never_sealed_is_no_encrypted_file():
    with pytest.raises(Damaged, match="no encrypted file"):
        unseal(KEY, b"\xff\xd8 a picture in the open " * 9, "a photo")
