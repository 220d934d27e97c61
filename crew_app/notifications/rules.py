"""What a notice may be about. Pure facts, no database."""

from enum import StrEnum

from crew_app.core.words import N_


class Topic(StrEnum):
    """What a notice is about; people choose by topic what reaches them, and how."""

    JOB = "job"
    """A job came to me, came back to me, or changed in my hands."""
    ESCALATION = "escalation"
    REPORT = "report"
    """How my own report goes on (限时复命)."""
    ROUND = "round"
    STOCK = "stock"
    EMERGENCY = "emergency"
    NOTICE = "notice"
    """An outage or other announcement for a ward."""
    PAPERS = "papers"
    """Licences, certificates and tests that fall due."""


TOPIC_LABELS = {
    Topic.JOB: N_("My jobs"),
    Topic.ESCALATION: N_("Overdue and escalated"),
    Topic.REPORT: N_("My reports"),
    Topic.ROUND: N_("Rounds"),
    Topic.STOCK: N_("Material"),
    Topic.EMERGENCY: N_("Emergencies"),
    Topic.NOTICE: N_("Announcements"),
    Topic.PAPERS: N_("Papers that expire"),
}
