"""Whether a notice may reach somebody now: quiet hours, duty, and what they chose to become of it then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crew_app.notifications.models import Notice, NoticeHabit
from crew_app.notifications.rules import Later
from crew_app.people.models import Person
from crew_app.roster import presence

LOOK_AGAIN = timedelta(hours=1)
"""Where the next shift is not known yet."""
LONGEST = timedelta(days=3)
"""What had to wait longer is old news: it stays in the list."""
_ZONE = ZoneInfo("Asia/Shanghai")


def wait_until(notice: Notice, habit: NoticeHabit, at: datetime) -> datetime | None:
    """Until when it has to wait; nothing when it may go now. Urgent ones always may."""
    if notice.urgent:
        return None
    return _quiet(habit, notice.person, at) or _off_duty(habit, at)


def is_left(notice: Notice, habit: NoticeHabit, until: datetime) -> bool:
    """Whether one that has to wait so long is only to be in the list."""
    return habit.later is Later.LIST or until - notice.made_at > LONGEST


def _quiet(habit: NoticeHabit, person: Person, at: datetime) -> datetime | None:
    zone = person.memberships[0].site.zone if person.memberships else _ZONE
    return habit.quiet.end_after(at.astimezone(zone)) if habit.quiet else None


def _off_duty(habit: NoticeHabit, at: datetime) -> datetime | None:
    if not habit.on_duty_only or presence.is_there(habit.person_id, at):
        return None
    return presence.next_start(habit.person_id, at) or at + LOOK_AGAIN
