"""Rows of the registers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from crew_app.demo import registers as demo
from crew_app.demo.assets import DemoAsset, assets
from crew_app.demo.loading.ids import Row, known, timed
from crew_app.demo.people import people
from crew_app.demo.records import ZONE
from crew_app.registers.credential_models import Bearer
from crew_app.registers.gate import plate_key
from crew_app.registers.gate_models import GateVerb
from crew_app.registers.shift_models import LineSource, Part
from crew_app.registers.shift_rules import planned_end

SITE = "main"
STROKE = "M30 70L60 40L90 80L130 45L170 75L230 50"
NEXT_LIFT, NEXT_VESSEL = 26, 210
"""Days by which the next test of one asset lies behind that of the one before."""


def _here() -> Row:
    return {"site_id": known("site", SITE)}


def _ago(now: datetime, hours: float) -> datetime:
    return now - timedelta(hours=hours)


def _told(login: str, at: datetime) -> Row:
    return {"person_id": known("person", login), "at": at, "received_at": at}


def visit_rows(now: datetime) -> Iterator[Row]:
    """Visits as they stand."""
    for number, (came, left, plate, visitor, reason, host) in enumerate(demo.VISITS):
        words = {"plate": plate, "plate_key": plate_key(plate), "visitor": visitor, "reason": reason, "host": host}
        times = {
            "at": _ago(now, came),
            "entered_at": _ago(now, came),
            "left_at": None if left is None else _ago(now, left),
        }
        yield _here() | words | times | {"id": known("gate", number), "void": False}


def gate_entry_rows(now: datetime) -> Iterator[Row]:
    """What the guards wrote about them."""
    dice = Random(demo.GUARD)  # noqa: S311 - the same every time
    for number, (came, left, plate, visitor, reason, host) in enumerate(demo.VISITS):
        words = {"plate": plate, "visitor": visitor, "reason": reason, "host": host}
        blank = dict.fromkeys(words, "")
        for verb, hours, said in ((GateVerb.ENTER, came, words), (GateVerb.LEAVE, left, blank)):
            if hours is not None:
                at, guard = _ago(now, hours), demo.GUARD if verb is GateVerb.ENTER else demo.SECOND_GUARD
                about = {"id": timed(at, dice), "visit_id": known("gate", number), "verb": verb, "note": ""}
                yield _here() | about | said | _told(guard, at)


def post_rows(now: datetime) -> Iterator[Row]:
    """The posts that are relieved."""
    for name, name_en, changes, trade, jobs, stock, visitors in demo.POSTS:
        tells = {"tells_jobs": jobs, "tells_stock": stock, "tells_visitors": visitors, "active": True}
        about = {"id": known("post", name), "name": name, "name_en": name_en, "changes": changes, "trade": trade}
        yield _here() | about | tells | {"created_at": now - timedelta(hours=6)}


def hand_over_rows(now: datetime) -> Iterator[Row]:
    """One that both have signed, and one that waits for the relief."""
    changes = {name: times for name, _, times, *_ in demo.POSTS}
    for number, (hours, post, leaves, relief, *_) in enumerate(demo.HAND_OVERS):
        at = _ago(now, hours)
        yield (
            _here()
            | _told(leaves, at)
            | {
                "id": known("hand-over", number),
                "post_id": known("post", post),
                "ends_at": planned_end(changes[post], at.astimezone(ZONE)),
                "relieved_at": at + timedelta(minutes=6) if relief else None,
                "relieved_by_id": known("person", relief) if relief else None,
            }
        )


def line_rows() -> Iterator[Row]:
    """What was handed over."""
    for number, (_, _, _, _, running, matter, _) in enumerate(demo.HAND_OVERS):
        for position, (source, text) in enumerate(((LineSource.RUNNING, running), (LineSource.REMARK, matter)), 1):
            about = {"id": known("hand-over-line", (number, position)), "hand_over_id": known("hand-over", number)}
            yield _here() | about | {"position": position, "source": source, "text": text, "href": ""}


def note_rows(now: datetime) -> Iterator[Row]:
    """What the relief wrote below."""
    for number, (hours, _, _, relief, _, _, note) in enumerate(demo.HAND_OVERS):
        if note:
            line = {
                "id": known("hand-over-note", number),
                "line_id": known("hand-over-line", (number, 2)),
                "text": note,
            }
            signed = {"person_id": known("person", relief), "at": _ago(now, hours) + timedelta(minutes=6)}
            yield _here() | line | signed


def signature_rows(now: datetime) -> Iterator[Row]:
    """Who signed."""
    for number, (hours, _, leaves, relief, *_) in enumerate(demo.HAND_OVERS):
        for part, login, minutes in ((Part.OUTGOING, leaves, 0), (Part.RELIEF, relief, 6)):
            if login:
                about: Row = {
                    "id": known("hand-over-signature", (number, part)),
                    "hand_over_id": known("hand-over", number),
                }
                about |= {
                    "part": part,
                    "device_person_id": known("person", login),
                    "name": people()[login].name,
                    "path": STROKE,
                }
                yield _here() | about | _told(login, _ago(now, hours) + timedelta(minutes=minutes))


def kind_rows() -> Iterator[Row]:
    """The kinds of papers."""
    for name, name_en, months, advance, _ in demo.PERSON_KINDS:
        yield _kind(Bearer.PERSON, name, name_en, months, advance) | {"asset_kind_id": None}
    for name, name_en, months, asset_kind, _ in demo.TEST_KINDS:
        asset_kind_id = None if asset_kind == "boiler" else known("asset-kind", asset_kind)
        yield _kind(Bearer.ASSET, name, name_en, months, 60) | {"asset_kind_id": asset_kind_id}


def _kind(bearer: Bearer, name: str, name_en: str, months: int, advance: int) -> Row:
    about = {"id": known("paper-kind", name), "bearer": bearer, "name": name, "name_en": name_en}
    return _here() | about | {"months": months, "advance_days": advance, "active": True}


def need_rows() -> Iterator[Row]:
    """Whose jobs need which licence."""
    for name, _, _, _, trades in demo.PERSON_KINDS:
        for trade in trades:
            yield _here() | {"id": known("need", (name, trade)), "trade": trade, "kind_id": known("paper-kind", name)}


def paper_rows(now: datetime) -> Iterator[Row]:
    """Licences, then the certificates of lifts, pressure vessels and boiler gauges."""
    for login, kind, since, left in demo.LICENCES:
        whose = {"person_id": known("person", login), "asset_id": None, "number": f"T4501{since:04d}{left % 997:03d}"}
        yield _paper(kind, "市应急管理局", since, left, now) | whose | {"id": known("paper", (login, kind))}
    for kind, _, months, asset_kind, issuer in demo.TEST_KINDS:
        for number, asset in enumerate(_of_kind(asset_kind)):
            left = number * (NEXT_LIFT if months <= 12 else NEXT_VESSEL) - 11  # noqa: PLR2004 - a year
            whose = {"person_id": None, "asset_id": known("asset", asset.code), "number": f"JY-{asset.code}"}
            since = max(months * 30 - left, 0)
            yield _paper(kind, issuer, since, left, now) | whose | {"id": known("paper", (asset.code, kind))}


def _of_kind(kind: str) -> list[DemoAsset]:
    return [one for one in assets().values() if one.kind == kind and one.site == SITE][:12]


def _paper(kind: str, issuer: str, since: int, left: int, now: datetime) -> Row:
    today, at = now.astimezone(ZONE).date(), now - timedelta(days=min(since, 200))
    days = {"issued_on": today - timedelta(days=since), "expires_on": today + timedelta(days=left)}
    written = {"written_by_id": known("person", demo.KEEPER), "at": at, "received_at": at}
    return _here() | {"kind_id": known("paper-kind", kind), "issuer": issuer} | days | written


def training_rows(now: datetime) -> Iterator[Row]:
    """Trainings and drills, one of them planned."""
    today = now.astimezone(ZONE).date()
    for number, (days, kind, topic, place, trainer, *_) in enumerate(demo.TRAININGS):
        about = {"id": known("training", number), "kind": kind, "held_on": today - timedelta(days=days), "topic": topic}
        told = _told(demo.KEEPER, now - timedelta(days=max(days, 1)))
        yield _here() | about | told | {"place": place, "trainer": trainer}


def record_rows(now: datetime) -> Iterator[Row]:
    """How they went."""
    for number, (days, _, _, _, _, heads, hours, score, passed, note) in enumerate(demo.TRAININGS):
        if heads:
            about = {"id": known("training-record", number), "training_id": known("training", number), "note": note}
            went = {"headcount": heads, "hours": Decimal(hours), "passed": passed}
            went |= {"score": None if score is None else Decimal(score)}
            yield _here() | about | went | _told(demo.KEEPER, now - timedelta(days=days))
