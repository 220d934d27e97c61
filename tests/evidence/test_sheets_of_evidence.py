"""The evidence sheet of a job, as a page and as PDF: complete, by both clocks, checkable, and bounded."""

import io
import re
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
import zxingcpp

from crew_app.core.chain import Link, head
from crew_app.core.codes import grouped
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.evidence import paper_pdf
from crew_app.evidence.papers import Group, Paper, Shot
from crew_app.web.filters import digits
from tests.support.client import accepted, stamp, unseen
from tests.support.counting import statements
from tests.support.pictures import announcement, jpeg
from tests.support.proof import change, row, stripes, take
from tests.support.rounds import make_run, visiting
from tests.support.tickets import make_ticket


@pytest.fixture
def phone(sign_in):
    return sign_in("technician")


@pytest.fixture
def ticket(app, world):
    return make_ticket(app, world, "accepted")


@pytest.fixture
def done(app, world, phone, sign_in, ticket):
    """A job with a photo before and one after, a material, finished offline and passed."""
    photos = [take(phone, ticket, jpeg(640, 480), "before"), take(phone, ticket, stripes(), "after")]
    material = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "2"}
    accepted(phone.send(f"/tickets/{ticket}/materials", material))
    hours = datetime.now(UTC) - timedelta(hours=2)
    accepted(phone.send(f"/tickets/{ticket}/notes", {"note": "地下室没有信号"}, made_at=hours))
    accepted(phone.send(f"/tickets/{ticket}/completion", {"note": "已更换镇流器"}))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/verification", {"note": ""}))
    return ticket, photos


def text_of(data):
    """The words of a PDF as a reader selects them, and how many pages it has."""
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document), len(document)
    finally:
        document.close()


def pdf_of(client, ticket):
    answer = client.get(f"/tickets/{ticket}/evidence-sheet.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return answer.data


def test_the_page_tells_the_whole_job(app, world, phone, done):
    ticket, photos = done
    page = phone.page(f"/tickets/{ticket}/evidence-sheet")
    for words in (
        "住院楼 / 七楼 / 701室",
        "灯管闪烁",
        "LED灯管",
        "2 支",
        "员工technician",
        "员工supervisor",
        "已更换镇流器",
    ):
        assert words in page.text, words
    for photo in photos:
        kept = row(app, photo)
        assert page.all("img", src=f"/photos/{photo}/large?v=0")
        assert page.all("img", src=f"/v/{kept.code}/qr.svg")
        assert grouped(kept.code) in page.text
        assert digits(kept.sha256) in page.text
    assert phone.page(f"/tickets/{ticket}").all("a", href=f"/tickets/{ticket}/evidence-sheet")


def test_positions_and_the_head_are_those_of_the_chain(app, world, phone, done):
    ticket, photos = done
    page = phone.page(f"/tickets/{ticket}/evidence-sheet")
    with app.app_context():
        links = [session.query(Link).filter_by(subject=row(app, photo).id).one() for photo in photos]
        last = head(str(world.sites["north"]))
        assert last is not None
        assert last.hash in page.text
        assert f"第 {last.position} 条" in page.text
    for link in links:
        assert f"链上第 {link.position} 条" in page.text


def test_what_was_recorded_without_a_network_shows_both_clocks(phone, done):
    page = phone.page(f"/tickets/{done[0]}/evidence-sheet")
    [cells] = [
        [cell.text for cell in found.iter("td")] for found in page.all("tr") if "没有信号" in "".join(found.itertext())
    ]
    happened, received, said = cells[2], cells[3], cells[4]
    assert happened < received
    assert said == happened


def test_the_pdf_says_the_same_in_text_that_can_be_selected(app, phone, done):
    ticket, photos = done
    text, _pages = text_of(pdf_of(phone, ticket))
    flat = re.sub(r"\s", "", text)
    for words in ("证据单", "701室", "灯管闪烁", "LED灯管", "已更换镇流器", "员工supervisor", "维修人", "验收人"):
        assert words in flat, words
    for photo in photos:
        assert grouped(row(app, photo).code) in flat
        assert row(app, photo).sha256 in flat


def test_every_code_in_the_pdf_can_be_scanned_from_paper(app, phone, done):
    ticket, photos = done
    document = pypdfium2.PdfDocument(pdf_of(phone, ticket))
    try:
        pages = [page.render(scale=200 / 72).to_pil() for page in document]
    finally:
        document.close()
    read = {code.text.rpartition("/")[2] for page in pages for code in zxingcpp.read_barcodes(page)}
    assert {row(app, photo).code for photo in photos} <= read


def test_it_speaks_the_language_of_whoever_asks(sign_in, done):
    page = sign_in("guard", language="en").page(f"/tickets/{done[0]}/evidence-sheet")
    assert "Evidence sheet" in page.text
    assert "Carried out by" in page.text
    text, _pages = text_of(pdf_of(sign_in("guard", language="en"), done[0]))
    assert "Before and after" in text


def test_what_is_missing_is_said_in_its_place(app, phone, ticket):
    fields = announcement(jpeg(), photo_taken_at=stamp(datetime.now(UTC)))
    accepted(phone.send(f"/tickets/{ticket}/photos", fields | {"role": "after"}))
    gone = take(phone, ticket, jpeg(320, 240))
    change(app, gone, removed_at=datetime.now(UTC))
    page = phone.page(f"/tickets/{ticket}/evidence-sheet")
    assert "照片还在拍摄它的手机上" in page.text
    assert "指纹仍有记录" in page.text
    assert not page.all("img", class_="sheet-picture")
    text, _pages = text_of(pdf_of(phone, ticket))
    assert "照片还在拍摄它的手机上" in re.sub(r"\s", "", text)


def test_a_picture_whose_bytes_were_lost_does_not_break_the_pdf(settings, phone, done):
    for path in settings.photo_store.glob("large/*/*"):
        path.unlink()
    text, _pages = text_of(pdf_of(phone, done[0]))
    assert "没有照片" in re.sub(r"\s", "", text) or "还没有照片" in text


def test_only_the_crew_of_the_site_gets_it(sign_in, stranger, ticket):
    for path in (f"/tickets/{ticket}/evidence-sheet", f"/tickets/{ticket}/evidence-sheet.pdf"):
        unseen(sign_in("outsider").get(path))
        assert sign_in("requester").get(path).status_code == 403
        assert stranger.get(path).status_code == 302


def test_many_photos_cost_no_more_queries_than_few(app, phone, ticket):
    counted = []
    phone.get(f"/tickets/{ticket}/evidence-sheet")  # the first one of a process reads a site's own words
    for number in (1, 6):
        for one in range(number):
            take(phone, ticket, jpeg(64 + 10 * number + one, 48))
        with statements(app) as found:
            assert phone.get(f"/tickets/{ticket}/evidence-sheet").status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1]


