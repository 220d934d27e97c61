"""Which accounts have which roles, and who needs a second factor."""

from flask import Blueprint

blueprint = Blueprint("account_rules", __name__, url_prefix="/admin/sign-in")
