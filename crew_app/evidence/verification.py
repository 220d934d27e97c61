"""What is known of the photo behind a code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crew_app.core.chain_links import Fit, fit
from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.removals import Removal, Removed
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import Cover


@dataclass(frozen=True, slots=True)
class Record:
    """What the record says of a photo, and how that stands in the chain."""

    photo: Photo
    original: Photo | None
    """The photo that this one is a marked copy of."""
    covers: int
    removal: Removal | None
    fit: Fit | None

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """Between these two moments the fingerprint was made, by the server's clock."""
        given = self.photo.challenged_at
        return (given, self.photo.received_at) if given else None


def by_code(text: str) -> Photo:
    """The photo with this code as somebody typed it; `Unseen` in words that help and tell nothing."""
    try:
        code = normalise(text)
    except BadTagCode as error:
        raise Unseen(
            "bad-photo-code", N_("This code has a typing error. Please compare it with the one on the picture.")
        ) from error
    found = session.scalar(select(Photo).where(Photo.code == code))
    if found is None:
        raise Unseen(
            "unknown-photo-code",
            N_("No picture here has this code. A stamp with it was not made here, or the code was altered."),
        )
    return found


def record_of(photo: Photo) -> Record:
    """Everything there is to say about a photo."""
    covers = select(func.count(Cover.id)).where(Cover.photo_id == photo.id, Cover.lifted_at.is_(None))
    removed = select(Removal).where(Removal.subject == photo.id, Removal.what == Removed.BYTES)
    return Record(
        photo,
        session.get(Photo, photo.copy_of_id) if photo.copy_of_id else None,
        (session.scalar(covers) or 0) if photo.version else 0,
        session.scalar(removed.order_by(Removal.at.desc()).limit(1)) if photo.removed_at else None,
        fit(photo),
    )
