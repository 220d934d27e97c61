"""Making PDFs where image work is done."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from crew_app.evidence.papers import Paper


def printed(paper: Paper, pictures: Mapping[UUID, bytes], made_at: datetime) -> bytes:
    """The sheet as PDF."""
    from crew_app.evidence.paper_pdf import pdf  # noqa: PLC0415 - 16 MB that only whoever prints has to carry

    return pdf(paper, pictures, made_at)
