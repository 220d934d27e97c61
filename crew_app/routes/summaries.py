"""Work summaries."""

from flask import Blueprint

blueprint = Blueprint("summaries", __name__, url_prefix="/reports/summaries")
