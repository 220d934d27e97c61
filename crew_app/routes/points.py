"""Performance: points, the formula, objections."""

from flask import Blueprint

blueprint = Blueprint("points", __name__, url_prefix="/reports/points")
