"""Pages of targets and of the chain of escalation, with something to take back on each."""

from typing import Any

from tests.support.client import accepted
from tests.support.lint import Page


def target_pages(sign_in: Any) -> list[Page]:
    """Every page of theirs that has a form, as a manager sees it."""
    boss = sign_in("manager")
    rule = {"care": "theatre", "priority": "2", "response": "10", "resolution": "60"}
    accepted(boss.send("/desk/targets", rule))
    accepted(boss.send("/desk/escalation/steps", {"clock": "response", "told": "worker", "after": "75%"}))
    paths = ("/shot-rules", "/desk/targets", "/desk/targets/rule?new=1", "/desk/targets/rule?care=theatre&priority=2")
    return [boss.page(path) for path in (*paths, "/desk/escalation")]
