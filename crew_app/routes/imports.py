"""Lists that are brought in."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__, url_prefix="/admin/imports")
