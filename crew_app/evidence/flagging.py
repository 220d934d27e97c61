"""Judging flags: somebody who verifies work says whether anything is wrong with the picture."""

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden
from crew_app.core.words import N_
from crew_app.evidence.looking import AFTER_FLAG
from crew_app.evidence.proof_models import PhotoFlag
from crew_app.people.models import Person
from crew_app.people.rules import Right


def judge(flag: PhotoFlag, *, harmless: bool, by: Person, at: Moment) -> None:
    """Say what is behind a flag; saying it again replaces what was said. Nobody judges their own picture."""
    if may_judge(by, flag):
        flag.harmless, flag.judged_by_id, flag.judged_at = harmless, by.id, at.at
        session.flush()
        for follow in AFTER_FLAG:
            follow(flag.photo, [flag])
        return
    if not by.can(Right.VERIFY, flag.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    raise Forbidden("own-photo", N_("You took this picture. Somebody else has to judge it."))


def may_judge(person: Person, flag: PhotoFlag) -> bool:
    """Whether this person verifies at the site of a photo and did not take it."""
    return person.can(Right.VERIFY, flag.site_id) and flag.photo.person_id != person.id
