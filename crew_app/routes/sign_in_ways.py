"""Signing in with other accounts, passkeys and codes."""

from flask import Blueprint

blueprint = Blueprint("sign_in_ways", __name__)
