"""QR codes as drawings: black on white on a dark page too, level Q so that a quarter of the print may be worn off."""

import io
from base64 import b64encode

import qrcode
from flask import Response, current_app, request
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathFillImage


def drawing(text: str) -> Response:
    """An SVG of the code that says this text."""
    return Response(_drawn(text), mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=86400"})


def picture(text: str) -> str:
    """The same within a page, for what must have no address of its own."""
    return f"data:image/svg+xml;base64,{b64encode(_drawn(text)).decode()}"


def _drawn(text: str) -> bytes:
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=4)
    symbol.add_data(text)
    out = io.BytesIO()
    symbol.make_image(image_factory=SvgPathFillImage).save(out)
    return out.getvalue()


def public_address(path: str) -> str:
    """The address of a page as a printed code says it."""
    base = current_app.config["SETTINGS"].public_url or request.host_url.rstrip("/")
    return f"{base}{path}"
