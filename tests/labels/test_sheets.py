"""A printed sheet scans: every label of every stock, as printed and as a phone sees it; nothing hangs over the edge."""

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.codes import grouped
from crew_app.labels import colours, typeface
from crew_app.labels.layout import Box, Label, Symbol, Words, pieces
from crew_app.labels.pdf import pdf
from crew_app.labels.stocks import STOCKS, Setup
from tests.support import degraded
from tests.support.labels import BASE, label


def sheet(stock, labels, **setup):
    return b"".join(pdf(labels, Setup(stock, **setup)))


def labels_of(stock, count=None):
    return [label(number) for number in range(count or (3 if stock.is_roll else stock.per_page))]


def cuts(stock, data):
    pages = degraded.rendered(data)
    for (page, left, top), _number in zip(stock.spots(), range(stock.per_page * len(pages)), strict=False):
        yield degraded.cut(pages[page], left, top, stock.width, stock.height)


@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS)
def test_every_label_of_a_sheet_scans(stock):
    labels = labels_of(stock)
    read = [degraded.read(image) for image in cuts(stock, sheet(stock, labels))]
    assert [one.address in found for one, found in zip(labels, read, strict=True)] == [True] * len(labels)


@pytest.mark.parametrize("how", degraded.SPOILT)
@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS)
def test_it_scans_at_an_angle_and_in_poor_light(stock, how):
    labels = labels_of(stock)[:4]
    images = list(cuts(stock, sheet(stock, labels)))[: len(labels)]
    read = [degraded.read(degraded.photographed(image, how, seed)) for seed, image in enumerate(images)]
    assert [one.address in found for one, found in zip(labels, read, strict=True)] == [True] * len(labels)


def test_without_its_white_it_would_not_scan_so_well(monkeypatch):
    """What the quiet zone and the size protect: a symbol without them is lost at an angle in poor light."""
    stock = STOCKS["roll-50x30"]
    monkeypatch.setattr("crew_app.labels.pdf.QUIET", -8)
    images = list(cuts(stock, sheet(stock, labels_of(stock))))
    assert not any(degraded.read(degraded.photographed(image, "all together", 1)) for image in images)


@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS)
def test_pages_have_exact_millimetres(stock):
    document = pypdfium2.PdfDocument(sheet(stock, labels_of(stock, stock.per_page + 1)))
    sizes = {tuple(round(side * 25.4 / 72, 1) for side in page.get_size()) for page in document}
    assert sizes == {stock.page}
    assert len(document) == 2
    document.close()


def test_a_half_used_sheet_is_used_up():
    stock = STOCKS["a4-24"]
    labels = labels_of(stock, 3)
    (page,) = degraded.rendered(sheet(stock, labels, first=22))
    spots = [(left, top) for (_page, left, top), _ in zip(stock.spots(22), range(3), strict=False)]
    assert [round(top, 1) for _left, top in spots] == [259.5] * 3
    read = [degraded.read(degraded.cut(page, *spot, stock.width, stock.height)) for spot in spots]
    assert [one.address in found for one, found in zip(labels, read, strict=True)] == [True] * 3
    assert degraded.read(page.crop((0, 0, page.width, page.height * 6 // 8))) == []


def test_the_feed_is_put_right():
    stock = STOCKS["a4-8"]
    plain, moved = (degraded.rendered(sheet(stock, labels_of(stock, 1), right=r, lower=5), 1)[0] for r in (0, 10))
    dark = [_first_ink(page) for page in (plain, moved)]
    assert dark[1] - dark[0] == pytest.approx(10 * 72 / 25.4, abs=1.5)


def _first_ink(page):
    return page.point(lambda value: 255 if value < 60 else 0).getbbox()[0]


def test_words_can_be_searched_and_the_code_is_in_groups():
    one = label(1)
    document = pypdfium2.PdfDocument(sheet(STOCKS["a4-24"], [one]))
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert {one.name, one.name_en, grouped(one.code)} <= set(text.replace("\r", "").split("\n"))
    assert "水泵" in text


def test_a_blank_label_has_room_for_a_pen():
    blank = Label(BASE + "0" * 14, "0" * 14, "", "", "", "空白标签", "Blank", colours.BLANK)
    drawn = pieces(blank, STOCKS["a4-24"])
    assert [piece for piece in drawn if isinstance(piece, Box) and piece.height < 0.5]


CHARACTERS = st.text(st.sampled_from("消毒供应中心（）ABCdefg 123-/😀é"), min_size=1, max_size=80)


@given(name=CHARACTERS, name_en=CHARACTERS, stock=st.sampled_from(list(STOCKS.values())))
def test_nothing_hangs_over_the_edge(name, name_en, stock):
    for piece in pieces(label(0, name, name_en), stock):
        if isinstance(piece, Words):
            right, top, bottom = piece.left + piece.width, piece.base - piece.size, piece.base + piece.size * 0.2
            assert piece.width == pytest.approx(typeface.width(piece.text, piece.size))
        else:
            tall = piece.side if isinstance(piece, Symbol) else piece.height
            wide = piece.side if isinstance(piece, Symbol) else piece.width
            right, top, bottom = piece.left + wide, piece.top, piece.top + tall
        assert piece.left >= 0.99
        assert right <= stock.width - 0.99
        assert top >= 0.5
        assert bottom <= stock.height - 0.5


@given(name=CHARACTERS)
def test_long_names_are_broken_before_they_are_cut(name):
    words = [piece.text for piece in pieces(label(0, name, "x"), STOCKS["a4-8"]) if isinstance(piece, Words)]
    written = "".join(words).replace(" ", "")
    assert "".join(name.split()) in written or any(text.endswith("…") for text in words)


@pytest.mark.parametrize("kind", ["pump", "lift", "extinguisher", "boiler", "fan_coil", "exit_sign", "ups"])
def test_the_word_on_a_band_can_be_read(kind):
    band = colours.of_asset(kind)
    lighter, darker = sorted((band.light, band.ink.light), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
