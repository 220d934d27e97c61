"""Verification: whether a picture and the code in its stamp belong together. Open to whoever has the code."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.errors import CrewError, Refused, Unseen
from crew_app.core.words import N_
from crew_app.evidence.comparing import Likeness
from crew_app.evidence.showing import Showing
from crew_app.evidence.verification import by_code, record_of
from crew_app.web.access import public, signed_in
from crew_app.web.commands import online_only, without_receipt
from crew_app.web.languages import translate
from crew_app.web.qr import drawing, public_address
from crew_app.web.showing import answer
from crew_app.web.verifying import context, likeness, may_see

blueprint = Blueprint("verification", __name__, url_prefix="/v")


@blueprint.get("")
@public
def index() -> str | AnyResponse:
    """A field for the code; a code that was typed leads to its page."""
    typed = request.args.get("code", "").strip()[:60]
    if not typed:
        return render_template("verification/index.html", typed="", wrong="")
    return redirect(url_for("verification.show", code=_stored(typed)))


@blueprint.get("/<code>")
@public
def show(code: str) -> str:
    """What is known of the picture with this code."""
    return render_template("verification/show.html", **context(record_of(by_code(code))), outcome=None, wrong="")


@blueprint.get("/<code>/thumb")
@public
def thumb(code: str) -> Response:
    """The small picture, for whoever has the code: enough to see whether it is the same."""
    response = answer(by_code(code), Showing.THUMB)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/<code>/qr.svg")
@public
def picture(code: str) -> Response:
    """The QR code of this page, to be printed."""
    return drawing(public_address(f"/v/{by_code(code).code}"))


@blueprint.post("/<code>/comparison")
@signed_in
@online_only("it compares a file with what lies on the server")
@without_receipt("nothing is changed or kept")
def compare(code: str) -> str:
    """Compare a chosen picture with the one of this code."""
    photo = by_code(code)
    if not may_see(photo):
        raise Unseen("unknown-photo", N_("This photo is not known here."))
    file = request.files.get("picture")
    data = file.stream.read() if file and file.filename else b""
    if not data:
        return _compared(code, wrong=translate(N_("Please choose a picture first.")))
    try:
        return _compared(code, outcome=likeness(photo, data))
    except Refused as error:
        return _compared(code, wrong=translate(error.message, **error.params))


def _compared(code: str, outcome: Likeness | None = None, wrong: str = "") -> str:
    found = context(record_of(by_code(code)))
    return render_template("verification/show.html", **found, outcome=outcome, wrong=wrong)


def _stored(typed: str) -> str:
    """The code as it is stored, or what was typed: the page then says what is wrong with it."""
    try:
        return normalise(typed)
    except BadTagCode:
        return typed.replace("/", " ")


@blueprint.errorhandler(Unseen)
def _unknown(error: CrewError) -> Any:
    """The field again, with the code that was typed and what is wrong with it."""
    typed = str((request.view_args or {}).get("code", ""))[:60]
    wrong = translate(error.message, **error.params)
    page = render_template("verification/index.html", typed=typed, wrong=wrong)
    return AnyResponse(page, error.status, {"Crew-Refusal": error.code}, mimetype="text/html")
