"""Flags in words: what was seen, and nothing about anybody's intentions."""

from collections.abc import Callable
from typing import Any

from crew_app.core.words import N_
from crew_app.rounds.rules import FlagRule
from crew_app.rounds.sightings import Facts

Words = tuple[str, dict[str, Any]]
"""A text to be translated, and its parameters."""

FLAG_LABELS = {
    FlagRule.NOT_SCANNED: N_("Not scanned"),
    FlagRule.OTHER_TAG: N_("Other tag"),
    FlagRule.EARLY: N_("Before its time"),
    FlagRule.LATE: N_("After its time"),
    FlagRule.OUT_OF_ORDER: N_("Other order"),
    FlagRule.TOO_FAST: N_("Faster than people walk"),
    FlagRule.SAME_FRAME: N_("Same picture again"),
    FlagRule.COPY_LOOK: N_("Looks like a copy of the tag"),
    FlagRule.TWO_PHONES: N_("Two phones"),
    FlagRule.CLOCK: N_("Phone clock doubtful"),
    FlagRule.BURST: N_("Many stops in a minute"),
    FlagRule.SAME_ANSWERS: N_("Always the same numbers"),
    FlagRule.CHALLENGE: N_("Proof missing"),
}

_HOW = {
    "typed": N_("The code was typed in, not scanned."),
    "picture": N_("The code was read from a picture on the phone, not from the tag."),
    "tap": N_("The stop was recorded without scanning its tag."),
}
_CHALLENGE = {
    ("photo", "none"): N_("The photo that was asked for as a proof is missing."),
    ("photo", "gallery"): N_("The photo that was asked for as a proof came from the gallery."),
    ("number", "none"): N_("The number on the door was asked for and not given."),
    ("number", "other"): N_("The number that was given is not the one on record for this door."),
}


def sentence(rule: FlagRule, facts: Facts) -> Words:
    """What a flag says. Facts that are missing leave the general words."""
    try:
        return _SENTENCES[rule](facts)
    except LookupError:
        return FLAG_LABELS[rule], {}


def _minutes(text: str) -> Callable[[Facts], Words]:
    return lambda facts: (text, {"minutes": facts["minutes"]})


def _other_tag(facts: Facts) -> Words:
    if "retired" in facts:
        return N_("The tag that was scanned had been taken out of use."), {}
    return N_("The tag that was scanned belongs to another place."), {}


def _too_fast(facts: Facts) -> Words:
    known = [name for name in ("usual", "least") if name in facts]
    params: dict[str, Any] = {name: span(facts[name]) for name in ("took", *known)}
    if "ways" in facts and "usual" in facts:
        text = N_("%(ways)s ways in a row took %(took)s; people here usually take at least %(usual)s.")
        return text, {**params, "ways": facts["ways"]}
    if "ways" in facts:
        text = N_("%(ways)s ways in a row took %(took)s; nobody walks that in less than %(least)s.")
        return text, {**params, "ways": facts["ways"]}
    if "usual" in facts:
        return N_("The way from the stop before took %(took)s; people here usually take at least %(usual)s."), params
    return N_("The way from the stop before took %(took)s; it lies on another floor or in another building."), params


def _same_frame(facts: Facts) -> Words:
    if facts["other"]:
        return N_("The camera saw exactly the same picture as at another stop."), {}
    return N_("The camera saw exactly the same picture as at an earlier scan of this tag."), {}


def _copy_look(facts: Facts) -> Words:
    if facts["why"] == "alike":
        text = N_("The pictures of %(frames)s stops look more like one another than like these places.")
    else:
        text = N_("The pictures of %(frames)s stops look unlike what others saw at these tags.")
    return text, {"frames": facts["frames"]}


def _two_phones(facts: Facts) -> Words:
    if facts["why"] == "apart":
        return N_("The same person was at another place with another phone %(took)s before."), {
            "took": span(facts["took"])
        }
    text = N_("At %(stops)s stops somebody else's phone was there within seconds, for another round.")
    return text, {"stops": facts["stops"]}


def _clock(facts: Facts) -> Words:
    if "back" in facts:
        text = N_("The phone's clock had gone back by %(minutes)s min since it last told the time.")
        return text, {"minutes": facts["back"]}
    return N_("The phone's clock was wrong by %(minutes)s min. The time was corrected."), {"minutes": facts["minutes"]}


def _burst(facts: Facts) -> Words:
    return N_("%(stops)s places within %(took)s."), {"stops": facts["stops"], "took": span(facts["took"])}


def _same_answers(facts: Facts) -> Words:
    text = N_("The same numbers for the %(times)s. time in a row, where others' numbers vary.")
    return text, {"times": facts["times"]}


def span(seconds: str | int) -> str:
    """Seconds as minutes and seconds, the same in both languages: 2:05."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


_SENTENCES: dict[FlagRule, Callable[[Facts], Words]] = {
    FlagRule.NOT_SCANNED: lambda facts: (_HOW[str(facts["how"])], {}),
    FlagRule.OTHER_TAG: _other_tag,
    FlagRule.EARLY: _minutes(N_("%(minutes)s min before the stop was due.")),
    FlagRule.LATE: _minutes(N_("%(minutes)s min after the stop's time and its grace were over.")),
    FlagRule.OUT_OF_ORDER: lambda _: (N_("A later stop was visited before this one; this round has an order."), {}),
    FlagRule.TOO_FAST: _too_fast,
    FlagRule.SAME_FRAME: _same_frame,
    FlagRule.COPY_LOOK: _copy_look,
    FlagRule.TWO_PHONES: _two_phones,
    FlagRule.CLOCK: _clock,
    FlagRule.BURST: _burst,
    FlagRule.SAME_ANSWERS: _same_answers,
    FlagRule.CHALLENGE: lambda facts: (_CHALLENGE[str(facts["asked"]), str(facts["answer"])], {}),
}
