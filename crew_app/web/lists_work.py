"""Lists of work: jobs, what is to be verified, hazards, runs of rounds, carrying, emergencies, calls."""

from collections.abc import Iterator

from flask import request

from crew_app.core.clock import now
from crew_app.core.words import N_
from crew_app.deliveries import queries as deliveries
from crew_app.desk import call_queries
from crew_app.emergencies import queries as emergencies
from crew_app.evidence import flag_queries as photo_flags
from crew_app.evidence.proof_models import Oddity
from crew_app.held import queries as held
from crew_app.people.rules import Right
from crew_app.rounds import flag_queries as round_flags
from crew_app.rounds import hazards, plan_queries, series, template_queries
from crew_app.rounds import queries as rounds
from crew_app.rounds.rules import RunState
from crew_app.tickets import queries, review_queries
from crew_app.tickets.forms import optional_uuid
from crew_app.tickets.models import Ticket
from crew_app.web.filters import label
from crew_app.web.job_lists import asked_for
from crew_app.web.languages import named
from crew_app.web.lists import Col, List
from crew_app.web.people import person
from crew_app.web.sheets import Format, in_pages


def _jobs() -> Iterator[Ticket]:
    """The jobs of the page, also behind a figure, with whoever reported them."""
    asked = asked_for()
    return in_pages(lambda last: asked.page(last, (queries.REPORTER,)), lambda one: (one.opened_at, one.id))


def run_filter() -> rounds.Filter:
    """What the list of runs is narrowed to by its address."""
    state = request.args.get("state", "")
    wanted = RunState(state) if state in list(RunState) else None
    return rounds.Filter(wanted, optional_uuid(request.args, "template"), ahead=state == "ahead")


def _priority(ticket: Ticket) -> str:
    return label(ticket.priority)


JOB = (
    Col(N_("Number"), lambda one: one.number, 16),
    Col(N_("Sort of work"), lambda one: one.kind),
    Col(N_("Kind of job"), lambda one: one.job_kind, 18),
    Col(N_("Place"), lambda one: named(one.place, "path"), 32),
    Col(N_("Asset"), lambda one: one.asset, 18),
    Col(N_("Description"), lambda one: one.description, 40),
    Col(N_("State"), lambda one: one.state, 12),
    Col(N_("Urgency"), _priority, 12),
    Col(N_("Owner"), lambda one: one.owner, 12),
    Col(N_("Reported by"), lambda one: one.reporter or one.reporter_name, 12),
    Col(N_("Reported at"), lambda one: one.opened_at, 18, Format.TIME),
    Col(N_("To be answered by"), lambda one: one.response_due_at, 18, Format.TIME),
    Col(N_("Due"), lambda one: one.resolution_due_at, 18, Format.TIME),
    Col(N_("Accepted at"), lambda one: one.accepted_at, 18, Format.TIME),
    Col(N_("Finished at"), lambda one: one.finished_at, 18, Format.TIME),
    Col(N_("Closed at"), lambda one: one.closed_at, 18, Format.TIME),
)

