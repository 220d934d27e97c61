"""What people send about trainings, turned into typed values."""

from collections.abc import Mapping
from decimal import Decimal

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.fixed_assets.forms import day
from crew_app.people.models import Person
from crew_app.registers.training_models import TrainingKind
from crew_app.registers.trainings import NOTHING, Plan, Result
from crew_app.tickets.forms import quantity, text, uuid

MOST_PEOPLE, MOST_HOURS, BEST_SCORE = 5000, 200, 100


def parse_plan(form: Mapping[str, str]) -> Plan:
    """Read what a training is."""
    kind, held_on = form.get("kind", ""), day(form, "held_on")
    if kind not in set(TrainingKind):
        raise Refused("choice-missing", N_("Please choose what it is."))
    if held_on is None:
        raise Refused("day", N_("Please check the day."))
    return Plan(
        training_id=uuid(form, "training_id"),
        kind=TrainingKind(kind),
        held_on=held_on,
        topic=text(form, "topic")[:120],
        place=text(form, "place")[:80],
        trainer=text(form, "trainer")[:80],
    )


def parse_result(form: Mapping[str, str], people: list[Person]) -> Result:
    """Read how it went."""
    return Result(
        record_id=uuid(form, "record_id"),
        headcount=_count(form, "headcount") or 0,
        hours=_amount(form, "hours", MOST_HOURS) or NOTHING,
        score=_amount(form, "score", BEST_SCORE),
        passed=_count(form, "passed"),
        note=text(form, "note"),
        people=people,
    )


def parse_year(typed: str, this: int) -> int:
    """A year from an address; this one for anything else."""
    plain = typed.isascii() and typed.isdigit() and len(typed) == 4  # noqa: PLR2004
    return int(typed) if plain and 1970 < int(typed) < 2100 else this  # noqa: PLR2004


def _count(form: Mapping[str, str], name: str) -> int | None:
    typed = form.get(name, "").strip()
    if not typed:
        return None
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1  # noqa: PLR2004
    if not 0 <= found <= MOST_PEOPLE:
        raise Refused("number", N_("Please check the number: 0 to %(most)s."), most=MOST_PEOPLE)
    return found


def _amount(form: Mapping[str, str], name: str, most: int) -> Decimal | None:
    typed = form.get(name, "").strip()
    if not typed or not typed.strip("0.０"):
        return NOTHING if typed else None
    found = quantity(form, name)
    if found > most:
        raise Refused("number", N_("Please check the number: 0 to %(most)s."), most=most)
    return found