def test_a_round_has_its_sheet_too(app, world, phone, sign_in, stranger):
    ids, data = make_run(app, world), jpeg(300, 200)
    fields = announcement(data)
    accepted(phone.send(f"/rounds/stops/{ids['room']}/visits", {**visiting(), **fields, "photo_for": "lamp"}), 201)
    accepted(phone.send(f"/photos/{fields['photo_id']}/original", body=data))
    path = f"/rounds/runs/{ids['run']}/evidence-sheet"
    page = phone.page(path)
    for words in (
        "水泵巡查",
        "1. 七楼机房",
        "2. 增压泵",
        "员工technician",
        "灯具",
        digits(row(app, fields["photo_id"]).sha256),
    ):
        assert words in page.text, words
    assert phone.page(f"/rounds/runs/{ids['run']}").all("a", href=path)
    text, _pages = text_of(phone.get(f"{path}.pdf").data)
    assert grouped(row(app, fields["photo_id"]).code) in re.sub(r"\s", "", text)
    for address in (path, f"{path}.pdf"):
        unseen(sign_in("outsider").get(address))
        assert sign_in("requester").get(address).status_code == 403
        assert stranger.get(address).status_code == 302


def test_a_long_sheet_never_breaks_a_picture():
    picture = jpeg(300, 400)
    shots = [Shot(new_id(), "维修前", ("员工",), "A1B2C", "https://x.example/v/1", "ab" * 32) for _ in range(30)]
    paper = Paper("证据单", "北院", (), (), (Group("照片", tuple(shots)),), (), (), chinese=True, empty="没有照片")
    data = paper_pdf.pdf(paper, {shot.photo_id: picture for shot in shots}, datetime.now(UTC))
    text, pages = text_of(data)
    assert text.count("A1B2C") == 30
    assert pages == 8  # four to a page
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        for page in document:
            images = [found for found in page.get_objects() if found.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
            assert all(found.get_bounds()[1] > 0 for found in images)
    finally:
        document.close()
