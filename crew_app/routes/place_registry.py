"""Places, assets and departments: make, change, retire, many at once."""

from flask import Blueprint

blueprint = Blueprint("place_registry", __name__, url_prefix="/admin")
