"""Pictures: four formats are taken and made alike, everything else is refused in plain words and never breaks."""

import io
import struct
import zlib
from contextlib import suppress

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from crew_app.core.errors import Refused
from crew_app.evidence import images, limits
from crew_app.evidence.images import LARGE, MAX_BYTES, SMALL, THUMB, examine, shrink
from tests.support.pictures import MARKER, TAKEN, camera_exif, camera_jpeg, drawing, encoded, jpeg

RED, BLUE = (254, 0, 0), (0, 0, 254)


def opened(data):
    return Image.open(io.BytesIO(data))


def refusal_of(data):
    with pytest.raises(Refused) as refusal:
        examine(data)
    return refusal.value.code


def near(pixel, colour):
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


def heic(image=None, **options):
    out = io.BytesIO()
    pillow_heif.from_pillow(image or drawing(640, 480)).save(out, quality=80, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (jpeg(640, 480), "image/jpeg"),
        (encoded(drawing(640, 480), "PNG"), "image/png"),
        (encoded(drawing(640, 480), "WEBP"), "image/webp"),
        (heic(), "image/heic"),
        (encoded(drawing(640, 480), "AVIF"), "image/avif"),
    ],
    ids=["jpeg", "png", "webp", "heic", "avif"],
)
def test_the_five_formats_are_taken_and_shown_alike(data, media_type):
    picture = examine(data)
    assert picture.media_type == media_type
    assert (picture.width, picture.height) == (640, 480)
    for copy, longest in ((picture.large, 640), (picture.thumb, THUMB), (picture.small, SMALL)):
        shown = opened(copy)
        assert shown.format == "JPEG"
        assert shown.mode == "RGB"
        assert shown.size == (longest, longest * 3 // 4)
        assert near(shown.getpixel((10, 10)), RED)
        assert near(shown.getpixel((longest - 10, 10)), BLUE)


def test_copies_are_no_larger_than_a_screen_needs():
    picture = examine(jpeg(4000, 3000))
    assert (picture.width, picture.height) == (4000, 3000)
    assert max(opened(picture.large).size) == LARGE
    assert max(opened(picture.thumb).size) == THUMB


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (3, 2)])
def test_the_smallest_and_the_narrowest_pictures_are_taken(size):
    picture = examine(encoded(Image.new("RGB", size, "red"), "PNG"))
    assert min(opened(picture.thumb).size) >= 1
    assert max(opened(picture.large).size) <= LARGE


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (64, 48), RED),
        (2, (64, 48), BLUE),
        (3, (64, 48), BLUE),
        (6, (48, 64), RED),
        (8, (48, 64), BLUE),
    ],
)
def test_pictures_are_shown_upright(orientation, size, corner):
    picture = examine(camera_jpeg(orientation))
    assert (picture.width, picture.height) == size
    large = opened(picture.large)
    assert large.size == size
    assert near(large.getpixel((4, 4)), corner)


def test_time_and_position_are_read():
    picture = examine(camera_jpeg())
    assert picture.exif_at == TAKEN
    assert picture.latitude == pytest.approx(31.23)
    assert picture.longitude == pytest.approx(121.47)


def test_the_southern_and_western_half_of_the_world():
    exif = camera_exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[3] = "S", "W"
    picture = examine(encoded(drawing(), "JPEG", exif=exif))
    assert picture.latitude == pytest.approx(-31.23)
    assert picture.longitude == pytest.approx(-121.47)


def test_time_and_position_of_a_heic_are_read():
    picture = examine(heic(exif=camera_exif().tobytes()))
    assert picture.exif_at == TAKEN
    assert picture.latitude == pytest.approx(31.23)


def test_a_picture_without_metadata_has_none():
    picture = examine(jpeg())
    assert (picture.exif_at, picture.latitude, picture.longitude) == (None, None, None)


@pytest.mark.parametrize(
    "data",
    [
        camera_jpeg(),
        encoded(drawing(), "WEBP", exif=camera_exif().tobytes(), xmp=MARKER.encode()),
        encoded(drawing(), "PNG", exif=camera_exif()),
        heic(exif=camera_exif().tobytes(), xmp=MARKER.encode()),
        camera_jpeg(width=4000, height=3000) + MARKER.encode(),
    ],
    ids=["jpeg", "webp", "png", "heic", "trailing-bytes"],
)
def test_nothing_written_into_a_picture_is_in_its_copies(data):
    assert MARKER.encode() in data
    picture = examine(data)
    for copy in (picture.large, picture.thumb, picture.small):
        assert MARKER.encode() not in copy
        assert b"Exif" not in copy
        assert not opened(copy).getexif()
        assert "icc_profile" not in opened(copy).info


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGBA", "LA", "P", "1", "I;16", "YCbCr"])
def test_every_way_of_storing_colours_is_made_plain(mode):
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    image = Image.new("I;16", (320, 240), 40_000) if mode == "I;16" else drawing(320, 240, mode)
    picture = examine(encoded(image, kind))
    shown = opened(picture.large)
    assert shown.mode == "RGB"
    assert shown.size == (320, 240)
    if mode == "I;16":
        assert near(shown.getpixel((5, 5)), (156, 156, 156))


def test_a_palette_with_transparency_lies_on_white():
    image = drawing(320, 240).quantize(8)
    image.info["transparency"] = image.getpixel((5, 5))
    picture = examine(encoded(image, "PNG", transparency=image.getpixel((5, 5))))
    shown = opened(picture.large)
    assert near(shown.getpixel((5, 5)), (255, 255, 255))
    assert near(shown.getpixel((310, 5)), BLUE)


