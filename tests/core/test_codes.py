import json
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core import codes

VECTORS = json.loads(Path(__file__).with_name("tag_codes.json").read_text("utf-8"))
SCRIPT = Path(codes.__file__).parents[1] / "static" / "src" / "scanner" / "codes.js"

bodies = st.text(codes.ALPHABET, min_size=codes.RANDOM, max_size=codes.RANDOM)
good_codes = bodies.map(lambda body: body + codes.check_character(body))
places = st.integers(0, codes.LENGTH - 1)


def fault_of(text):
    with pytest.raises(codes.BadTagCode) as caught:
        codes.normalise(text)
    return caught.value.fault


def test_new_codes_are_valid_and_differ():
    made = {codes.make_code() for _ in range(200)}
    assert len(made) == 200
    assert all(codes.normalise(code) == code for code in made)


@given(good_codes)
def test_the_printed_form_reads_back(code):
    printed = codes.grouped(code)
    assert [len(group) for group in printed.split("-")] == [5, 5, 4]
    assert codes.normalise(printed.lower()) == code


@given(good_codes, places, st.sampled_from(codes.ALPHABET))
def test_every_wrong_character_is_found(code, place, wrong):
    if wrong != code[place]:
        assert fault_of(code[:place] + wrong + code[place + 1 :]) == "check"


@given(good_codes, places, places)
def test_every_swap_of_two_different_characters_is_found(code, one, other):
    swapped = list(code)
    swapped[one], swapped[other] = code[other], code[one]
    if code[one] != code[other]:
        assert fault_of("".join(swapped)) == "check"


@given(st.text())
def test_any_text_is_either_a_code_or_a_named_fault(text):
    with suppress(codes.BadTagCode):
        code = codes.normalise(text)
        assert codes.normalise(code) == code


@pytest.mark.parametrize(("text", "code"), VECTORS["good"])
def test_good_examples(text, code):
    assert codes.normalise(text) == code


@pytest.mark.parametrize(("text", "fault"), VECTORS["bad"])
def test_bad_examples(text, fault):
    assert fault_of(text) == fault


@pytest.mark.skipif(shutil.which("node") is None, reason="the browser tests cover the script where there is no node")
def test_the_script_agrees():
    program = (
        "const [module, vectors] = process.argv.slice(1);"
        "const { normalise } = await import(module);"
        "console.log(JSON.stringify(JSON.parse(vectors).map((text) => {"
        " const { code, fault } = normalise(text); return code ?? fault; })));"
    )
    expected = dict(VECTORS["good"] + VECTORS["bad"])
    command = ["node", "--input-type=module", "-e", program, SCRIPT.as_uri(), json.dumps(list(expected))]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    assert dict(zip(expected, json.loads(answer.stdout), strict=True)) == expected
