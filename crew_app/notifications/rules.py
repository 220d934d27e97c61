"""What a notice may be about, by which ways it reaches people, and when. Pure facts, no database."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from crew_app.core.words import N_


class Topic(StrEnum):
    """What a notice is about; people choose by topic what reaches them, and how."""

    JOB = "job"
    """A job came to me, came back to me, or changed in my hands."""
    ESCALATION = "escalation"
    REPORT = "report"
    """How my own report goes on (限时复命)."""
    ROUND = "round"
    STOCK = "stock"
    EMERGENCY = "emergency"
    NOTICE = "notice"
    """An outage or other announcement for a ward."""
    PAPERS = "papers"
    """Licences, certificates and tests that fall due."""
    AUDIT = "audit"
    """How far the audit chain has come: to be kept, nothing to be done."""
    SECURITY = "security"
    """Somebody seems to guess passwords."""


TOPIC_LABELS = {
    Topic.JOB: N_("My jobs"),
    Topic.ESCALATION: N_("Overdue and escalated"),
    Topic.REPORT: N_("My reports"),
    Topic.ROUND: N_("Rounds"),
    Topic.STOCK: N_("Material"),
    Topic.EMERGENCY: N_("Emergencies"),
    Topic.NOTICE: N_("Announcements"),
    Topic.PAPERS: N_("Papers that expire"),
    Topic.AUDIT: N_("Audit chain, daily"),
    Topic.SECURITY: N_("Guessed passwords"),
}


class Channel(StrEnum):
    """A way out of the application; the list in it holds every notice anyway."""

    PUSH = "push"
    """To each phone where the person asked for it."""
    MAIL = "mail"
    CHAT = "chat"
    """Into a group of a chat application, for a whole site."""


CHANNEL_LABELS = {
    Channel.PUSH: N_("On the phone"),
    Channel.MAIL: N_("By e-mail"),
    Channel.CHAT: N_("In a chat group"),
}

PERSONAL = (Channel.PUSH, Channel.MAIL)
"""Channels that people choose for themselves."""
GROUP_TOPICS = frozenset({Topic.ESCALATION, Topic.EMERGENCY, Topic.NOTICE})
"""What a new chat group hears of, unless somebody chooses otherwise."""


class Later(StrEnum):
    """What becomes of a notice that must not disturb now."""

    WAIT = "wait"
    LIST = "list"


LATER_LABELS = {Later.WAIT: N_("Tell me afterwards"), Later.LIST: N_("Only in the list")}


class Stand(StrEnum):
    """How far a delivery has got."""

    WAITING = "waiting"
    DONE = "done"
    LEFT = "left"
    """Not sent, on purpose: read already, wanted only in the list, or the phone is not there any more."""
    DEAD = "dead"
    """Tried often enough; somebody has to look."""


FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 12
"""About half a day until a delivery is given up."""


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time."""
    doubled: int = 2 ** min(max(tries, 1) - 1, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a day in which nothing should disturb; they may go past midnight."""

    start: time
    end: time

    def end_after(self, local: datetime) -> datetime | None:
        """When they end, if this local time is within them."""
        clock = local.time()
        over_midnight = self.start > self.end
        within = (clock >= self.start or clock < self.end) if over_midnight else self.start <= clock < self.end
        if not within:
            return None
        day = local.date() + timedelta(days=1 if over_midnight and clock >= self.start else 0)
        return datetime.combine(day, self.end, tzinfo=local.tzinfo)


def wanted_by_default(channel: Channel, topic: Topic) -> bool:
    """What somebody gets who chose nothing: on the phone all that asks for something; no e-mail."""
    return channel is Channel.PUSH and topic is not Topic.AUDIT
