"""Job kinds: names, trade, urgency, whether they are offered."""

from flask import Blueprint

blueprint = Blueprint("job_kinds", __name__, url_prefix="/admin/job-kinds")
