"""Rows of hearing back: who joined, what was accepted and rated, and a year of surveys."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from crew_app.core.ids import secret_hash
from crew_app.demo.hospital import SITES, departments
from crew_app.demo.loading.ids import Row, known
from crew_app.demo.records import ZONE, DemoTicket
from crew_app.demo.tables import rows
from crew_app.surveys.actions import FIRST
from crew_app.surveys.rules import month_of, months_back
from crew_app.tickets.rules import State, Verb

SEED = 97
RATED = 0.22
"""The share of verified jobs that somebody rates."""
MARKS = (5, 5, 5, 5, 5, 5, 4, 4, 4, 3, 2)
ANSWERED = 0.7
"""The share of wards that answer in a month."""
A_YEAR = 12
_JOINS = 3


def follower_rows(tickets: Iterable[DemoTicket], ids: dict[int, UUID]) -> Iterator[Row]:
    """A few strangers have the same fault as somebody before them; their links are lost."""
    for ticket in _joined(tickets):
        yield {
            "id": known("follower", ticket.serial),
            "site_id": known("site", ticket.site),
            "ticket_id": ids[ticket.serial],
            "person_id": None,
            "secret_hash": secret_hash(known("follow-secret", ticket.serial).hex),
            "joined_at": ticket.opened_at + timedelta(minutes=3),
        }


def _joined(tickets: Iterable[DemoTicket]) -> list[DemoTicket]:
    waiting = [ticket for ticket in tickets if ticket.state in (State.OPEN, State.ACCEPTED)]
    return waiting[-_JOINS * 2 :: 2]


def rating_rows(tickets: Iterable[DemoTicket], ids: dict[int, UUID], now: datetime) -> Iterator[Row]:
    """Ratings of verified jobs, better for those that were quick."""
    dice, said = Random(SEED), [row["words"] for row in rows("remarks") if row["about"] == "job"]  # noqa: S311 - a demo
    for ticket in tickets:
        finished = next((event.at for event in reversed(ticket.events) if event.verb is Verb.FINISH), None)
        if ticket.state is not State.VERIFIED or finished is None or dice.random() > RATED:
            continue
        slow = finished - ticket.opened_at > timedelta(hours=20)
        quality, service = dice.choice(MARKS), max(1, dice.choice(MARKS) - slow)
        yield {
            "id": known("rating", ticket.serial),
            "site_id": known("site", ticket.site),
            "ticket_id": ids[ticket.serial],
            "voice": ids[ticket.serial],
            "number": 1,
            "quality": quality,
            "service": service,
            "words": dice.choice(said) if dice.random() < 0.15 else "",  # noqa: PLR2004
            "made_at": min(finished + timedelta(hours=dice.randint(1, 30)), now),
        }


def question_rows() -> Iterator[Row]:
    """What is asked, the same at both sites."""
    for site in SITES:
        for position, (name, name_en) in enumerate(FIRST):
            yield {
                "id": known("question", f"{site}:{position}"),
                "site_id": known("site", site),
                "name": name,
                "name_en": name_en,
                "position": position,
                "asked": True,
            }


def address_rows() -> Iterator[Row]:
    """The address of every ward; a real installation draws one that nobody can guess."""
    for ward in departments().values():
        yield {
            "department_id": known("department", ward.code),
            "site_id": known("site", ward.site),
            "code": f"demo-{known('survey', ward.code).hex[:11]}",
        }


def answer_rows(now: datetime) -> Iterator[tuple[Row, list[Row]]]:
    """A year of answers with their marks: meals below the rest, everything a little better each month."""
    dice, said = Random(SEED + 1), [row["words"] for row in rows("remarks") if row["about"] == "ward"]  # noqa: S311
    for number, month in enumerate(months_back(month_of(now.astimezone(ZONE).date()), A_YEAR)):
        for ward in departments().values():
            for _ in range(dice.randint(2, 7) if dice.random() < ANSWERED else 0):
                id_ = UUID(int=dice.getrandbits(128), version=4)
                words = dice.choice(said) if dice.random() < 0.12 else ""  # noqa: PLR2004
                base = {"site_id": known("site", ward.site)}
                answer = base | {"id": id_, "department_id": known("department", ward.code), "month": month}
                yield (
                    answer | {"words": words},
                    [
                        base
                        | {"answer_id": id_, "question_id": known("question", f"{ward.site}:{asked}"), "score": mark}
                        for asked, mark in enumerate(_marks(number, dice))
                    ],
                )


def _marks(month: int, dice: Random) -> list[int]:
    """One mark for each question; the third is the canteen."""
    better = 0.3 + month / A_YEAR * 0.4
    drawn = [dice.choice(MARKS) if dice.random() < better else dice.choice((5, 4, 4, 3)) for _ in FIRST]
    return [max(1, mark - 1) if place == 2 and mark > 2 else mark for place, mark in enumerate(drawn)]  # noqa: PLR2004
