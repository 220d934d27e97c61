"""What somebody answered at a stop: read from a form, and judged. No database."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.rounds.content import NUMERIC, Check, CheckKind, PhotoRule, StopPlan
from crew_app.rounds.rules import Outcome

LONGEST = 2_000
LONGEST_PATH = 20_000
LARGEST = Decimal(10) ** 10
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?|[-+]?\.\d+")
Thing = TypeVar("Thing")
_PATH = re.compile(r"[MLmlHhVvCcQqZz0-9 .,\-]*")
_GRADES = {"pass": Outcome.OK, "flag": Outcome.FLAG, "fail": Outcome.FAIL, "na": Outcome.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Given:
    """One check with its answer. `wanted`: the fault is to become a job."""

    check: Check
    value: str
    outcome: Outcome
    number: Decimal | None = None
    note: str = ""
    wanted: bool = False

    @property
    def fault(self) -> bool:
        """Whether something is wrong."""
        return self.outcome is Outcome.FAIL


def parse(plan: StopPlan, fields: Mapping[str, str], photos: Mapping[str, int]) -> list[Given]:
    """The answers of a stop; `photos` says how many there are for each check.

    `Refused` names the check that is missing, makes no sense, lies outside its limits without being confirmed, or
    wants a photo.
    """
    given: dict[str, Given] = {}
    for check in plan.checks:
        if not asked(check, given):
            continue
        answer = _answer(check, fields, photos.get(check.key, 0))
        if answer:
            _need_photo(answer, photos.get(check.key, 0))
            given[check.key] = answer
    return list(given.values())


def asked(check: Check, given: Mapping[str, Given]) -> bool:
    """Whether a check is to be answered, after what was answered before it."""
    if check.when is None:
        return True
    earlier = given.get(check.when.check)
    return earlier is not None and bool({earlier.value, earlier.outcome.value} & set(check.when.among))


def _answer(check: Check, fields: Mapping[str, str], photos: int) -> Given | None:
    typed = fields.get(f"c-{check.key}", "").strip()
    note = _words(check, fields.get(f"n-{check.key}", ""))
    if check.kind is CheckKind.PHOTO:
        typed = "photo" if photos else ""
    elif check.kind is CheckKind.SIGNATURE:
        typed = _signatures(check, fields)
    if not typed:
        if check.required:
            raise _about("check-missing", N_("“%(check)s” is not answered yet."), check)
        return None
    number = _number(check, typed) if check.kind in NUMERIC | {CheckKind.SCORE, CheckKind.COUNTDOWN} else None
    outcome = _outcome(check, typed, number)
    if number is not None and check.kind in NUMERIC and outcome is Outcome.FAIL:
        _need_certainty(check, typed, sure=bool(fields.get(f"sure-{check.key}")), shown=bool(photos or note))
    return Given(check, typed, outcome, number, note, bool(fields.get(f"t-{check.key}")))


def _need_certainty(check: Check, typed: str, *, sure: bool, shown: bool) -> None:
    """Outside the limits: looked at twice, and shown by a photo, or words why there is none."""
    value = f"{typed} {check.unit}".strip()
    if not sure:
        words = N_("“%(check)s”: %(value)s is outside the limits. Please look again, and confirm it if it is right.")
        raise _about("beyond", words, check, value=value)
    if not shown:
        words = N_("“%(check)s”: %(value)s is outside the limits. Please take a photo, or write why there is none.")
        raise _about("beyond-photo", words, check, value=value)


def _outcome(check: Check, typed: str, number: Decimal | None) -> Outcome:
    if number is not None:
        return judge(check, number)
    match check.kind:
        case CheckKind.YES_NO:
            return _yes_no(check, typed)
        case CheckKind.GRADE:
            return _known(check, _GRADES.get(typed))
        case CheckKind.CHOICE:
            option = _known(check, check.option(typed))
            return Outcome.FAIL if option.fails else Outcome.OK
        case CheckKind.OPINION:
            _words(check, typed)
            return Outcome.FLAG
        case CheckKind.TEXT:
            _words(check, typed)
    return Outcome.NOTED


def judge(check: Check, number: Decimal) -> Outcome:
    """What a number means for its check."""
    if check.kind is CheckKind.SCORE:
        return Outcome.FAIL if check.low is not None and number < check.low else Outcome.OK
    if check.kind is CheckKind.COUNTDOWN:
        return Outcome.OK if number >= check.seconds else Outcome.FLAG
    if check.low is None and check.high is None:
        return Outcome.NOTED
    beyond = (check.low is not None and number < check.low) or (check.high is not None and number > check.high)
    return Outcome.FAIL if beyond else Outcome.OK


def _yes_no(check: Check, typed: str) -> Outcome:
    if typed not in ("yes", "no"):
        raise _nonsense(check)
    return Outcome.FAIL if typed == check.fails_on else Outcome.OK


def _number(check: Check, typed: str) -> Decimal:
    """A number as it is typed on any keyboard: full-width digits, a comma for the point."""
    plain = re.sub("[,。]", ".", unicodedata.normalize("NFKC", typed)).replace(" ", "")
    try:
        number = Decimal(plain) if _NUMBER.fullmatch(plain) else None
    except InvalidOperation:
        number = None
    if number is None or abs(number) > LARGEST or number != round(number, 4):
        raise _about("number", N_("“%(check)s” must be a number."), check)
    wrong = check.kind in (CheckKind.COUNT, CheckKind.WEIGHT, CheckKind.SCORE, CheckKind.COUNTDOWN) and number < 0
    if wrong or (check.kind is CheckKind.SCORE and number > check.most):
        raise _about("number", N_("“%(check)s”: this number cannot be. Please check it."), check)
    return number


def _signatures(check: Check, fields: Mapping[str, str]) -> str:
    """Who signed how, as JSON; nothing while a signature is missing."""
    found = [_signature(fields, f"c-{check.key}-{party}") for party in range(1, check.parties + 1)]
    if not all(found):
        return ""
    return json.dumps(found, ensure_ascii=False)


def _signature(fields: Mapping[str, str], name: str) -> dict[str, str] | None:
    path, paper = fields.get(f"{name}_path", "").strip(), fields.get(f"{name}_paper", "")
    if len(path) > LONGEST_PATH or not _PATH.fullmatch(path):
        raise Refused("signature", N_("The signature could not be read. Please sign once more."))
    if not path and not paper:
        return None
    return {"name": _clean(fields.get(f"{name}_name", ""))[:60], "path": path}


def _need_photo(answer: Given, photos: int) -> None:
    rule = answer.check.photo
    if photos or answer.check.kind is CheckKind.PHOTO:
        return
    if rule is PhotoRule.ALWAYS or (rule is PhotoRule.ON_FAIL and answer.fault):
        raise _about("photo-missing", N_("“%(check)s” needs a photo."), answer.check)


def _words(check: Check, typed: str) -> str:
    clean = _clean(typed)
    if len(clean) > LONGEST:
        raise _about("too-long", N_("“%(check)s”: this text is too long."), check)
    return clean


def _clean(typed: str) -> str:
    return "".join(char for char in typed if char.isprintable() or char in "\n\t \u3000\u200d").strip()


def _known(check: Check, found: Thing | None) -> Thing:
    if found is None:
        raise _nonsense(check)
    return found


def _nonsense(check: Check) -> Refused:
    return _about("nonsense", N_("“%(check)s”: this answer is not known. Please load the page again."), check)


def _about(code: str, message: str, check: Check, **params: str) -> Refused:
    return Refused(code, message, check=check.label, **params)


def faults(given: Sequence[Given]) -> int:
    """How many answers are faults."""
    return sum(answer.fault for answer in given)
