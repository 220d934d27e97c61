"""Labels: choose, look at the first sheet, print; blank ones ahead."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask_babel import gettext

from crew_app.labels import actions, choosing, forms, queries, wording
from crew_app.labels.choosing import TAGGED_LABELS, Selection
from crew_app.labels.drawing import sheets
from crew_app.labels.layout import Label
from crew_app.labels.pdf import pdf
from crew_app.labels.stocks import STOCKS, Stock
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import PLACE_LABELS
from crew_app.registers import sites
from crew_app.tickets.forms import text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.qr import public_address
from crew_app.web.sheets import file_name

blueprint = Blueprint("labels", __name__, url_prefix="/labels")
MOST_IN_A_PAGE = 480
"""Labels that a browser is asked to lay out at once; more go by PDF."""


@blueprint.get("")
@needs(Right.MANAGE_TAGS)
def index() -> str:
    """What to print on what, with the first sheet as it will be."""
    site = _site(request.args)
    chosen, setup = forms.parse_selection(request.args, site.id), forms.parse_setup(request.args)
    counted = choosing.count(chosen)
    here = islice(choosing.tagged(chosen), max(0, setup.stock.per_page - setup.first + 1))
    first = sheets(wording.labels(here, public_address("")), setup)
    return render_template(
        "labels/index.html",
        site=site,
        sites=sites.sites(person(), Right.MANAGE_TAGS),
        chosen=chosen,
        setup=setup,
        count=counted,
        with_tag=counted.all - counted.without,
        preview=next(first, ""),
        address=forms.address(chosen, setup),
        most=choosing.MOST,
        most_in_a_page=MOST_IN_A_PAGE,
        **_choices(site, chosen),
    )


@blueprint.post("/tags")
@needs(Right.MANAGE_TAGS)
@online_only("the sheet that is printed next is made by the server")
@command
def make_tags() -> Done:
    """Make a tag for whatever is chosen and has none."""
    site = _site(request.form)
    chosen, setup = forms.parse_selection(request.form, site.id), forms.parse_setup(request.form)
    actions.tag_all(chosen, by=person(), at=this_moment())
    return Done(f"{url_for('labels.index')}?{forms.address(chosen, setup)}", site.id)


@blueprint.get("/sheet.pdf")
@needs(Right.MANAGE_TAGS)
def document() -> Response:
    """The labels as PDF, sent while it is drawn."""
    name, labels = _wanted(request.args)
    setup = forms.parse_setup(request.args)
    response = Response(stream_with_context(pdf(labels, setup, name)), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{file_name(name)}-{setup.stock.code}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/print")
@needs(Right.MANAGE_TAGS)
def page() -> str:
    """The labels as a page, to print from the browser."""
    _name, labels = _wanted(request.args)
    setup = forms.parse_setup(request.args)
    drawn = list(sheets(islice(labels, MOST_IN_A_PAGE), setup))
    back = (
        url_for("labels.batch", batch_id=request.args["batch"]) if _batch_id(request.args) else url_for("labels.index")
    )
    return render_template("labels/print.html", sheets=drawn, setup=setup, back=back)


@blueprint.get("/blank")
@needs(Right.MANAGE_TAGS)
def blank() -> str:
    """Blank labels: those that were printed ahead, and a form for more."""
    site = _site(request.args)
    return render_template(
        "labels/blank.html",
        site=site,
        sites=sites.sites(person(), Right.MANAGE_TAGS),
        batches=queries.batches(site.id),
        most=actions.MOST_BLANK,
    )


@blueprint.post("/batches")
@needs(Right.MANAGE_TAGS)
@online_only("codes are given by the server, and printed from there")
@command
def make_batch() -> Done:
    """Make blank tags."""
    site = _site(request.form)
    count, words = forms.parse_count(request.form), text(request.form, "note")
    made = actions.make_batch(site.id, count, words, by=person(), at=this_moment())
    return Done(url_for("labels.batch", batch_id=made.id), site.id, 201)


@blueprint.get("/batches/<uuid:batch_id>")
@needs(Right.MANAGE_TAGS)
def batch(batch_id: UUID) -> str:
    """A batch: what was claimed, and printing what is left."""
    found, setup = queries.batch(person(), batch_id), forms.parse_setup(request.args)
    return render_template(
        "labels/batch.html",
        found=found,
        batch=found.batch,
        claimed=queries.claimed(batch_id),
        setup=setup,
        stocks=_stocks(),
        address=f"batch={batch_id}&{forms.setup_address(setup)}",
    )


@blueprint.post("/batches/<uuid:batch_id>/voiding")
@needs(Right.MANAGE_TAGS)
@command
def void_batch(batch_id: UUID) -> Done:
    """Void what is left of a batch."""
    found = queries.batch(person(), batch_id).batch
    actions.void_batch(found, by=person(), at=this_moment())
    return Done(url_for("labels.batch", batch_id=batch_id), found.site_id)


def stock_words(stock: Stock) -> str:
    """What a stock is called."""
    size = f"{stock.width:g} × {stock.height:g}"
    if stock.is_roll:
        return gettext("Roll, %(size)s mm", size=size)
    return gettext("A4 with %(count)s labels of %(size)s mm", count=stock.per_page, size=size)


def _wanted(fields: Mapping[str, str]) -> tuple[str, Iterable[Label]]:
    """The labels of a batch or of a selection, and what the file is called."""
    base = public_address("")
    if batch_id := _batch_id(fields):
        queries.batch(person(), batch_id)
        return "blank-labels", wording.blanks(queries.free_tags(batch_id), base)
    site = _site(fields)
    return f"labels-{site.code}", wording.labels(choosing.tagged(forms.parse_selection(fields, site.id)), base)


def _batch_id(fields: Mapping[str, str]) -> UUID | None:
    try:
        return UUID(fields.get("batch", ""))
    except ValueError:
        return None


def _choices(site: Site, chosen: Selection) -> dict[str, Any]:
    large = [(one.id, named(one, "path")) for one in places.large_places(site.id)]
    if chosen.place_id and chosen.place_id not in dict(large):
        large.append((chosen.place_id, named(places.place(person(), chosen.place_id, Right.SEE_SITE), "path")))
    sorts = [
        ("place:", gettext("All places")),
        *((f"place:{kind}", gettext(words)) for kind, words in PLACE_LABELS.items()),
    ]
    kinds = [("asset:", gettext("All assets")), *((f"asset:{kind.code}", named(kind)) for kind in places.asset_kinds())]
    return {
        "places": large,
        "kinds": [*sorts, *kinds],
        "departments": [(one.id, named(one)) for one in places.departments(site.id)],
        "tagged": [(one.value, gettext(words)) for one, words in TAGGED_LABELS.items()],
        "stocks": _stocks(),
    }


def _stocks() -> list[tuple[str, str]]:
    return [(stock.code, stock_words(stock)) for stock in STOCKS.values()]


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.MANAGE_TAGS, fields)
