"""Each test that `docs/security.md` names exists, and every requirement in it has a known status."""

import re

import pytest

from crew_app.profiles import PROFILES, VALUES
from tests.support.project import ROOT

TABLE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d[\d., to]*) \| ([\d, ]+) \| (.*?) \| (\S[^|]*?) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)
STATUS = {"met", "partly", "n/a", "not met"}
ROWS = [match.groups() for match in ROW.finditer(TABLE)]


def exists(name):
    """Whether a test file, or a test in one, is there."""
    path, _, function = name.partition("::")
    file = ROOT / "tests" / path
    return file.is_file() and (not function or f"def {function}(" in file.read_text(encoding="utf-8"))


def test_the_table_is_read_at_all():
    assert len(ROWS) > 150
    assert {row[0].split(".")[0] for row in ROWS} == {str(chapter) for chapter in range(1, 18)}


def test_every_status_is_one_of_four():
    assert {row[3] for row in ROWS} <= STATUS


def test_every_test_that_is_named_exists():
    named = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[5])}
    assert named
    assert sorted(name for name in named if not exists(name)) == []


def test_whatever_is_not_met_says_why():
    assert [row[0] for row in ROWS if row[3] in ("not met", "partly") and not row[4].strip()] == []


@pytest.mark.parametrize("name", ["people/test_nothing.py", "people/test_sign_in.py::test_that_nobody_wrote"])
def test_a_test_that_is_missing_is_noticed(name):
    assert not exists(name)


def test_the_table_of_profiles_says_what_applies():
    for field, value in VALUES.items():
        figures = " | ".join(str(getattr(profile, field)) for profile in PROFILES.values())
        assert f"`{value.variable}` | {figures} |" in TABLE
