"""What somebody did on a phone, kept beside it; and whether the server's books agree when all is over."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from tests.acceptance.hospital import Hospital

WORDLESS = ("accept", "resume")


@dataclass
class Deed:
    """One action. It must arrive once the phone has said that it is saved; before, it may."""

    number: int
    what: str
    login: str
    mark: str
    """By which it is found in the books: words, a quantity or a photo's hash."""
    ticket: str = ""
    photo: str = ""
    """Hash of a photo that goes along."""
    saved: bool = False


@dataclass(frozen=True)
class Found:
    """One event in the server's books."""

    verb: str
    mark: str
    login: str


@dataclass
class Verdict:
    """What the comparison came to."""

    arrived: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misattributed: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What the server did not take although the page had offered it."""

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.misattributed or self.disordered or self.refused)

    def __str__(self) -> str:
        parts = {
            "lost": self.lost,
            "doubled": self.doubled,
            "misattributed": self.misattributed,
            "out of order": self.disordered,
            "refused": self.refused,
        }
        counts = ", ".join(f"{name} {len(cases)}" for name, cases in parts.items())
        cases = "; ".join(f"{name}: {', '.join(cases[:5])}" for name, cases in parts.items() if cases)
        return f"arrived {self.arrived}, {counts}" + (f" ({cases})" if cases else "")


class Journal:
    """Everything that was done, in the order in which it was done."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []

    def judge(self, hospital: Hospital) -> Verdict:
        """Compare with the server's books."""
        verdict = Verdict()
        by_ticket: dict[str, list[Deed]] = defaultdict(list)
        for deed in self.deeds:
            if deed.ticket:
                by_ticket[deed.ticket].append(deed)
        for ticket, deeds in by_ticket.items():
            _compare(verdict, ticket, deeds, _story(hospital, UUID(ticket)))
        _compare_reports(verdict, self.deeds, hospital)
        _compare_photos(verdict, self.deeds, hospital)
        _compare_moves(verdict, self.deeds, hospital)
        return verdict


def _compare(verdict: Verdict, ticket: str, deeds: list[Deed], story: list[Found]) -> None:
    """Match each event with the deed it came from; what is left on either side is wrong."""
    open_deeds = list(deeds)
    last = -1
    for event in story:
        alike = [one for one in open_deeds if (one.what, one.mark) == (event.verb, event.mark)]
        deed = next((one for one in alike if one.number > last), alike[0] if alike else None)
        name = f"{event.verb} {event.mark or ticket[-6:]}"
        if deed is None:
            verdict.doubled.append(name)
            continue
        open_deeds.remove(deed)
        verdict.arrived += 1
        if deed.login != event.login:
            verdict.misattributed.append(name)
        if deed.number < last:
            verdict.disordered.append(name)
        last = max(last, deed.number)
    verdict.lost += _missing(open_deeds, deeds, story)


def _missing(left: Iterable[Deed], deeds: list[Deed], story: list[Found]) -> list[str]:
    """Saved deeds without an event. Deeds without words are alike: only their number per ticket can be compared."""
    lost = [f"{deed.what} {deed.mark} ({deed.number})" for deed in left if deed.saved and deed.what not in WORDLESS]
    for verb in WORDLESS:
        wanted = sum(1 for deed in deeds if deed.what == verb and deed.saved)
        there = sum(1 for event in story if event.verb == verb)
        lost += [f"{verb} on {deeds[0].ticket[-6:]}"] * max(0, wanted - there)
    return lost


def _compare_reports(verdict: Verdict, deeds: list[Deed], hospital: Hospital) -> None:
    """One report is one job, whatever its id."""
    for deed in deeds:
        if deed.what == "open":
            found = hospital.rows("SELECT id FROM tickets WHERE description = ?", deed.mark)
            verdict.doubled += [f"report {deed.mark}"] * max(0, len(found) - 1)


def _compare_photos(verdict: Verdict, deeds: list[Deed], hospital: Hospital) -> None:
    for deed in deeds:
        if not deed.photo:
            continue
        stored = [at for (at,) in hospital.rows("SELECT stored_at FROM photos WHERE sha256 = ?", deed.photo)]
        if deed.saved and (not stored or None in stored):
            verdict.lost.append(f"photo of {deed.what} {deed.number}")
        if len(stored) > 1:
            verdict.doubled.append(f"photo of {deed.what} {deed.number}")


def _compare_moves(verdict: Verdict, deeds: list[Deed], hospital: Hospital) -> None:
    """Goods left the bag exactly as often as their use is told."""
    tickets = {deed.ticket for deed in deeds if deed.ticket}
    for ticket in tickets:
        wanted = hospital.value(
            "SELECT COUNT(*) FROM ticket_events WHERE verb = 'material' AND ticket_id = ?", UUID(ticket).hex
        )
        moved = hospital.value(
            "SELECT COUNT(*) FROM moves m JOIN accounts a ON a.id = m.to_account_id WHERE a.ticket_id = ?",
            UUID(ticket).hex,
        )
        if wanted != moved:
            verdict.doubled.append(f"{moved} moves for {wanted} uses on {ticket[-6:]}")


def _story(hospital: Hospital, ticket: UUID) -> list[Found]:
    """What people did to a ticket in order, each with the mark it is known by; dispatch by itself has no person."""
    rows = hospital.rows(
        "SELECT e.verb, e.note, p.login, t.description FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id"
        " JOIN people p ON p.id = e.person_id WHERE t.id = ? ORDER BY e.position",
        ticket.hex,
    )
    photos = iter(
        hospital.rows(
            "SELECT p.sha256 FROM ticket_photos t JOIN photos p ON p.id = t.photo_id"
            " WHERE t.ticket_id = ? AND t.role <> 'report' ORDER BY t.position",
            ticket.hex,
        )
    )
    return [
        Found(str(verb), _mark(str(verb), str(note), str(description), photos), str(login))
        for verb, note, login, description in rows
    ]


def _mark(verb: str, note: str, description: str, photos: Iterable[tuple[object, ...]]) -> str:
    if verb == "open":
        return description
    if verb == "photo":
        return str(next(iter(photos), ("?",))[0])
    if verb == "material":
        found = re.search(r"× (\S+)", note)
        return found.group(1) if found else note
    return note
