"""The first page: what now."""

from datetime import timedelta

from flask import Blueprint, render_template

from crew_app.core.clock import now
from crew_app.deliveries import queries as deliveries
from crew_app.desk import announcement_queries as announcements
from crew_app.desk import call_queries
from crew_app.emergencies import queries as emergencies
from crew_app.held import queries as held
from crew_app.people.rules import Right
from crew_app.roster import queries as roster
from crew_app.rounds import queries as rounds
from crew_app.rounds import series
from crew_app.routes.late import REMEMBERED
from crew_app.routes.rounds import stand_of_site
from crew_app.storeroom.availability import arrived
from crew_app.storeroom.todo import todo
from crew_app.tickets import followers, queries, review_queries
from crew_app.tickets.rules import State
from crew_app.trips import queries as trips
from crew_app.web.access import signed_in
from crew_app.web.people import person
from crew_app.web.phones import phone_awaited

blueprint = Blueprint("today", __name__)

A_DAY = timedelta(days=1)
SHOWN = 5
"""Of each list; the rest is one touch away."""


@blueprint.get("/")
@signed_in
def show() -> str:
    """My jobs in order of urgency, what waits for somebody like me, and what a supervisor must look at."""
    me = person()
    to_judge = followers.to_judge(me, now())
    going = emergencies.running(me)
    late = queries.overdue(me, now()) if me.can(Right.VERIFY) else []
    to_know = announcements.to_know(me, now())
    awaited = [ticket for ticket in late if phone_awaited(ticket.owner_id, ticket.site_id, ticket.resolution_due_at)]
    return render_template(
        "today/index.html",
        for_me=queries.for_me(me) if me.can(Right.WORK) or me.can(Right.DISPATCH) else [],
        help_wanted=queries.help_wanted(me) if me.can(Right.WORK) else [],
        shift=roster.next_shift(me.id, now(), A_DAY),
        swaps=len(roster.swaps_to_answer(me)),
        mine=queries.owned(me) if me.can(Right.WORK) else [],
        arrived=arrived(me, now()) if me.can(Right.WORK) else [],
        waiting=queries.waiting_for(me, limit=SHOWN) if me.can(Right.WORK) else [],
        review=review_queries.queue(me, limit=SHOWN) if me.can(Right.VERIFY) else [],
        not_drawn=review_queries.count_rest(me) if me.can(Right.VERIFY) else 0,
        overdue=[ticket for ticket in late if ticket not in awaited][:SHOWN],
        awaited=awaited,
        on_hold=queries.in_state(me, State.ON_HOLD, Right.VERIFY, limit=SHOWN) if me.can(Right.VERIFY) else [],
        reported=[ticket for ticket in queries.reported_by(me) if ticket not in to_judge],
        to_judge=to_judge,
        asks=me.can(Right.ASK_FOR_STOCK) and not me.can(Right.SEE_STOCK),
        store=todo(me, now()),
        questions=held.count_undecided(me) if me.can(Right.VERIFY) else 0,
        runs=rounds.due_for(me, now(), limit=5, on_duty_only=True) if me.can(Right.WALK) else [],
        beyond=series.alarms_now(me, now()) if me.can(Right.SEE_SITE) else [],
        stand=stand_of_site() if me.can(Right.WATCH_ROUNDS) else "",
        alerts=rounds.alerts(me, now() - A_DAY, limit=5) if me.can(Right.WATCH_ROUNDS) else [],
        own_late=held.own(me, now() - REMEMBERED),
        to_know=to_know,
        unread=announcements.unread(me, [one.id for one in to_know]),
        call_backs=len(call_queries.due(me, now())) if me.can(Right.KEEP_DESK) else 0,
        emergencies=going,
        called=emergencies.waiting_calls(me) if going else [],
        carry=deliveries.count_for(me),
        drive=trips.counts_for(me),
        at=now(),
    )