LISTS = {
    "/tickets": List(
        N_("Jobs"),
        _jobs,
        JOB,
    ),
    "/review": List(N_("Review"), lambda: review_queries.queue(person(), 10_000), JOB),
    "/rounds/hazards": List(N_("Hazards"), lambda: hazards.open_hazards(person()), JOB),
    "/late": List(
        N_("Late entries"),
        lambda: held.undecided(person()) if person().can(Right.VERIFY) else [],
        (
            Col(N_("Person"), lambda one: one.person),
            Col(N_("Why"), lambda one: one.why, 24),
            Col(N_("Time"), lambda one: one.at, 18, Format.TIME),
            Col(N_("Received"), lambda one: one.received_at, 18, Format.TIME),
        ),
    ),
    "/rounds/runs": List(
        N_("Rounds"),
        lambda: in_pages(
            lambda last: rounds.runs(person(), run_filter(), now(), last), lambda one: (one.opens_at, one.id)
        ),
        (
            Col(N_("Number"), lambda one: one.number, 16),
            Col(N_("Round"), lambda one: one.template, 28),
            Col(N_("State"), lambda one: one.state, 12),
            Col(N_("From"), lambda one: one.opens_at, 18, Format.TIME),
            Col(N_("Until"), lambda one: one.closes_at, 18, Format.TIME),
            Col(N_("Begun at"), lambda one: one.begun_at, 18, Format.TIME),
            Col(N_("Ended at"), lambda one: one.ended_at, 18, Format.TIME),
            Col(N_("Stops"), lambda one: one.stop_count, 8, Format.QUANTITY),
            Col(N_("Visited"), lambda one: one.visited_count, 8, Format.QUANTITY),
            Col(N_("Missed"), lambda one: one.missed_count, 8, Format.QUANTITY),
        ),
    ),
    "/rounds/plans": List(
        N_("Plans"),
        lambda: in_pages(lambda last: plan_queries.plans(person(), last), lambda one: one.id),
        (
            Col(N_("Plan"), lambda one: one.name or named(one.template), 28),
            Col(N_("Round"), lambda one: one.template, 28),
            Col(N_("Times"), lambda one: one.times, 18),
            Col(N_("Rule"), lambda one: one.rule, 24),
            Col(N_("From"), lambda one: one.starts_on, 12, Format.DAY),
            Col(N_("Until"), lambda one: one.ends_on, 12, Format.DAY),
            Col(N_("Person"), lambda one: one.person),
            Col(N_("In use"), lambda one: one.active, 8),
        ),
    ),
    "/rounds/templates": List(
        N_("Round templates"),
        lambda: template_queries.templates(
            person(), request.args.get("q", "").strip()[:80], retired="retired" in request.args
        ),
        (
            Col(N_("Code"), lambda one: one.code, 18),
            Col(N_("Name"), lambda one: one, 32),
            Col(N_("Category"), lambda one: one.category),
            Col(N_("Version"), lambda one: one.version, 8, Format.QUANTITY),
        ),
    ),
    "/rounds/readings": List(
        N_("Readings"),
        lambda: in_pages(
            lambda last: series.listed(person(), request.args.get("q", "")[:60], last), lambda one: one.id
        ),
        (
            Col(N_("Round"), lambda one: one.template, 28),
            Col(N_("Where"), lambda one: one.asset or one.place, 24),
            Col(N_("Check"), lambda one: named(one, "label"), 24),
            Col(N_("Last value"), lambda one: one.last_number, 12, Format.QUANTITY),
            Col(N_("Unit"), lambda one: one.unit, 8),
            Col(N_("Lower limit"), lambda one: one.low, 12, Format.QUANTITY),
            Col(N_("Upper limit"), lambda one: one.high, 12, Format.QUANTITY),
            Col(N_("Time"), lambda one: one.last_at, 18, Format.TIME),
        ),
    ),
    "/rounds/flags": List(
        N_("Flags"),
        lambda: in_pages(
            lambda last: round_flags.flags(person(), round_flag_filter(), last), lambda one: (one.made_at, one.id)
        ),
        (Col(N_("Kind"), lambda one: one.rule, 24), Col(N_("Time"), lambda one: one.made_at, 18, Format.TIME)),
    ),
    "/photo-flags": List(
        N_("Flags of photos"),
        lambda: in_pages(
            lambda last: photo_flags.flags(person(), photo_flag_filter(), last), lambda one: (one.made_at, one.id)
        ),
        (Col(N_("Kind"), lambda one: one.kind, 24), Col(N_("Time"), lambda one: one.made_at, 18, Format.TIME)),
    ),
    "/deliveries": List(
        N_("Deliveries"),
        lambda: deliveries.under_way(person()) if person().can(Right.VERIFY) else deliveries.asked_by(person(), 1000),
        (
            Col(N_("Number"), lambda one: one.ticket.number, 16),
            Col(N_("What"), lambda one: one.cargo),
            Col(N_("From"), lambda one: named(one.ticket.place, "path"), 30),
            Col(N_("To"), lambda one: named(one.to_place, "path"), 30),
            Col(N_("State"), lambda one: one.ticket.state, 12),
            Col(N_("Picked up at"), lambda one: one.picked_up_at, 18, Format.TIME),
            Col(N_("Delivered at"), lambda one: one.dropped_at, 18, Format.TIME),
        ),
    ),
    "/emergencies": List(
        N_("Emergencies"),
        lambda: [*emergencies.running(person()), *emergencies.past(person())],
        (
            Col(N_("Number"), lambda one: one.ticket.number, 16),
            Col(N_("Playbook"), lambda one: one.version, 24),
            Col(N_("Place"), lambda one: named(one.ticket.place, "path"), 30),
            Col(N_("Drill"), lambda one: one.drill, 8),
            Col(N_("Started at"), lambda one: one.started_at, 18, Format.TIME),
            Col(N_("Closed at"), lambda one: one.closed_at, 18, Format.TIME),
        ),
    ),
    "/desk/calls": List(
        N_("To be called back"),
        lambda: call_queries.due(person(), now()),
        (
            Col(N_("Number"), lambda one: one.ticket.number, 16),
            Col(N_("Name"), lambda one: one.name),
            Col(N_("Phone"), lambda one: one.phone),
            Col(N_("Since"), lambda one: one.since, 18, Format.TIME),
            Col(N_("Tries"), lambda one: one.tries, 8, Format.QUANTITY),
        ),
    ),
}


def round_flag_filter() -> round_flags.Filter:
    """What the list of flags of rounds is narrowed to by its address."""
    args = request.args
    return round_flags.Filter(
        optional_uuid(args, "template"), optional_uuid(args, "person"), args.get("only") == "doubts"
    )


def photo_flag_filter() -> photo_flags.Filter:
    """What the list of flags of photos is narrowed to by its address."""
    kind = request.args.get("kind", "")
    return photo_flags.Filter(Oddity(kind) if kind in list(Oddity) else None, request.args.get("only") == "open")
