"""Labels: choose, print, claim blank ones."""

from flask import Blueprint

blueprint = Blueprint("labels", __name__, url_prefix="/labels")
