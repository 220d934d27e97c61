"""Rounds (巡检): plans, dated runs, and what was found at each stop."""

from typing import Any
from uuid import UUID

from crew_app.api.common import ASSET_REF, PERSON, PLACE_REF, SHORT, both, href, maybe, maybe_time, time, where
from crew_app.api.declared import Asked, Page, lists, shows, sliced
from crew_app.api.kinds import Choice, Day, Exact, Field, Flag, Id, Many, Shape, Text, Time, Whole
from crew_app.connections import lists as rows
from crew_app.connections.scopes import Scope
from crew_app.people.rules import Right
from crew_app.rounds.content import Category, CheckKind
from crew_app.rounds.models import Run
from crew_app.rounds.rules import How, Outcome, RunState, StopState
from crew_app.web.tokens import TokenRule


def _said(answer: Any) -> str:
    return "" if answer.kind is CheckKind.SIGNATURE else str(answer.value)


TEMPLATE = Shape(
    "RoundTemplate", (Field("id", Id()), Field("code", SHORT), *both(), Field("category", Choice(Category)))
)
PLAN = Shape(
    "RoundPlan",
    (
        Field("id", Id()),
        Field("name", SHORT),
        Field("template", TEMPLATE),
        Field("rule", SHORT, "RRULE (RFC 5545); empty when it does not go by the calendar"),
        Field("times", Text(300), "Times of day at the site, with commas between them"),
        Field("minutes", Whole(), "How long it may take"),
        Field("starts_on", Day()),
        maybe("ends_on", Day()),
        maybe("person", PERSON),
        Field("active", Flag()),
    ),
)
RUN = Shape(
    "Run",
    (
        Field("id", Id()),
        Field("number", SHORT),
        Field("template", TEMPLATE),
        maybe("plan_id", Id()),
        Field("state", Choice(RunState)),
        time("opens_at"),
        time("closes_at"),
        maybe("person", PERSON, "Who is to walk it, if somebody is named"),
        maybe_time("begun_at"),
        maybe_time("ended_at"),
        Field("stops", Whole(), get=lambda run: run.stop_count),
        Field("visited", Whole(), get=lambda run: run.visited_count),
        Field("missed", Whole(), get=lambda run: run.missed_count),
        Field("faults", Whole(), get=lambda run: run.fault_count),
        href("rounds/runs"),
    ),
)
ANSWER = Shape(
    "Answer",
    (
        Field("check", SHORT, get=lambda answer: answer.check_key),
        Field("kind", Choice(CheckKind)),
        Field("outcome", Choice(Outcome)),
        maybe("number", Exact(10, 4)),
        Field("value", Text(2000), "What was chosen or written; no signatures", _said),
        Field("note", Text(1000)),
    ),
)
VISIT = Shape(
    "Visit",
    (
        Field("id", Id()),
        Field("at", Time()),
        Field("person", PERSON),
        Field("how", Choice(How), "How somebody showed to be there"),
        Field("skipped", Flag(), "Left out, with a reason"),
        Field("reason", Text(500)),
        Field("answers", Many(ANSWER)),
    ),
)
STOP = Shape(
    "RunStop",
    (
        Field("key", SHORT),
        Field("state", Choice(StopState)),
        maybe("place", PLACE_REF),
        maybe("asset", ASSET_REF),
        Field("visits", Many(VISIT)),
    ),
)
WHOLE_RUN = Shape("WholeRun", (*RUN.fields, Field("results", Many(STOP), "Stop by stop", lambda run: run.stops)))
READ = TokenRule(Scope.ROUNDS_READ, Right.SEE_SITE)


@lists(
    "/rounds/plans", PLAN, TokenRule(Scope.ROUNDS_READ, Right.PLAN_ROUNDS), about="Plans of rounds, the newest first"
)
def list_plans(asked: Asked) -> Page:
    """When rounds are made."""
    return sliced(rows.plans(where(asked)), asked.limit)


@lists(
    "/rounds/runs",
    RUN,
    READ,
    about="Rounds from the newest on, those to come included",
    query=(
        Field("state", Choice(RunState), needed=False),
        Field("template_id", Id(), needed=False),
        Field("opens_from", Time(), "Only those that open then or later", needed=False),
    ),
)
def list_runs(asked: Asked) -> Page:
    """Dated rounds."""
    chosen = asked.query
    found = rows.runs(where(asked), chosen.get("state"), chosen.get("template_id"), chosen.get("opens_from"))
    return sliced(found, asked.limit)


@shows("/rounds/runs/<uuid:run_id>", WHOLE_RUN, READ, about="One round, with what was found at each stop")
def show_run(asked: Asked, run_id: UUID) -> Run:
    """A round with its results."""
    return rows.run(asked.site_id, run_id)
