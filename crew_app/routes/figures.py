"""Dashboards: now, trends, the screen on the wall."""

from flask import Blueprint

blueprint = Blueprint("figures", __name__, url_prefix="/reports")
