"""What people are told of an announcement, in both languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crew_app.core.words import N_
from crew_app.desk.announcement_models import Act, Announcement, Utility
from crew_app.notifications.actions import Message, Words
from crew_app.notifications.rules import Topic

OUTAGE_WORDS = {
    Utility.WATER: {"zh": "停水", "en": "Water off"},
    Utility.POWER: {"zh": "停电", "en": "Power off"},
    Utility.OXYGEN: {"zh": "停氧", "en": "Oxygen off"},
    Utility.LIFT: {"zh": "电梯停运", "en": "Lift out of service"},
    Utility.AIR: {"zh": "空调停机", "en": "Air conditioning off"},
    Utility.NETWORK: {"zh": "网络中断", "en": "Network off"},
    Utility.OTHER: {"zh": "其他停用", "en": "Something else is off"},
}
"""The words of `UTILITY_LABELS` in both languages: a notice is kept for people who read either."""
OUTAGE_TITLES = {
    Act.ANNOUNCE: N_("%(what)s: %(where)s, %(when)s"),
    Act.CHANGE: N_("Changed: %(what)s, %(where)s, %(when)s"),
    Act.END: N_("Over: %(what)s, %(where)s"),
    Act.CANCEL: N_("Called off: %(what)s, %(where)s"),
    Act.REMIND: N_("Please read: %(what)s, %(where)s, %(when)s"),
}
NOTICE_TITLES = {
    Act.ANNOUNCE: N_("Notice: %(what)s"),
    Act.CHANGE: N_("Notice changed: %(what)s"),
    Act.END: N_("Notice no longer holds: %(what)s"),
    Act.CANCEL: N_("Notice withdrawn: %(what)s"),
    Act.REMIND: N_("Please read: %(what)s"),
}
SHOWN = 3
"""So many places are named; of more it is said how many they are."""


def told(found: Announcement, act: Act) -> Message:
    """The message about what was just done with an announcement."""
    href = f"/announcements/{found.id}"
    if not found.outage:
        return Message(found.site_id, Topic.NOTICE, NOTICE_TITLES[act], {"what": found.title}, href)
    params: dict[str, Words] = {
        "what": OUTAGE_WORDS[found.utility or Utility.OTHER],
        "where": where(found),
        "when": when(found.starts_at, found.ends_at, found.site.zone),
    }
    return Message(found.site_id, Topic.NOTICE, OUTAGE_TITLES[act], params, href)


def where(found: Announcement) -> dict[str, str]:
    """Where it is off, in both languages."""
    places = [one.place for one in found.places]
    if not places:
        return {"zh": found.site.name, "en": found.site.name_en or found.site.name}
    more = f" +{len(places) - SHOWN}" if len(places) > SHOWN else ""
    return {
        "zh": "、".join(place.path for place in places[:SHOWN]) + more,
        "en": ", ".join(place.path_en or place.path for place in places[:SHOWN]) + more,
    }


def when(starts_at: datetime, ends_at: datetime | None, zone: ZoneInfo) -> str:
    """From when until when, by the clock of the site."""
    begin, end = starts_at.astimezone(zone), (ends_at or starts_at).astimezone(zone)
    if ends_at is None:
        return f"{begin:%m-%d %H:%M}"
    return (
        f"{begin:%m-%d %H:%M}–{end:%H:%M}" if begin.date() == end.date() else f"{begin:%m-%d %H:%M}–{end:%m-%d %H:%M}"
    )
