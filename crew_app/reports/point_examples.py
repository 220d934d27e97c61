"""Worked examples for the page of the formula: three jobs as they happen."""

from dataclasses import dataclass
from decimal import Decimal

from crew_app.core.words import N_
from crew_app.reports.point_rules import Formula, Parts, Work, helper_parts, owner_parts


@dataclass(frozen=True, slots=True)
class Example:
    """A job in words, and as it counts."""

    words: str
    late: bool = False
    sent_back: int = 0
    came_back: bool = False
    stars: Decimal | None = None
    helper: bool = False

    def parts(self, formula: Formula) -> Parts:
        """What it comes to by a formula."""
        work = Work(formula.basic, self.late, self.sent_back, self.came_back, self.stars)
        return helper_parts(work, formula) if self.helper else owner_parts(work, formula)


EXAMPLES = (
    Example(N_("Done in time, five stars"), stars=Decimal(5)),
    Example(N_("Done late, sent back once, two stars"), late=True, sent_back=1, stars=Decimal(2)),
    Example(N_("Done in time, but the same fault came back"), came_back=True),
    Example(N_("Helped with a job that was done in time"), helper=True),
)
