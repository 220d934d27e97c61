"""Heads of the audit chain leave the machine every day: by notice, chat group and e-mail, and on the hand-over sheet.

Whoever rewrites the chain here cannot rewrite what lies elsewhere. Each line is one of `crew audit heads`.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy import select

from crew_app.config import Settings
from crew_app.core import heartbeat
from crew_app.core.chain import NOWHERE, head
from crew_app.core.chain_checks import SHORTEST_HEAD, Head, heads_now
from crew_app.core.chain_heads import ToldHead
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.words import N_
from crew_app.notifications import mail
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.outcome import Came
from crew_app.notifications.rules import Topic
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.roster.queries import with_right

CHINESE = "zh_Hans_CN"
TITLE = N_("The audit chain of today. Keep this message outside of the app:\n%(heads)s")


def start(app: Flask) -> None:
    """Let the hand-over sheet print them."""
    app.add_template_global(heads_on_paper)


def heads_on_paper(site_id: UUID) -> list[str]:
    """The heads of this moment, short enough to be typed: `crew audit verify --heads` takes them as they are."""
    code = session.get_one(Site, site_id).code
    found = [(code, head(str(site_id))), (NOWHERE, head(NOWHERE))]
    day = now().date().isoformat()
    return [f"{day} {name} {link.position} {link.hash[:SHORTEST_HEAD]}" for name, link in found if link]


def tell_heads(settings: Settings, at: datetime) -> int:
    """Once a day: remember how far each chain has come, and tell it; e-mail is tried again until it is gone."""
    with write_transaction():
        told = _tell(at)
    return told + _send(settings, at)


def _tell(at: datetime) -> int:
    day = at.date()
    if session.scalar(select(ToldHead.chain).where(ToldHead.day == day).limit(1)):
        return 0
    heads = heads_now(day)
    for one in heads:
        session.add(ToldHead(day=day, chain=one.chain, position=one.position, hash=one.hash, told_at=at))
    for site in session.scalars(select(Site).order_by(Site.code)):
        lines = [str(one) for one in heads if one.chain in (str(site.id), NOWHERE)]
        if lines:
            message = Message(site.id, Topic.AUDIT, TITLE, {"heads": "\n".join(lines)}, "/evidence-rules")
            tell(with_right(site.id, Right.KEEP_EVIDENCE), message, key=f"heads {day} {site.id}", at=at)
    return len(heads)


def _send(settings: Settings, at: datetime) -> int:
    """E-mail to the addresses of the settings; those that have it today are left out."""
    heads = _told(at)
    waiting = [one for one in settings.audit_heads_to if not _has_it(one, at)] if heads else []
    session.rollback()
    return sum(_send_to(address, heads, settings, at) for address in waiting)


def _told(at: datetime) -> list[Head]:
    rows = session.scalars(select(ToldHead).where(ToldHead.day == at.date()).order_by(ToldHead.chain))
    return [Head(row.day, row.chain, row.position, row.hash) for row in rows]


def _has_it(address: str, at: datetime) -> bool:
    last = heartbeat.last_beat(_name(address))
    return last is not None and last.at.date() >= at.date()


def _name(address: str) -> str:
    return f"heads {sha256(address.encode()).hexdigest()[:32]}"


def _send_to(address: str, heads: Sequence[Head], settings: Settings, at: datetime) -> int:
    outcome = mail.send(letter(address, heads, at), settings.smtp_url, settings.mail_from)
    if outcome.came is not Came.SENT:
        return 0
    with write_transaction():
        heartbeat.beat(at, "", _name(address))
    return 1


def letter(address: str, heads: Sequence[Head], at: datetime) -> mail.Letter:
    """The e-mail: as a file it is what `crew audit verify --heads` reads; other lines begin with #."""
    with force_locale(CHINESE):
        subject = gettext("Audit chain, %(day)s", day=at.date().isoformat())
        words = gettext(
            "Keep this e-mail. Whether the records were cut off or rewritten since then is told by:"
            " crew audit verify --heads FILE, with this text as the file."
        )
    lines = [f"# {words}", *map(str, heads)]
    return mail.Letter(f"heads-{at.date()}-{UUID(_name(address)[6:]).hex}", address, subject, "\n".join(lines))
