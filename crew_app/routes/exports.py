"""Everything one has, as one file."""

from flask import Blueprint

blueprint = Blueprint("exports", __name__, url_prefix="/admin/dump")
