"""A ward's survey, for whoever scans its QR code: without an account, and without a trace of who it was."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.clock import now
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError, Refused
from crew_app.surveys import actions, forms, queries
from crew_app.surveys.models import SurveyAddress
from crew_app.web.access import public
from crew_app.web.commands import online_only, without_receipt
from crew_app.web.errors import crew_error
from crew_app.web.languages import translate

blueprint = Blueprint("survey_answers", __name__, url_prefix="/s/<code>")
COOKIE = "crew_surveys"
A_MONTH = 32 * 86400
MOST_KEPT = 12


@blueprint.get("")
@public
def show(code: str) -> str:
    """The questions; or thanks, when this browser has answered this month."""
    return _page(queries.by_code(code))


@blueprint.post("/answers")
@public
@online_only("a stranger has no outbox: the page works in any browser")
@without_receipt("an answer is nobody's: a receipt would keep who sent it and when")
def answer(code: str) -> AnyResponse:
    """Keep an answer. Who answered this month is known only to the browser itself, by a cookie."""
    done = _answered()
    with write_transaction():
        address = queries.by_code(code, lock=True)
        mark = _mark(address)
        if mark not in done:
            actions.answer(address, forms.parse_answer(request.form), at=now())
    response = redirect(url_for("survey_answers.show", code=code))
    secure = current_app.config["SETTINGS"].https or request.is_secure
    kept = str(_marks().dumps([*[one for one in done if one != mark], mark][-MOST_KEPT:]))
    response.set_cookie(COOKIE, kept, max_age=A_MONTH, httponly=True, samesite="Lax", secure=secure, path="/s/")
    return response


@blueprint.errorhandler(CrewError)
def _again(error: CrewError) -> Any:
    """Show the questions again with the marks that were given, and what is wrong."""
    if not isinstance(error, Refused):
        return crew_error(error)
    wrong = translate(error.message, **error.params)
    page = _page(queries.by_code(str((request.view_args or {})["code"])), wrong)
    return AnyResponse(page, error.status, {"Crew-Refusal": error.code}, mimetype="text/html")


def _page(address: SurveyAddress, wrong: str = "") -> str:
    return render_template(
        "surveys/answer.html",
        address=address,
        site=queries.site(address.site_id),
        questions=queries.asked(address.site_id),
        answered=_mark(address) in _answered(),
        month=actions.local_month(address, now()),
        filled=request.form,
        wrong=wrong,
    )


def _mark(address: SurveyAddress) -> str:
    return f"{address.code[:6]}:{actions.local_month(address, now()):%y%m}"


def _answered() -> list[str]:
    """Which wards and months this browser has answered for; written into its cookie, kept nowhere else."""
    try:
        found = _marks().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return []
    return [str(one) for one in found] if isinstance(found, list) else []


def _marks() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="crew-surveys")
