"""A site's own words."""

from flask import Blueprint

blueprint = Blueprint("site_words", __name__, url_prefix="/admin/words")
