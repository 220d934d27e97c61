"""Own regular expressions: none has the shape that takes exponential time, an endless repetition within another."""

import ast
import re
from pathlib import Path
from re import _constants as signs  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

import crew_app
from tests.security.tally import count

CODE = Path(crew_app.__file__).parent
REPEATS = {signs.MAX_REPEAT, signs.MIN_REPEAT}
LOTS = 10
FENCED = {
    r"/[a-z0-9]+(?:[/-][a-z0-9]+)*": "a stroke or a dash",
    r"[a-z0-9]+([_-][a-z0-9]+)*": "a dash",
}
"""Patterns with that shape that are safe all the same, with the sign that each turn of the outer one begins with."""


def patterns():
    """Every pattern that stands as a constant in the code."""
    found = set()
    for path in sorted(CODE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "re." in text else ():
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            first, owner = node.args[0], node.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and isinstance(first, ast.Constant):
                found |= {first.value} if isinstance(first.value, str) else set()
    return found


def nested(tokens, within=False):
    """Whether something that repeats without end stands within another that does."""
    for kind, value in tokens:
        if kind in REPEATS:
            endless = value[1] == signs.MAXREPEAT or value[1] > LOTS
            if (endless and within) or nested(value[2], within or endless):
                return True
        elif (kind is signs.SUBPATTERN and nested(value[3], within)) or (
            kind is signs.BRANCH and any(nested(one, within) for one in value[1])
        ):
            return True
    return False


def test_no_pattern_repeats_without_end_within_what_does():
    there = patterns()
    found = {one for one in there if nested(parser.parse(one))}
    count("expressions", patterns=len(there), nested=len(found), findings=len(found - set(FENCED)))
    assert len(there) > 40
    assert found == set(FENCED)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"([a-z]+\.?)+@", r"(\w+\s?)*:", r"(?:x|(?:y*))+z"])
def test_a_pattern_that_does_is_found(pattern):
    """Sabotage: patterns that are known for it."""
    assert nested(parser.parse(pattern))
    assert re.compile(pattern).pattern == pattern
