"""The first page: what now."""

from datetime import timedelta

from flask import Blueprint, render_template

from crew_app.core.clock import now
from crew_app.held import queries as held
from crew_app.people.rules import Right
from crew_app.rounds import queries as rounds
from crew_app.rounds import series
from crew_app.routes.late import REMEMBERED
from crew_app.routes.rounds import stand_of_site
from crew_app.storeroom import requests
from crew_app.storeroom.availability import arrived
from crew_app.tickets import queries
from crew_app.tickets.rules import State
from crew_app.web.access import signed_in
from crew_app.web.people import person
from crew_app.web.phones import phone_awaited

blueprint = Blueprint("today", __name__)

A_DAY = timedelta(days=1)


@blueprint.get("/")
@signed_in
def show() -> str:
    """My jobs in order of urgency, what waits for somebody like me, and what a supervisor must look at."""
    me = person()
    late = queries.overdue(me, now()) if me.can(Right.VERIFY) else []
    awaited = [ticket for ticket in late if phone_awaited(ticket.owner_id, ticket.site_id, ticket.resolution_due_at)]
    return render_template(
        "today/index.html",
        mine=queries.owned(me) if me.can(Right.WORK) else [],
        arrived=arrived(me, now()) if me.can(Right.WORK) else [],
        waiting=queries.waiting_for(me) if me.can(Right.WORK) else [],
        review=queries.to_review(me, limit=10) if me.can(Right.VERIFY) else [],
        overdue=[ticket for ticket in late if ticket not in awaited],
        awaited=awaited,
        on_hold=queries.in_state(me, State.ON_HOLD, Right.VERIFY) if me.can(Right.VERIFY) else [],
        reported=queries.reported_by(me),
        asks=me.can(Right.ASK_FOR_STOCK) and not me.can(Right.SEE_STOCK),
        to_approve=requests.count_waiting(me) if me.can(Right.APPROVE_STOCK) else 0,
        questions=held.count_undecided(me) if me.can(Right.VERIFY) else 0,
        runs=rounds.due_for(me, now(), limit=5) if me.can(Right.WALK) else [],
        beyond=series.alarms_now(me, now()) if me.can(Right.SEE_SITE) else [],
        stand=stand_of_site() if me.can(Right.WATCH_ROUNDS) else "",
        alerts=rounds.alerts(me, now() - A_DAY, limit=5) if me.can(Right.WATCH_ROUNDS) else [],
        own_late=held.own(me, now() - REMEMBERED),
        at=now(),
    )
