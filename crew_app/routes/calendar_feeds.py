"""Calendars: rounds and deadlines for one's own calendar."""

from flask import Blueprint

blueprint = Blueprint("calendar_feeds", __name__)
