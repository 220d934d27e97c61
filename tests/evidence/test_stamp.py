"""What is shown large carries its stamp: legible, checkable, from the right facts, and only pixels of the file."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp
from PIL import Image, ImageChops

from crew_app.core.codes import grouped
from crew_app.core.db import session, write_transaction
from crew_app.evidence import showing, stamp
from crew_app.evidence.showing import Look, Renderings, Showing
from crew_app.evidence.stamp import Words, stamped
from crew_app.places.models import Place
from crew_app.web.stamps import words_of
from tests.support.client import accepted, unseen
from tests.support.client import stamp as written
from tests.support.counting import statements
from tests.support.image_work import done_here
from tests.support.pictures import MARKER, announcement, camera_exif, drawing, encoded, jpeg
from tests.support.proof import change, contrast, cover, opened, row, stripes, take
from tests.support.rounds import make_run, visiting
from tests.support.tickets import make_ticket

ADDRESS = "https://crew.example.org/v/A1B2CD3E4FG5H6"
WORDS = Words("住院楼 / 七楼 / 701室", ("增压泵 pump · 工单 N1",), "", "验证码 A1B2C", ADDRESS)
AREA = (250, 250, 500, 500)
WITHIN, OUTSIDE = (0.3, 0.3, 0.7, 0.7), (0.0, 0.0, 0.2, 0.2)


@pytest.fixture
def ticket(app, world):
    return make_ticket(app, world, "accepted")


@pytest.fixture
def phone(sign_in):
    return sign_in("technician")


def said(app, photo_id):
    with app.test_request_context():
        return words_of([row(app, photo_id)])[row(app, photo_id).id]


def read(data):
    return [code.text for code in zxingcpp.read_barcodes(opened(data))]


@pytest.mark.parametrize("colour", ["white", "black", "red"])
@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (300, 200), (64, 48), (1600, 20)])
def test_the_band_stands_below_and_its_code_is_read_on_any_picture(colour, size):
    made = stamped(encoded(Image.new("RGB", size, colour), "JPEG"), (), WORDS)
    picture = opened(made)
    assert picture.height > size[1]
    assert read(made) == [ADDRESS]
    left = (picture.width - size[0]) // 2
    untouched = picture.crop((left, 0, left + size[0], size[1]))
    above = (1, 1, size[0] - 1, max(2, size[1] - 16))
    far = ImageChops.difference(untouched, Image.new("RGB", size, colour)).convert("L").crop(above)
    assert max(far.tobytes()) < 24


def test_long_and_rare_words_stay_within_the_picture():
    long = Words(
        "住院楼" * 60, ("word " * 90, "喆龘㛃 · 服务器时间 2026-11-30 14:20:05"), "手机时间", "验证码", ADDRESS
    )
    made = opened(stamped(jpeg(640, 480), (), long))
    assert made.width == 640
    assert made.height < 480 + 480


def test_whoever_scans_a_stamp_on_paper_gets_the_address(app, phone, ticket):
    photo = take(phone, ticket)
    [address] = read(phone.get(f"/photos/{photo}/large").data)
    assert address.endswith(f"/v/{row(app, photo).code}")


def test_the_stamp_says_where_what_who_when_and_its_code(app, world, phone, ticket):
    photo = take(phone, ticket, role="after", photo_source="live")
    words, kept = said(app, photo), row(app, photo)
    assert words.title == "住院楼 / 七楼 / 701室"
    assert re.fullmatch(r"工单 \S+ · 灯具 · 维修后", words.lines[0]), words.lines[0]
    assert words.lines[1].startswith("员工technician · 服务器时间 2")
    assert "相" not in words.lines[1]
    assert words.claimed == ""
    assert grouped(kept.code) in words.code


def test_an_asset_a_gallery_and_a_drawing_are_named(app, world, sign_in, phone):
    fields = {"asset_id": str(world.assets["pump"]), "place_id": "", "job_kind": "drain"}
    where = accepted(phone.send("/tickets", fields | {"ticket_id": "0195bd1e-0000-7000-8000-00000000000a"}), 201)
    ticket = where.rpartition("/")[2]
    photo = take(phone, ticket, photo_source="gallery")
    copy = take(phone, ticket, jpeg(320, 240), photo_source="live", photo_copy_of=photo)
    assert said(app, photo).lines[0].startswith("增压泵 pump · 工单 ")
    assert said(app, photo).lines[1].endswith(" · 从相册选")
    assert said(app, copy).lines[1].endswith(" · 带标注的副本")


def test_a_time_that_only_the_phone_says_is_marked(app, phone, ticket):
    hours_ago = datetime.now(UTC) - timedelta(hours=3)
    late = take(phone, ticket, photo_taken_at=written(hours_ago))
    assert "手机时间" in said(app, late).claimed
    assert "未经核实" in said(app, late).claimed
    site_time = hours_ago + timedelta(hours=8)
    assert site_time.strftime("%Y-%m-%d %H:%M") in said(app, late).claimed


def test_a_photo_of_a_round_says_round_and_stop(app, world, phone):
    ids, data = make_run(app, world), jpeg(640, 480)
    fields = announcement(data)
    accepted(phone.send(f"/rounds/stops/{ids['room']}/visits", {**visiting(), **fields, "photo_for": ""}), 201)
    accepted(phone.send(f"/photos/{fields['photo_id']}/original", body=data))
    words = said(app, fields["photo_id"])
    assert "巡" in words.lines[0]
    assert "水泵巡查" in words.lines[0]
    assert words.lines[0].endswith("第 1 站")
    assert read(phone.get(f"/photos/{fields['photo_id']}/large").data)


def test_one_rendering_for_all_languages(phone, ticket, sign_in):
    photo = take(phone, ticket)
    mine, theirs = phone.get(f"/photos/{photo}/large"), sign_in("guard", language="en").get(f"/photos/{photo}/large")
    assert mine.data == theirs.data
    assert mine.headers["ETag"] == theirs.headers["ETag"]


def test_it_is_asked_for_again_and_is_another_one_when_a_fact_changed(app, world, phone, ticket):
    path = f"/photos/{take(phone, ticket)}/large"
    first = phone.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert phone.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with app.app_context(), write_transaction():
        session.get_one(Place, world.places["room"]).path = "门诊楼 / 一楼"
    again = phone.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.data != first.data


def test_small_pictures_and_those_for_the_camera_carry_no_stamp(app, phone, ticket):
    photo = take(phone, ticket, jpeg(640, 480))
    assert opened(phone.get(f"/photos/{photo}/plain").data).size == (640, 480)
    assert opened(phone.get(f"/photos/{photo}/thumb").data).size == (320, 240)
    assert "immutable" in phone.get(f"/photos/{photo}/thumb").headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["thumb", "plain", "large"])
def test_covered_areas_are_blurred_in_whatever_is_shown(app, phone, ticket, kind):
    photo = take(phone, ticket, stripes())
    before = phone.get(f"/photos/{photo}/{kind}")
    cover(app, photo, AREA)
    after = phone.get(f"/photos/{photo}/{kind}?v=1")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert "immutable" not in phone.get(f"/photos/{photo}/{kind}").headers["Cache-Control"]
    height = 1.0 if kind != "large" else 480 / opened(before.data).height
    within = (WITHIN[0], WITHIN[1] * height, WITHIN[2], WITHIN[3] * height)
    assert contrast(opened(before.data), within) > 180
    assert contrast(opened(after.data), within) < 60
    assert contrast(opened(after.data), OUTSIDE) > 150


def test_sabotage_without_the_blur_the_stripes_are_seen(app, phone, ticket, monkeypatch):
    done_here(monkeypatch)
    monkeypatch.setattr(stamp, "blurred", lambda image, _areas: image)
    photo = take(phone, ticket, stripes())
    cover(app, photo, AREA)
    assert contrast(opened(phone.get(f"/photos/{photo}/plain").data), WITHIN) > 180


@pytest.mark.parametrize("kind", ["thumb", "plain", "large"])
@pytest.mark.parametrize("covered", [False, True])
def test_nothing_of_the_file_but_its_pixels_is_shown(app, phone, ticket, kind, covered):
    marker = MARKER.encode()
    extra = {"icc_profile": b"ICC" + marker, "xmp": b"<x:xmpmeta>" + marker, "comment": marker}
    data = encoded(drawing(640, 480), "JPEG", exif=camera_exif(), **extra)
    assert data.count(marker) >= 4
    photo = take(phone, ticket, data)
    if covered:
        cover(app, photo, AREA)
    shown = phone.get(f"/photos/{photo}/{kind}").data
    assert shown[:2] == b"\xff\xd8"
    assert not [word for word in (marker, b"Exif", b"ICC_PROFILE", b"xmpmeta", b"ns.adobe.com") if word in shown]
    assert Image.open(io.BytesIO(shown)).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_words_of_many_cost_as_many_queries_as_those_of_one(app, phone, ticket):
    photos = [take(phone, ticket, jpeg(64 + number, 48)) for number in range(6)]
    counted = []
    for some in (photos[:1], photos):
        rows = [row(app, photo) for photo in some]
        with app.test_request_context(), statements(app) as found:
            words_of(rows)
            counted.append(len([one for one in found if one.startswith("SELECT")]))
    assert counted[0] == counted[1] <= 4


@pytest.mark.parametrize("kind", ["large", "plain"])
def test_others_are_told_that_there_is_nothing(phone, ticket, sign_in, stranger, kind):
    path = f"/photos/{take(phone, ticket)}/{kind}"
    unseen(sign_in("outsider").get(path))
    unseen(sign_in("contractor").get(path))
    assert stranger.get(path).status_code == 302


def test_what_was_removed_is_not_shown(app, phone, ticket):
    photo = take(phone, ticket)
    change(app, photo, removed_at=datetime.now(UTC))
    for kind in ("large", "plain", "thumb"):
        answer = phone.get(f"/photos/{photo}/{kind}")
        unseen(answer)
        assert answer.headers["Crew-Refusal"] == "photo-removed"


def test_the_kept_renderings_are_bounded_and_can_be_forgotten(tmp_path):
    kept = Renderings(tmp_path)
    looks = [Look(Showing.PLAIN, f"{number:064x}", ((0, 0, 500, 500),)) for number in range(20)]
    for look in looks:
        kept.put(look, bytes(1000))
    kept.clear(most=30_000, left=10_000)
    assert len(list(tmp_path.rglob("*.jpg"))) == 20
    kept.clear(most=15_000, left=5_000)
    assert len(list(tmp_path.rglob("*.jpg"))) == 5
    kept.put(looks[0], b"x")
    kept.forget(looks[0].sha256)
    assert kept.get(looks[0]) is None


def test_what_was_made_once_is_not_made_again(app, phone, ticket, monkeypatch):
    path = f"/photos/{take(phone, ticket)}/large"
    first = phone.get(path).data
    monkeypatch.setattr(showing, "develop", lambda *_: b"made anew")
    assert phone.get(path).data == first
