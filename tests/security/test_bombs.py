"""Files that are small and become large, or name files outside: workbooks, archives, deep and long requests."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

import crew_app
from crew_app.core.errors import Refused
from crew_app.imports import reading
from tests.security.tally import count
from tests.support.api import new_system
from tests.support.client import SAME_ORIGIN
from tests.support.counting import counts
from tests.support.lists import book

CODE = Path(crew_app.__file__).parent
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
PARTS = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY e0 "ha">{ENTITIES}]>' + SHEET.format("<sheetData/>&e9;"),
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>' + SHEET.format("&a;" * 1000),
    "a file of this machine": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + SHEET.format("&f;"),
    "an address": '<!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:1/">]>' + SHEET.format("&f;"),
    "a parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd">%p;]>' + SHEET.format("<sheetData/>"),
    "another encoding": ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]>' + SHEET.format("&a;")),
    "deep": SHEET.format("<a>" * 200_000 + "</a>" * 200_000),
    "wide": SHEET.format(
        '<dimension ref="A1:XFD1048576"/><sheetData>' + '<row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>'
    ),
    "many rows": SHEET.format("<sheetData>" + '<row><c t="n"><v>1</v></c></row>' * 400_000 + "</sheetData>"),
    "no end": SHEET.format("<sheetData><row><c><v>1")[: -len("</worksheet>")],
}
REFUSED = {"file-bomb", "file-too-large", "file-damaged", "file-no-table", "file-empty"}


def workbook(part, words, **more):
    """A workbook with one part replaced, and further files in it."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["编码", "名称"], ["A", "B"]))) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = (
                words.encode("utf-16" if "utf-16" in words[:60] else "utf-8")
                if name.endswith(part)
                else source.read(name)
            )
            target.writestr(name, data)
        for name, data in more.items():
            target.writestr(name, data)
    return file.getvalue()


def refusal(data):
    """With which code a file is refused; "" when it is read."""
    try:
        list(reading.read(data))
    except Refused as error:
        return error.code
    return ""


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("part", ["sheet1.xml", "workbook.xml"])
def test_a_workbook_that_means_harm_is_refused_or_read_in_its_bounds(name, part):
    code = refusal(workbook(part, PARTS[name]))
    count("bombs", files=1)
    assert code in REFUSED or name in ("wide", "many rows", "deep"), code


@pytest.mark.parametrize("depth", [2, 3])
def test_an_archive_within_an_archive_is_not_opened(depth):
    data = b"0" * 50_000_000
    for _ in range(depth):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", data)
        data = file.getvalue()
    count("bombs", files=1)
    assert refusal(data) in REFUSED


def test_a_part_with_a_name_outside_is_written_nowhere(tmp_path, monkeypatch):
    """Zip slip: nothing that is read here is unpacked to a disk."""
    monkeypatch.chdir(tmp_path)
    refusal(workbook("nothing", "", **{"../../evil.txt": b"x", "../evil-of-a-test.txt": b"x", "..\\evil.txt": b"x"}))
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "evil-of-a-test.txt").exists()


def test_no_code_unpacks_an_archive_by_the_names_in_it():
    found = [
        path.name for path in CODE.rglob("*.py") if re.search(r"\.extract(all)?\(", path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("depth", [1_000, 200_000])
def test_json_that_is_deep_is_refused(app, world, sign_in, depth):
    before = counts(app)
    deep = b"[" * depth + b"]" * depth
    client = sign_in("technician")
    client.lints = False
    answers = [
        new_system(app, world).raw("/tickets", deep),
        new_system(app, world).raw("/tickets", b'{"a":' * depth + b"1" + b"}" * depth),
        client.post("/login/passkey", data=deep, content_type="application/json", headers=SAME_ORIGIN),
        client.post("/account/passkeys", data=deep, content_type="application/json", headers=SAME_ORIGIN),
    ]
    count("bombs", requests=len(answers))
    assert [answer.status_code for answer in answers if not 400 <= answer.status_code < 500] == []
    assert {name: n for name, n in counts(app).items() if name != "api_tokens"} == {
        name: n for name, n in before.items() if name != "api_tokens"
    }


@pytest.mark.parametrize("number", ["1e999999", "9" * 5000, "NaN", "Infinity", "-0", "1" + "0" * 400 + ".5"])
def test_numbers_without_end_are_refused(app, world, number):
    system = new_system(app, world)
    body = json.dumps({"kind": "x", "place": "y"}).replace('"y"', number).encode()
    assert 400 <= system.raw("/tickets", body).status_code < 500


@pytest.mark.parametrize("many", [2_000, 60_000])
def test_a_form_of_very_many_fields_is_refused_or_taken_in_its_bounds(app, world, sign_in, many):
    client = sign_in("technician")
    client.lints = False
    body = "&".join(f"f{n}=1" for n in range(many))
    kind = "application/x-www-form-urlencoded"
    plain = client.post("/tickets", data=body, content_type=kind, headers=SAME_ORIGIN)
    parts = (
        "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(many)) + "--x--\r\n"
    )
    mixed = client.post("/tickets", data=parts, content_type="multipart/form-data; boundary=x", headers=SAME_ORIGIN)
    count("bombs", requests=2)
    assert {400 <= answer.status_code < 500 for answer in (plain, mixed)} == {True}
