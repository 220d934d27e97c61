"""The mutator itself: what it finds, that a fault it puts in is really there, and that a known one is noticed."""

import importlib
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crew_app.core.errors import Refused
from tests.mutation.python_mutants import Mutant, mutants
from tests.mutation.results import Book, table
from tests.mutation.running import put_in
from tests.mutation.script_mutants import faulty_text, script_mutants
from tests.mutation.targets import TARGETS
from tests.outbox.lab import OTHER_TEXTS, Lab

RULES = "crew_app/static/src/outbox/rules.js"


def the_one(file: str, what: str) -> Mutant:
    (found,) = [mutant for mutant in mutants(file) if mutant.what == what]
    return found


def refused(act, *arguments):
    try:
        act(*arguments)
    except Refused as refusal:
        return refusal.code
    return ""


def line(quantity):
    account = SimpleNamespace(id=1, site_id=1)
    return SimpleNamespace(source=account, target=SimpleNamespace(id=2, site_id=1), quantity=Decimal(quantity))


def a_posting_of_nothing():
    actions: Any = importlib.import_module("crew_app.stock.actions")
    return refused(actions._check, [line(0)])  # noqa: SLF001 - the rule itself


def a_fingerprint_of_another_body():
    receipts: Any = importlib.import_module("crew_app.core.receipts")
    return receipts.fingerprint("POST", "/", [], b"a") != receipts.fingerprint("POST", "/", [], b"b")


def a_verb_in_the_wrong_state():
    rules: Any = importlib.import_module("crew_app.tickets.rules")
    return refused(rules.next_state, rules.State.VERIFIED, rules.Verb.ACCEPT)


def a_rule_of_a_view():
    access: Any = importlib.import_module("crew_app.web.access")
    return access.rule_of(SimpleNamespace(access_rule="x"))


KNOWN = [
    (
        "crew_app/stock/actions.py",
        "_check",
        "0 < line.quantity <= LARGEST  →  0 <= line.quantity <= LARGEST",
        a_posting_of_nothing,
    ),
    ("crew_app/core/receipts.py", "fingerprint", "digest.update(body)  →  pass", a_fingerprint_of_another_body),
    (
        "crew_app/tickets/rules.py",
        "next_state",
        "state not in sources or target is None  →  state not in sources and target is None",
        a_verb_in_the_wrong_state,
    ),
    (
        "crew_app/web/access.py",
        "rule_of",
        "return getattr(view, 'access_rule', None)  →  return None",
        a_rule_of_a_view,
    ),
]


@pytest.mark.parametrize(("file", "name", "what", "behaviour"), KNOWN, ids=[one[1] for one in KNOWN])
def test_a_known_fault_of_each_kind_of_module_changes_what_it_does(file, name, what, behaviour):
    function: Any = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), name)
    whole, before = function.__code__, behaviour()
    try:
        assert put_in(the_one(file, what))
        assert behaviour() != before
    finally:
        function.__code__ = whole
    assert behaviour() == before


def test_a_fault_in_a_table_reaches_whoever_took_the_table():
    rules: Any = importlib.import_module("crew_app.people.rules")
    models: Any = importlib.import_module("crew_app.people.models")
    whole = rules.RIGHTS
    fault = next(
        one for one in mutants("crew_app/people/rules.py") if one.what.endswith("without  Right.APPROVE_ANY_STOCK")
    )
    try:
        assert put_in(fault)
        assert rules.Right.APPROVE_ANY_STOCK not in models.RIGHTS[rules.Role.MANAGER]
    finally:
        rules.RIGHTS = models.RIGHTS = whole
        for module in ("crew_app.people.account_rules", "tests.people.test_rights"):
            found: Any = importlib.sys.modules.get(module)  # type: ignore[attr-defined]
            if found and hasattr(found, "RIGHTS"):
                found.RIGHTS = whole


@pytest.mark.browser
def test_a_known_fault_of_the_outbox_changes_what_is_sent_next(lab: Lab):
    (fault,) = [
        mutant
        for mutant in script_mutants(RULES)
        if mutant.what.startswith('return item.state === "waiting" && item.due') and mutant.by == "||"
    ]
    late = "m.rules.pick([item({ due: 5 })], 1) !== undefined"
    assert lab.page().evaluate(late) is False
    OTHER_TEXTS["outbox/rules.js"] = faulty_text(fault)
    try:
        assert lab.page().evaluate(late) is True
    finally:
        OTHER_TEXTS.clear()


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_every_target_has_its_files_its_tests_and_mutants_with_ids_of_their_own(name):
    target = TARGETS[name]
    assert all(Path(path).exists() for path in (*target.files, *target.tests))
    found = target.mutants()
    assert len({mutant.id for mutant in found}) == len(found) > 100


def test_words_for_people_types_and_documentation_are_left_alone(tmp_path):
    file = tmp_path / "some.py"
    file.write_text('"Doc."\nA: dict[str, int] = {}\n\ndef f(x: "int | None") -> None:\n    N_("words")\n')
    assert [mutant.what for mutant in mutants(str(file))] == ["N_('words')  →  pass"]


def test_results_are_kept_and_counted_with_their_doubt(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number, result in enumerate(["killed", "killed", "timed out", "survived"]):
        Book("some").write({"id": str(number), "file": "f.py", "result": result, "by": "t"})
    assert len(Book("some").known) == 4
    told = table(Book("some").known.values(), {"f.py": 400})
    assert "75.0% ± 42.3%" in told
    assert "±" not in table(Book("some").known.values(), {"f.py": 4})
