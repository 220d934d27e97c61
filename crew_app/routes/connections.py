"""Tokens and webhooks."""

from flask import Blueprint

blueprint = Blueprint("connections", __name__, url_prefix="/admin/connections")
