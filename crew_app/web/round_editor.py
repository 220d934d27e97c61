"""What the editor of templates offers to choose from, and what it begins with."""

from typing import Any

from flask_babel import gettext

from crew_app.people.rules import RIGHTS, ROLE_LABELS, TRADE_LABELS, Right, Role
from crew_app.rounds.content import CATEGORY_LABELS, CHECK_LABELS, Category, Content, StopPlan, Words
from crew_app.rounds.template_queries import Known
from crew_app.tickets import queries as tickets
from crew_app.web.languages import named

FIRST_CODE = "round"


def blank() -> Content:
    """What a new template begins with: one stop, without words yet."""
    return Content(FIRST_CODE, Words(), Category.ROUND, (StopPlan("s1", Words()),))


def offers() -> dict[str, Any]:
    """Everything there is to choose from, in the person's language."""
    walkers = [role for role in Role if Right.WALK in RIGHTS[role]]
    return {
        "categories": _pairs(CATEGORY_LABELS),
        "kinds": _pairs(CHECK_LABELS),
        "trades": _pairs(TRADE_LABELS),
        "roles": _pairs({role: ROLE_LABELS[role] for role in walkers}),
        "job_kinds": [(kind.code, named(kind)) for kind in tickets.job_kinds()],
    }


def names(known: Known) -> dict[str, str]:
    """What the codes in a template are called, as the editor's scripts look them up: `place:B1-701`."""
    found = {f"place:{code}": f"{place.code} · {named(place)}" for code, place in known.places.items()}
    found |= {f"asset:{code}": f"{asset.code} · {named(asset)}" for code, asset in known.assets.items()}
    words = gettext("Every %(kind)s", kind="{}")
    return found | {f"kind:{code}": words.replace("{}", named(kind)) for code, kind in known.kinds.items()}


def _pairs(labels: Any) -> list[tuple[str, str]]:
    return [(member.value, gettext(words)) for member, words in labels.items()]
