"""Rounds: what is to be walked, the walk itself, what became of it."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.evidence.site_rules import keeps_positions
from crew_app.people.rules import Right
from crew_app.rounds import news, queries, runs, series, visits
from crew_app.rounds.forms import Pictures, parse_seen
from crew_app.rounds.models import Run
from crew_app.rounds.rules import LIVE, RunState
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.people import person
from crew_app.web.phones import this_device, walker_silence
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

NOT_KEPT = {"Cache-Control": "private, no-store"}
blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")

A_WEEK = timedelta(days=7)


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """What is to be walked now, what others are walking, what was missed."""
    me, at = person(), now()
    watched = me.can(Right.WATCH_ROUNDS)
    return render_template(
        "rounds/index.html",
        stand=stand_of_site() if watched else "",
        due=queries.due_for(me, at) if me.can(Right.WALK) else [],
        missed=queries.missed_by(me, at - A_WEEK) if me.can(Right.WALK) and not watched else [],
        under_way=queries.under_way(me) if watched else [],
        alerts=queries.alerts(me, at - A_WEEK) if watched else [],
        beyond=series.alarms_now(me, at),
        at=at,
    )


@blueprint.get("/news")
@needs(Right.WATCH_ROUNDS)
def news_of_site() -> Response:
    """How the rounds stand in one line: a page that is watched asks whether it is still true."""
    return Response(stand_of_site(), mimetype="text/plain", headers=NOT_KEPT)


@blueprint.get("/runs/<uuid:run_id>/news")
@needs(Right.WATCH_ROUNDS)
def news_of_run(run_id: UUID) -> Response:
    """The same about one run."""
    stand = _stand_of_run(queries.run(person(), run_id, whole=False))
    return Response(stand, mimetype="text/plain", headers=NOT_KEPT)


@blueprint.get("/runs")
@needs(Right.SEE_SITE)
def history() -> str:
    """All runs from the newest on; or those to come."""
    me = person()
    state = request.args.get("state", "")
    chosen = queries.Filter(_state(state), optional_uuid(request.args, "template"), ahead=state == "ahead")
    found = queries.runs(me, chosen, now(), cursor(request.args.get("before", "")))
    more = cursor_of(found[-1].opens_at, found[-1].id) if len(found) == queries.PAGE else None
    return render_template("rounds/history.html", runs=found, chosen=chosen, more=more, at=now())


@blueprint.get("/runs/<uuid:run_id>")
@needs(Right.SEE_SITE)
def show(run_id: UUID) -> str:
    """One run: stop after stop with its checks, and what was found."""
    run = queries.run(person(), run_id)
    return render_template(
        "rounds/run.html",
        run=run,
        stand=_stand_of_run(run) if run.state in LIVE and person().can(Right.WATCH_ROUNDS, run.site_id) else "",
        last=queries.last_readings(run),
        walking=visits.may_walk(run, person()) and run.state is not RunState.CANCELLED,
        scanned=_scanned(),
        open_here=_open_here(run),
        positions_kept=keeps_positions(run.site_id),
        at=now(),
    )


@blueprint.post("/stops/<uuid:stop_id>/visits")
@needs(Right.WALK)
@prepared_command(arrive_with_form)
def check_in(stop_id: UUID) -> Done:
    """Somebody was at a stop: answers, photos, how the tag was scanned."""
    return _visited(stop_id, skipped=False)


@blueprint.post("/stops/<uuid:stop_id>/omissions")
@needs(Right.WALK)
@prepared_command(arrive_with_form)
def leave_out(stop_id: UUID) -> Done:
    """A stop is left out, with the reason."""
    return _visited(stop_id, skipped=True)


@blueprint.post("/templates/<uuid:template_id>/runs")
@needs(Right.WALK)
@command
def begin(template_id: UUID) -> Done:
    """Begin a round of a template now, without a plan."""
    template = queries.template(person(), template_id, Right.WALK)
    return _done(runs.begin_now(template, uuid(request.form, "run_id"), by=person(), at=this_moment()), 201)


@blueprint.post("/runs/<uuid:run_id>/closure")
@needs(Right.WALK)
@command
def end(run_id: UUID) -> Done:
    """End a round early, with the reason."""
    run = queries.run(person(), run_id, lock=True)
    runs.end_run(run, text(request.form, "reason"), by=person(), at=this_moment())
    return _done(run)


@blueprint.post("/runs/<uuid:run_id>/cancellation")
@needs(Right.PLAN_ROUNDS)
@command
def call_off(run_id: UUID) -> Done:
    """Say that a run is not to be walked."""
    run = queries.run(person(), run_id, lock=True)
    runs.call_off(run, text(request.form, "reason"), by=person(), at=this_moment())
    return _done(run)


def stand_of_site() -> str:
    """How the watched rounds stand, with which phones are silent: that comes without anybody doing anything."""
    me, at = person(), now()
    return "-".join([news.of_site(me, at), *map(_silent, queries.under_way(me))])


def _stand_of_run(run: Run) -> str:
    return f"{news.of_run(run)}-{_silent(run)}"


def _silent(run: Run) -> str:
    found = walker_silence(run)
    return "late" if found and found.late else "quiet" if found else ""


def _visited(stop_id: UUID, *, skipped: bool) -> Done:
    me, at = person(), this_moment()
    stop = queries.stop(me, stop_id)
    pictures = Pictures(arrived_photos(prepared()), request.form.getlist("photo_for"))
    seen = parse_seen(request.form, stop.plan, pictures, at, this_device(), skipped=skipped)
    act = visits.skip if skipped else visits.check_in
    act(stop, seen, by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return _done(stop.run, 201)


def _done(run: Run, status: int = 200) -> Done:
    return Done(url_for("rounds.show", run_id=run.id), run.site_id, status)


def _scanned() -> dict[str, str]:
    """The stop that was opened by a scan, and the tag."""
    return {name: request.args.get(name, "")[:60] for name in ("stop", "tag", "how")}


def _open_here(run: Run) -> dict[UUID, list[object]]:
    """What is open already at each place of a run, so that nobody reports it again."""
    found: dict[UUID, list[object]] = {}
    for ticket in tickets.open_at_places({stop.place_id for stop in run.stops if stop.place_id}):
        found.setdefault(ticket.asset_id or ticket.place_id, []).append(ticket)
    return found


def _state(value: str) -> RunState | None:
    return RunState(value) if value in set(RunState) else None
