"""Verbs about tags: make, retire, replace."""

from collections.abc import Sequence

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.places.codes import fresh_code, fresh_codes
from crew_app.places.models import Asset, Place, Tag


def make_tag(subject: Place | Asset, *, by: Person | None, at: Moment, code: str = "") -> Tag:
    """Make a tag that points to this place or asset; with the code of a blank one that is stuck on it."""
    tag = _tag(subject, code or fresh_code(), by, at)
    session.add(tag)
    session.flush()
    return tag


def make_tags(subjects: Sequence[Place | Asset], *, by: Person | None, at: Moment) -> list[Tag]:
    """Make a tag for each of many places and assets."""
    codes = fresh_codes(len(subjects))
    tags = [_tag(subject, code, by, at) for subject, code in zip(subjects, codes, strict=True)]
    session.add_all(tags)
    session.flush()
    return tags


def _tag(subject: Place | Asset, code: str, by: Person | None, at: Moment) -> Tag:
    return Tag(
        code=code,
        site_id=subject.site_id,
        place_id=subject.id if isinstance(subject, Place) else None,
        asset_id=subject.id if isinstance(subject, Asset) else None,
        created_at=at.at,
        created_by_id=by.id if by else None,
    )


def retire_tag(tag: Tag, *, by: Person, at: Moment, reason: str = "") -> None:
    """Retire a lost, damaged or copied tag; `Refused` ("tag-retired") when that was done before."""
    if tag.retired_at:
        raise Refused("tag-retired", N_("This tag is already retired."))
    tag.retired_at, tag.retired_by_id, tag.retired_reason = at.at, by.id, reason[:200]
    session.flush()


def replace_tag(tag: Tag, *, by: Person, at: Moment, reason: str = "") -> Tag:
    """Make a new tag for the same subject and retire the old one, which from then on names its successor."""
    fresh = make_tag(tag.subject, by=by, at=at)
    retire_tag(tag, by=by, at=at, reason=reason)
    tag.replaced_by_code = fresh.code
    session.flush()
    return fresh
