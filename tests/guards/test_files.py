"""All files: small enough to read, without addresses of one machine or one registry, nothing left undone."""

import ast
import re

import pytest

from tests.support.project import _found, _known_to_git, named, short, tracked, words

LONGEST_FILE, LONGEST_FUNCTION = 400, 60
CODE = (".py", ".js", ".mjs", ".css", ".html")
GENERATED = {"package-lock.json"}
PLACES = "work|root|home|Users"
BANNED = {
    "a path of one machine": re.compile(rf"(?<![\w.~$}}/-])/(?:{PLACES})/[\w.]+"),
    "a registry's address": re.compile(
        "|".join(("registry" + r"\.npmjs", "pypi" + r"\.org", "pythonhosted" + r"\.org", "npm" + "mirror"))
    ),
    "something left undone": re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b"),
    "a merge left undone": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


def functions(path):
    tree = ast.parse(words(path))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines_of(node):
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_too_long_to_read():
    counted = {short(path): words(path).count("\n") for path in named(*CODE)}
    assert {name: lines for name, lines in counted.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long_to_read():
    found = {f"{short(path)}:{node.name}": lines_of(node) for path in named(".py") for node in functions(path)}
    long = {name: lines for name, lines in found.items() if lines > LONGEST_FUNCTION}
    assert {name: lines for name, lines in long.items() if not name.startswith("migrations/")} == {}


def test_most_functions_are_short():
    """Median at most 8 lines, 95 of 100 at most 35."""
    sizes = sorted(lines_of(node) for path in named(".py", below="crew_app") for node in functions(path))
    assert sizes[len(sizes) // 2] <= 8
    assert sizes[len(sizes) * 95 // 100] <= 35


@pytest.mark.parametrize("what", BANNED)
def test_no_file_contains(what):
    found = [short(path) for path in _texts() if BANNED[what].search(words(path))]
    assert found == []


def test_lock_files_pin_by_hash_and_name_no_addresses():
    locks = [path for path in tracked() if path.suffix == ".lock"]
    assert locks
    for path in locks:
        text = words(path)
        assert "--hash=sha256:" in text
        assert "://" not in text  # no address; a package may be called http-ece
    packages = words(next(path for path in tracked() if path.name == "package-lock.json"))
    assert '"integrity": "sha512-' in packages
    assert '"resolved"' not in packages


def test_nothing_that_is_built_is_in_the_repository():
    built = [short(path) for path in tracked() if path.suffix == ".mo" or "/dist/" in str(path)]
    assert [name for name in built if not name.startswith(".")] == []


def _texts():
    found = []
    for path in tracked():
        try:
            words(path)
        except UnicodeDecodeError:
            continue
        if path.name not in GENERATED:
            found.append(path)
    return found


def test_without_git_the_same_files_are_looked_at():
    known = set(_known_to_git())
    found = set(_found())
    assert found
    missed = {short(path) for path in known - found if path.is_file()}
    assert missed == set()
