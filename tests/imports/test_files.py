"""Files as they come: encodings, separators, old Excel, merged cells; and files that mean harm or are none."""

import io
import zipfile

import pytest

from crew_app.core.errors import Refused
from crew_app.imports import reader_excel, reader_text, reading
from crew_app.imports.cells import Bad, code, day, number, text, yes
from crew_app.imports.guessing import guess
from crew_app.imports.models import Subject
from crew_app.imports.reader_text import guess_delimiter, guess_encoding
from tests.support.lists import book

CSV = "设备台账\n编码{0}名称{0}存放地点\nA-1{0}循环水泵{0}住院楼地下一层\nA-2{0}空调机组{0}门诊楼屋面\n"
ROWS = [
    [2, ["编码", "名称", "存放地点"]],
    [3, ["A-1", "循环水泵", "住院楼地下一层"]],
    [4, ["A-2", "空调机组", "门诊楼屋面"]],
]


def read(data, **options):
    about, *rows = reading.read(data, **options)
    return about, rows


def refusal(data):
    with pytest.raises(Refused) as error:
        list(reading.read(data))
    return error.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_text_file_is_read_however_it_was_saved(encoding, sign):
    _, rows = read(CSV.format(sign).encode(encoding))
    assert rows[1:] == ROWS


def test_another_encoding_can_be_chosen():
    data = "編碼,名稱\nA,水泵\n".encode("big5")
    assert read(data, encoding="big5")[1][1] == [2, ["A", "水泵"]]


def test_what_is_guessed_is_guessed_from_the_text_alone():
    assert guess_encoding(b"abc,def") == "utf-8-sig"
    assert guess_delimiter("a;b;c\n1,5;2;3\n") == ";"


def test_rows_keep_the_numbers_that_the_spreadsheet_shows():
    data = book(["标题"], [], ["编码", "名称"], [], ["X", "一"], [None, None], ["Y", "二"])
    assert [row[0] for row in read(data)[1]] == [1, 3, 5, 7]


def test_merged_cells_hold_for_all_their_rows():
    data = book(["楼栋", "房间"], ["住院楼", "701"], [None, "702"], [None, "703"], merged=["A2:A4"])
    assert [row[1][0] for row in read(data)[1]] == ["楼栋", "住院楼", "住院楼", "住院楼"]


def test_a_value_of_a_formula_is_taken_and_the_formula_is_not():
    data = book(["编码", "名称"], ["=1+1", '=HYPERLINK("http://x","y")'])
    assert read(data)[1][1:] == []  # openpyxl keeps no values: nothing is calculated here
    assert read(b"a,b\n=1+1,x\n")[1][1] == [2, ["=1+1", "x"]]


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


def patched(**changed):
    """A workbook with some of its parts replaced."""
    source, file = zipfile.ZipFile(io.BytesIO(book(["编码", "名称"], ["A", "B"]))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, changed.get(name.rpartition("/")[2].removesuffix(".xml"), source.read(name)))
    return file.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
FAR = (
    '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + SHEET.format("<sheetData/>")
HOSTILE = {
    "zip bomb": (lambda: zipped(xl__workbook="0" * 500_000_000), ("file-bomb", "file-too-large")),
    "entities": (lambda: patched(sheet1=LAUGHS), ("file-bomb",)),
    "a cell in each far corner": (lambda: patched(sheet1=SHEET.format(FAR)), ("file-too-large",)),
    "cut off": (lambda: book(["a", "b"])[:900], ("file-damaged",)),
    "no workbook": (lambda: zipped(readme="x"), ("file-damaged",)),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 900, ("file-no-table",)),
    "a web page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", ("file-web-page",)),
    "half a workbook of old": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 3000, ("file-damaged",)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_mean_harm_are_refused_in_words(name):
    make, codes = HOSTILE[name]
    assert refusal(make()) in codes


def test_without_the_look_inside_entities_would_get_through(monkeypatch):
    source = io.BytesIO(patched(sheet1=LAUGHS))
    with pytest.raises(reader_text.Unreadable):
        reader_excel._measure(source)  # noqa: SLF001 - the protection that is taken away
    monkeypatch.setattr(reader_excel, "_BOMB", ())
    reader_excel._measure(source)  # noqa: SLF001


def test_a_process_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reading, "LONGEST", 0.0)
    assert refusal(b"a,b\n" * 200_000) == "file-too-large"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("１，２３４．５０", "1234.5"), ("￥12.50元", "12.5"), ("1,234", "1234"), (" 7 ", "7"), ("0", "0"), ("¥ 3", "3")],
)
def test_numbers_as_they_are_typed(typed, value):
    assert f"{number(typed, 4):f}" == value


@pytest.mark.parametrize("typed", ["12..5", "-1", "十二", "NaN", "1e400", "1,2,3", "Infinity"])
def test_what_is_no_number(typed):
    with pytest.raises(Bad):
        number(typed, 4)


@pytest.mark.parametrize(
    "typed", ["2024-05-06", "2024/5/6", "2024.5.6", "2024年5月6日", "20240506", "45418", "2024-05-06 10:30"]
)
def test_days_as_they_are_typed(typed):
    assert day(typed).isoformat() == "2024-05-06"


def test_widths_and_what_nobody_sees():
    assert code("ＳＢ－００１\u200b ") == "SB-001"
    assert text("七病区（东）\u202e　护士站") == "七病区（东） 护士站"
    assert (yes("是"), yes("×"), yes("Ｙ")) == (True, False, True)


def test_the_heading_is_found_below_titles_and_by_other_names():
    top = [
        (1, ["后勤资产一览表"]),
        (2, ["", ""]),
        (3, ["序号", "资产编号（必填）", "品名", "放置地点", "资产分类", "备注"]),
    ]
    found = guess(Subject.ASSETS, top)
    assert (found.row, found.meaning) == (3, {1: "code", 2: "name", 3: "place", 4: "kind"})
