"""What is tried, and by which tests. A test that does not run a mutant's line is not asked about it."""

from dataclasses import dataclass, field

from tests.mutation.python_mutants import Mutant, mutants
from tests.mutation.script_mutants import ScriptMutant, script_mutants


@dataclass(frozen=True, slots=True)
class Target:
    """Files to put faults in, perhaps only some lines of them, and the tests that should notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    only: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_script(self) -> bool:
        """Whether it runs in a browser."""
        return self.files[0].endswith(".js")

    def mutants(self) -> list[Mutant] | list[ScriptMutant]:
        """All faults that could be put in."""
        if self.is_script:
            return [mutant for file in self.files for mutant in script_mutants(file)]
        return [mutant for file in self.files for mutant in mutants(file) if self._takes(mutant)]

    def _takes(self, mutant: Mutant) -> bool:
        first, last = self.only.get(mutant.file, (0, mutant.line))
        return first <= mutant.line <= last


TARGETS = {
    "ledger": Target(
        (
            "crew_app/stock/actions.py",
            "crew_app/stock/costs.py",
            "crew_app/stock/accounts.py",
            "crew_app/stock/chain.py",
            "crew_app/stock/checks.py",
        ),
        (
            "tests/stock/test_postings.py",
            "tests/stock/test_chain.py",
            "tests/stock/test_append_only.py",
        ),
    ),
    "receipts": Target(
        ("crew_app/core/receipts.py", "crew_app/web/commands.py"),
        ("tests/core/test_receipts.py", "tests/web/test_commands.py"),
    ),
    "state": Target(
        ("crew_app/tickets/rules.py", "crew_app/held/rules.py", "crew_app/held/decisions.py"),
        (
            "tests/tickets/test_state_rules.py",
            "tests/tickets/test_rules.py",
            "tests/tickets/test_numbers.py",
            "tests/held/test_decisions.py",
        ),
    ),
    "access": Target(
        (
            "crew_app/web/access.py",
            "crew_app/people/rules.py",
            "crew_app/people/queries.py",
            "crew_app/tickets/queries.py",
        ),
        ("tests/web/test_access.py", "tests/people/test_within.py", "tests/people/test_rights.py"),
        only={"crew_app/tickets/queries.py": (30, 61)},
    ),
    "outbox": Target(
        tuple(f"crew_app/static/src/outbox/{name}.js" for name in ("rules", "sender", "store", "session", "outcome")),
        ("tests/outbox/test_sending.py", "tests/outbox/test_store.py", "tests/outbox/test_rules.py"),
    ),
}
