"""What a site has decided about its evidence."""

from decimal import Decimal
from uuid import UUID

from crew_app.core.db import session
from crew_app.evidence.rule_models import EvidenceRule


def rule_of(site_id: UUID) -> EvidenceRule:
    """The rule of a site; where nothing was decided the defaults, which are not kept."""
    return session.get(EvidenceRule, site_id) or EvidenceRule(
        site_id=site_id, position_days=0, blur_faces=False, sample_percent=100, costly=Decimal(200)
    )
