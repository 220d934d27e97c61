"""What a secret link opens: how a report stands, and what whoever holds it can say."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.clock import now, server_moment
from crew_app.core.errors import CrewError, Refused, TooMany
from crew_app.tickets import followers, forms, hearing
from crew_app.tickets.followers import Voice
from crew_app.web.access import public
from crew_app.web.answers import Done
from crew_app.web.commands import command, is_repeated, online_only, prepared, prepared_command, this_moment
from crew_app.web.errors import crew_error
from crew_app.web.languages import translate
from crew_app.web.pictures import arrive_from_strangers, arrived_photos, bind_arrivals

blueprint = Blueprint("report_answers", __name__, url_prefix="/r/<secret>")
WHY_ONLINE = "a stranger has no outbox: the page works in any browser"
MOST_PHOTOS = 5


def _objection_arrives() -> Any:
    """The link must be good, and the work finished, before pictures are decoded."""
    voice = followers.by_secret(_secret())
    if not is_repeated():
        hearing.refuse_unfinished(voice, server_moment())
    return arrive_from_strangers(MOST_PHOTOS)


@blueprint.get("")
@public
def show(secret: str) -> str:
    """How a report stands."""
    return _page(followers.by_secret(secret))


@blueprint.post("/comments")
@public
@online_only(WHY_ONLINE)
@command
def comment(secret: str) -> Done:
    """Say something about it."""
    voice = followers.by_secret(secret, lock=True)
    hearing.comment(voice, forms.text(request.form, "note"), at=this_moment())
    return _done(secret, voice)


@blueprint.post("/confirmation")
@public
@online_only(WHY_ONLINE)
@command
def confirm(secret: str) -> Done:
    """Accept the work."""
    voice = followers.by_secret(secret, lock=True)
    hearing.confirm(voice, at=this_moment())
    return _done(secret, voice)


@blueprint.post("/objection")
@public
@online_only(WHY_ONLINE)
@prepared_command(_objection_arrives)
def object_(secret: str) -> Done:
    """Say that it is not fixed."""
    voice = followers.by_secret(secret, lock=True)
    words = forms.text(request.form, "note")
    hearing.not_fixed(voice, words, arrived_photos(prepared()), at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return _done(secret, voice)


@blueprint.post("/ratings")
@public
@online_only(WHY_ONLINE)
@command
def rate(secret: str) -> Done:
    """Rate quality and service."""
    voice = followers.by_secret(secret, lock=True)
    hearing.rate(voice, *forms.parse_rating(request.form), at=this_moment())
    return _done(secret, voice)


@blueprint.errorhandler(CrewError)
def _again(error: CrewError) -> Any:
    """Show the page again with what was typed, and what is wrong with it."""
    if request.method != "POST" or not isinstance(error, (Refused, TooMany)):
        return crew_error(error)
    page = _page(followers.by_secret(_secret()), wrong=translate(error.message, **error.params))
    return AnyResponse(page, error.status, {"Crew-Refusal": error.code}, mimetype="text/html")


def _page(voice: Voice, wrong: str = "") -> str:
    return render_template("reports/show.html", **context(voice), base=request.path.split("/")[2], wrong=wrong)


def context(voice: Voice) -> dict[str, Any]:
    """What the page of a report shows to a voice."""
    return {
        "ticket": voice.ticket,
        "voice": voice,
        "story": followers.story(voice),
        "others": followers.others(voice.ticket),
        "confirmed": followers.confirmed(voice),
        "rating": followers.rating_of(voice),
        "heard": followers.heard(voice.ticket, now()),
        "at": now(),
    }


def _secret() -> str:
    return str((request.view_args or {})["secret"])


def _done(secret: str, voice: Voice) -> Done:
    return Done(url_for("report_answers.show", secret=secret), voice.ticket.site_id)