def test_a_photo_of_a_phone_that_writes_several_pictures_into_one_file():
    """Many phones add a second picture for depth or as a preview (MPO)."""
    data = encoded(drawing(640, 480), "MPO", save_all=True, append_images=[drawing(64, 48)])
    picture = examine(data)
    assert picture.media_type == "image/jpeg"
    assert (picture.width, picture.height) == (640, 480)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_taken(kind):
    data = encoded(drawing(), kind, save_all=True, append_images=[Image.new("RGB", (64, 48), "green")])
    assert near(opened(examine(data).large).getpixel((4, 4)), RED)


def test_a_page_of_fifty_of_the_smallest_copies_is_light():
    noisy = Image.effect_noise((1600, 1200), 120).convert("RGB")
    assert 50 * len(examine(encoded(noisy, "JPEG")).small) < 300_000


GIF, BMP, TIFF = (encoded(drawing(), kind) for kind in ("GIF", "BMP", "TIFF"))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [b"not a photo", SVG, GIF, BMP, TIFF, b"%PDF-1.7\n%abc", b"\0" * 1000, b"GIF89a" + jpeg(), SVG + jpeg()],
    ids=["text", "svg", "gif", "bmp", "tiff", "pdf", "zeros", "gif-with-jpeg", "svg-with-jpeg"],
)
def test_what_is_no_photo_is_refused(data):
    assert refusal_of(data) in ("photo-type", "photo-broken")


def test_an_empty_file_is_refused():
    assert refusal_of(b"") == "photo-empty"


def test_a_picture_with_a_program_behind_it_is_shown_without_it():
    picture = examine(jpeg() + b"<script>alert(1)</script>")
    assert b"<script>" not in picture.large


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.95])
def test_a_file_that_ends_too_early_is_refused(kind, kept):
    noisy = Image.effect_noise((400, 300), 90).convert("RGB")
    data = heic(noisy) if kind == "HEIC" else encoded(noisy, kind)
    assert refusal_of(data[: int(len(data) * kept)]) in ("photo-broken", "photo-type")


def test_more_bytes_than_allowed_are_not_even_opened(monkeypatch):
    monkeypatch.setattr(images, "_decode", None)
    assert refusal_of(b"\xff\xd8" + b"\0" * MAX_BYTES) == "photo-too-large"


def test_more_pixels_than_allowed_are_refused_before_anything_is_decoded():
    assert refusal_of(encoded(Image.new("1", (6000, 4001)), "PNG")) == "photo-too-many-pixels"


def test_as_many_pixels_as_allowed_are_taken():
    picture = examine(encoded(Image.new("1", (6000, 4000)), "PNG"))
    assert picture.width * picture.height == limits.PIXELS["PNG"]


def test_what_takes_more_memory_for_each_pixel_may_have_fewer():
    """A JPEG in one scan is scaled while it is decoded; in many scans, or see-through, it is kept whole."""
    flat = Image.new("RGB", (6000, 4000), "red")
    assert examine(encoded(flat, "JPEG")).width == 6000
    assert refusal_of(encoded(flat, "JPEG", progressive=True)) == "photo-too-many-pixels"
    assert refusal_of(encoded(Image.new("RGBA", (5000, 4000)), "PNG")) == "photo-too-many-pixels"


def test_a_refusal_says_how_many_pixels_are_possible():
    with pytest.raises(Refused) as refusal:
        examine(encoded(Image.new("1", (6000, 4001)), "PNG"))
    assert refusal.value.params == {"most": 24}


def test_scans_are_counted_and_thousands_of_them_refused():
    data = encoded(drawing(1600, 1200), "JPEG", progressive=True)
    assert limits.scans_of(data) > 5
    assert limits.scans_of(jpeg()) == 1
    last = data.rindex(b"\xff\xda")
    assert refusal_of(data[:last] + data[last:-2] * 2000 + b"\xff\xd9") == "photo-costly"


def test_metadata_that_claims_the_same_bytes_thousands_of_times_is_not_read():
    count = 5000
    entries = b"".join(struct.pack("<HHII", 1000 + at, 7, 60_000, 8) for at in range(count))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", count) + entries
    assert not limits.modest(exif)
    assert limits.modest(camera_exif().tobytes())
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    assert examine(jpeg()[:2] + segment + jpeg()[2:]).exif_at is None


def test_the_smallest_copy_is_made_of_the_large_one_where_there_is_none():
    picture = examine(jpeg(4000, 3000))
    assert opened(shrink(picture.large)).size == opened(picture.small).size == (SMALL, SMALL * 3 // 4)


def test_a_png_that_lies_about_its_size_is_refused():
    data = bytearray(encoded(drawing(), "PNG"))
    data[16:24] = struct.pack(">II", 4000, 4000)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    assert refusal_of(bytes(data)) == "photo-broken"


BROKEN_EXIF = [
    b"Exif\0\0",
    b"Exif\0\0II*\0",
    b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
    b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 40,
]


@pytest.mark.parametrize("exif", BROKEN_EXIF)
def test_broken_metadata_costs_nobody_a_photo(exif):
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    data = jpeg()
    picture = examine(data[:2] + segment + data[2:])
    assert picture.latitude is None


SMALL_WEBP = encoded(drawing(), "WEBP", exif=camera_exif().tobytes())


@settings(max_examples=150)
@given(st.data())
def test_no_damage_whatsoever_gives_an_error_that_is_not_a_refusal(data):
    whole = data.draw(st.sampled_from([camera_jpeg(6), encoded(drawing(), "PNG", exif=camera_exif()), SMALL_WEBP]))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        examine(bytes(damaged))
