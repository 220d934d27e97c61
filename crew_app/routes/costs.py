"""Costs per department and month; own works."""

from flask import Blueprint

blueprint = Blueprint("costs", __name__, url_prefix="/reports/costs")
