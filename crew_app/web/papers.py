"""What the lists of licences and of certificates share."""

from collections.abc import Sequence

from flask_babel import gettext
from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.places.models import Asset, AssetKind
from crew_app.registers.credential_queries import Held
from crew_app.registers.credential_rules import Standing
from crew_app.web.languages import named
from crew_app.web.sheets import Column, Format, Value

STANDING_WORDS = {
    Standing.MISSING: N_("None on record"),
    Standing.EXPIRED: N_("Expired"),
    Standing.SOON: N_("Runs out soon"),
    Standing.VALID: N_("Valid"),
    Standing.WITHDRAWN: N_("Withdrawn"),
}
COUNTS = [(state, STANDING_WORDS[state]) for state in Standing if state is not Standing.WITHDRAWN]


def columns(bearer: str) -> list[Column]:
    """The columns of a list as a spreadsheet."""
    return [
        Column(bearer, 24),
        Column(gettext("Code"), 14),
        Column(gettext("Kind"), 24),
        Column(gettext("Number"), 20),
        Column(gettext("Issued by"), 24),
        Column(gettext("Issued on"), 12, Format.DAY),
        Column(gettext("Valid until"), 12, Format.DAY),
        Column(gettext("State"), 14),
    ]


def row(held: Held) -> list[Value]:
    """One paper of a list."""
    paper, bearer = held.paper, held.bearer
    code = bearer.code if isinstance(bearer, Asset) else bearer.login
    about = [paper.number, paper.issuer, paper.issued_on, paper.expires_on] if paper else ["", "", None, None]
    return [named(bearer), code, named(held.kind), *about, gettext(STANDING_WORDS[held.stand.state])]


def asset_kinds() -> Sequence[AssetKind]:
    """All kinds of assets, by name."""
    return session.scalars(select(AssetKind).order_by(AssetKind.name)).all()
