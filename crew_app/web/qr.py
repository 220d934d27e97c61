"""QR codes as drawings: black on white on a dark page too, level Q so that a quarter of the print may be worn off."""

import io

import qrcode
from flask import Response, current_app, request
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathFillImage


def drawing(text: str) -> Response:
    """An SVG of the code that says this text."""
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=4)
    symbol.add_data(text)
    out = io.BytesIO()
    symbol.make_image(image_factory=SvgPathFillImage).save(out)
    return Response(out.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=86400"})


def public_address(path: str) -> str:
    """The address of a page as a printed code says it."""
    base = current_app.config["SETTINGS"].public_url or request.host_url.rstrip("/")
    return f"{base}{path}"
