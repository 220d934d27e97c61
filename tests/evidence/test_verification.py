"""The page behind a code: what it tells, that it finds what was altered, and that a foreign picture is found out."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import text

from crew_app.core.codes import check_character, grouped, make_code
from crew_app.core.db import db
from crew_app.demo.pictures import photo as drawn
from crew_app.evidence import comparing
from tests.support.client import SAME_ORIGIN, unseen
from tests.support.image_work import done_here
from tests.support.pictures import jpeg
from tests.support.proof import change, cover, opened, row, take
from tests.support.tickets import make_ticket

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def scene():
    return drawn("lamp", fixed=False, taken_at=AT, hand=1)


@pytest.fixture(scope="module")
def another():
    return drawn("lamp", fixed=True, taken_at=AT, hand=2)


@pytest.fixture
def phone(sign_in):
    return sign_in("technician")


@pytest.fixture
def ticket(app, world):
    return make_ticket(app, world, "accepted")


@pytest.fixture
def photo(phone, ticket, scene):
    return take(phone, ticket, scene)


def code_of(app, photo):
    return row(app, photo).code


def page_of(client, app, photo):
    return client.page(f"/v/{code_of(app, photo)}")


def outcome(client, app, photo, data):
    """What the server says about a file."""
    answer = client.post(
        f"/v/{code_of(app, photo)}/comparison", data={"picture": (io.BytesIO(data), "x.jpg")}, headers=SAME_ORIGIN
    )
    assert answer.status_code == 200
    words = {
        "与原图逐位一致": "original",
        "与本系统显示的完全一致": "shown",
        "同一张照片，经过压缩或缩放": "same",
        "大体相同，但有局部不一致": "changed",
        "不是同一张照片": "other",
    }
    html = answer.get_data(as_text=True).partition('<div role="status">')[2]
    return next((name for said, name in words.items() if said in html.partition("</div>\n</div>")[0]), html[:300])


def encoded(image, quality=80):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def test_anybody_with_the_code_reads_what_the_stamp_must_say(app, photo, stranger):
    page = page_of(stranger, app, photo)
    for words in ("住院楼 / 七楼 / 701室", "员工technician", "灯具", grouped(code_of(app, photo)), "未被改动"):
        assert words in page.text, words
    assert row(app, photo).sha256[:8] in page.text
    assert "/tickets/" not in page.html
    assert "/large" not in page.html
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    small = stranger.get(f"/v/{code_of(app, photo)}/thumb")
    assert small.status_code == 200
    assert max(opened(small.data).size) <= 320


def test_who_sees_the_photo_anyway_gets_the_way_to_it(app, photo, ticket, sign_in):
    page = page_of(sign_in("guard"), app, photo)
    assert page.all("a", href=f"/tickets/{ticket}")
    assert page.all("a", href=f"/photos/{photo}/large")
    assert not page_of(sign_in("outsider"), app, photo).all("a", href=f"/tickets/{ticket}")


@pytest.mark.parametrize("written", ["{}", "{}-", " {} ", "lower", "grouped"])
def test_a_code_is_typed_as_people_type(app, photo, stranger, written):
    code = code_of(app, photo)
    typed = {"lower": code.lower(), "grouped": grouped(code)}.get(written, written.format(code))
    answer = stranger.get("/v", query_string={"code": typed})
    assert answer.headers["Location"] == f"/v/{code}"


def test_a_typing_error_and_a_code_of_nothing_are_told_in_words(app, photo, stranger):
    code = code_of(app, photo)
    wrong = ("0" if code[3] != "0" else "1").join((code[:3], code[4:]))
    page = stranger.page(f"/v/{wrong}", status=404)
    assert "验证码有误" in page.text
    assert page.all("input", name="code")[0].get("value") == wrong
    made_up = make_code()
    assert made_up[13] == check_character(made_up[:13])
    page = stranger.page(f"/v/{made_up}", status=404)
    assert "没有使用这个验证码的照片" in page.text
    assert "住院楼" not in page.text
    assert stranger.get(f"/v/{made_up}/thumb").status_code == 404


def test_a_photo_that_has_not_arrived_and_one_that_was_removed_are_told(app, phone, ticket, stranger):
    photo = take(phone, ticket)
    change(app, photo, removed_at=datetime.now(UTC))
    page = page_of(stranger, app, photo)
    assert "已于" in page.text
    assert not page.all("img", src=f"/v/{code_of(app, photo)}/thumb")
    change(app, photo, removed_at=None, stored_at=None)
    assert "还没有到达" in page_of(stranger, app, photo).text


def test_covers_are_counted_and_a_marked_copy_names_its_original(app, phone, ticket, stranger):
    photo = take(phone, ticket)
    cover(app, photo, (0, 0, 300, 300))
    cover(app, photo, (500, 500, 300, 300))
    assert "2 处已打码" in page_of(stranger, app, photo).text
    copy = take(phone, ticket, jpeg(320, 240), photo_copy_of=photo)
    assert grouped(code_of(app, photo)) in page_of(stranger, app, copy).text


def test_the_capture_window_and_both_clocks_are_told(app, phone, ticket, stranger):
    photo = take(phone, ticket)
    assert "没有附带一次性口令" in page_of(stranger, app, photo).text
    given = row(app, photo).received_at - timedelta(minutes=20)
    with app.app_context(), db.engine.begin() as connection:
        values = {"given": given.replace(tzinfo=None).isoformat(sep=" ")}
        connection.execute(text("UPDATE photos SET challenged_at = :given"), values)
    page = page_of(stranger, app, photo)
    assert "形成于" in page.text
    assert "一次性口令" in page.text


ALTERED = {
    "the fingerprint": "UPDATE photos SET sha256 = replace(sha256, substr(sha256, 1, 4), 'dead')",
    "the person": "UPDATE photos SET person_id = NULL",
    "the time": "UPDATE photos SET received_at = '2026-01-01 00:00:00.000000'",
}


@pytest.mark.parametrize("what", ALTERED)
def test_a_row_altered_behind_our_back_is_told_to_whoever_looks(app, phone, ticket, stranger, what):
    code = code_of(app, take(phone, ticket))
    assert "未被改动" in stranger.page(f"/v/{code}").text
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(ALTERED[what]))
    page = stranger.page(f"/v/{code}")
    assert "被改动过" in page.text
    assert "未被改动" not in page.text


def test_a_link_made_to_fit_an_altered_row_does_not_fit_its_neighbours(app, phone, ticket, stranger):
    code = code_of(app, take(phone, ticket))
    take(phone, ticket, jpeg(320, 240))
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS chain_links_no_update"))
        connection.execute(text("UPDATE chain_links SET hash = replace(hash, substr(hash, 1, 4), 'beef')"))
    assert "链在此处断开" in stranger.page(f"/v/{code}").text


def test_the_server_knows_the_original_and_what_it_shows(app, phone, photo, scene):
    assert outcome(phone, app, photo, scene) == "original"
    for kind in ("large", "plain", "thumb"):
        assert outcome(phone, app, photo, phone.get(f"/photos/{photo}/{kind}").data) == "shown", kind


@pytest.mark.parametrize("stamp", ["large", "plain"])
@pytest.mark.parametrize("copy", ["again", "half", "third", "darker"])
def test_copies_are_recognised_with_and_without_their_band(app, phone, photo, stamp, copy):
    image = opened(phone.get(f"/photos/{photo}/{stamp}").data)
    width, height = image.size
    made = {
        "again": lambda: encoded(image, 45),
        "half": lambda: encoded(image.resize((width // 2, height // 2))),
        "third": lambda: encoded(image.resize((width // 3, height // 3))),
        "darker": lambda: encoded(image.point(lambda value: value * 0.75)),
    }[copy]()
    assert outcome(phone, app, photo, made) == "same"


def with_band_of(stamped, foreign):
    """A forgery: the band of a true picture below another one."""
    true = opened(stamped)
    width, height = true.width, 1600 * true.width // 1200
    forged = true.copy()
    forged.paste(opened(foreign).resize((width, height)), (0, 0))
    return encoded(forged)


def test_another_picture_with_the_true_band_pasted_below_is_found_out(app, phone, photo, another):
    stamped = phone.get(f"/photos/{photo}/large").data
    forged = with_band_of(stamped, another)
    assert outcome(phone, app, photo, forged) in ("changed", "other")
    unlike = with_band_of(stamped, drawn("drain", fixed=True, taken_at=AT, hand=3))
    assert outcome(phone, app, photo, unlike) == "other"


def test_a_part_painted_over_is_found_out(app, phone, photo):
    image = opened(phone.get(f"/photos/{photo}/large").data)
    ImageDraw.Draw(image).rectangle((500, 600, 570, 680), fill="#f0f028")
    assert outcome(phone, app, photo, encoded(image, 90)) == "changed"


def test_another_picture_is_another_picture(app, phone, photo, another):
    assert outcome(phone, app, photo, another) in ("changed", "other")
    assert outcome(phone, app, photo, drawn("tap", fixed=True, taken_at=AT, hand=9)) == "other"


def test_sabotage_were_the_band_compared_too_the_forgery_would_look_more_alike(app, phone, photo, monkeypatch):
    """Why the band is left out: with it a foreign picture is nearer to the true one than without."""
    stamped = phone.get(f"/photos/{photo}/large").data
    forged = with_band_of(stamped, drawn("drain", fixed=True, taken_at=AT, hand=3))
    done_here(monkeypatch)
    monkeypatch.setattr(comparing, "NEARLY", -1.0)
    assert outcome(phone, app, photo, forged) == "changed"
    monkeypatch.setattr(comparing, "compare", lambda *_: comparing.Likeness.SAME)
    assert outcome(phone, app, photo, forged) == "same"


def test_no_picture_and_something_else_are_refused_in_words(app, phone, photo):
    path = f"/v/{code_of(app, photo)}/comparison"
    for files, words in (({}, "请先选择"), ({"picture": (io.BytesIO(b"%PDF-1.7"), "x.jpg")}, "JPEG")):
        answer = phone.post(path, data=files, headers=SAME_ORIGIN)
        assert answer.status_code == 200
        assert words in answer.get_data(as_text=True)


def test_only_who_sees_the_photo_lets_the_server_compare(app, photo, sign_in, stranger):
    path = f"/v/{code_of(app, photo)}/comparison"
    unseen(sign_in("outsider").post(path, headers=SAME_ORIGIN))
    assert stranger.post(path, headers=SAME_ORIGIN).status_code == 401


def test_nothing_of_a_compared_file_is_kept(app, settings, phone, photo, another):
    def files():
        return sorted(str(path) for path in settings.photo_store.rglob("*") if path.is_file())

    before = files()
    outcome(phone, app, photo, another)
    assert files() == before


def test_flat_pictures_are_never_the_same():
    flat = Image.new("RGB", (64, 48), "grey")
    assert comparing.compare(flat, flat) is comparing.Likeness.OTHER
