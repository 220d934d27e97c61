"""A notice that was read out in a briefing (例会/学习), kept among the trainings."""

from crew_app.core.clock import Moment
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.desk import announcement_queries as queries
from crew_app.desk.announcement_models import Act, Announcement
from crew_app.desk.announcements import may_announce, note_down
from crew_app.people.models import Person
from crew_app.registers import trainings
from crew_app.registers.sites import day_at
from crew_app.registers.training_models import Training, TrainingKind


def record(found: Announcement, note: str = "", *, by: Person, at: Moment) -> Training:
    """Make the record of a briefing: its topic the notice, its people those who have read it as it stands."""
    may_announce(by, found)
    if found.training_id:
        raise Refused("briefing-known", N_("The briefing was already recorded."))
    people = [one.person for one in queries.readers(found) if one.read_version >= found.version]
    if not people:
        raise Refused("nobody-read", N_("Nobody has read it yet."))
    topic = found.title or found.words.partition("\n")[0][:120]
    plan = trainings.Plan(new_id(), TrainingKind.BRIEFING, day_at(found.site, at.at), topic, trainer=by.name)
    training = trainings.plan(plan, found.site, by=by, at=at)
    result = trainings.Result(new_id(), len(people), note=note or found.words, people=people)
    trainings.record(training, result, [], by=by, at=at)
    found.training_id = training.id
    note_down(found, Act.BRIEF, note, by=by, at=at)
    return training
