"""The register of fixed assets, and the card of each."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.fixed_assets import cards, forms, queries
from crew_app.fixed_assets.models import AssetCard
from crew_app.fixed_assets.rules import PhotoUse, worth
from crew_app.fixed_assets.scrapping import may_propose
from crew_app.people.rules import Right
from crew_app.places.models import Asset
from crew_app.tickets.forms import optional_uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import prepared, prepared_command, this_moment
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("assets", __name__, url_prefix="/assets")


@blueprint.get("")
@needs(Right.REPORT)
def index() -> str:
    """The register by number, narrowed by words and department, with what it is worth together."""
    return _register(scrapped=False)


@blueprint.get("/scrapped")
@needs(Right.REPORT)
def scrapped() -> str:
    """What is scrapped; it counts nowhere else."""
    return _register(scrapped=True)


@blueprint.get("/register.xlsx")
@needs(Right.REPORT)
def export() -> Response:
    """The register as a spreadsheet; with `scrapped` what is scrapped instead."""
    me, scrapped = person(), "scrapped" in request.args
    text_columns = [gettext("Number"), gettext("Name"), gettext("Model"), gettext("Department"), gettext("Place")]
    columns = [*(Column(words, 20) for words in text_columns), Column(gettext("Value"), 14, Format.MONEY)]
    columns += [Column(gettext("Bought on"), 14, Format.DAY), Column(gettext("State"), 14)]
    cards = in_pages(lambda after: queries.cards(me, scrapped=scrapped, after=after), lambda card: card.asset_id)
    return sheet(gettext("Scrapped assets") if scrapped else gettext("Fixed assets"), columns, map(_row, cards))


def _row(card: AssetCard) -> list[Value]:
    asset, department = card.asset, card.department
    about = [card.number, named(asset), asset.model, named(department) if department else "", named(asset.place)]
    return [*about, card.value, card.bought_on, label(card.state)]


@blueprint.get("/<uuid:asset_id>/card")
@needs(Right.REPORT)
def show(asset_id: UUID) -> str:
    """The card of an asset with its story, and what may be done with it."""
    me = person()
    asset = queries.asset(me, asset_id)
    card = queries.card(asset.id)
    return render_template(
        "assets/card.html",
        asset=asset,
        card=card,
        worth=worth(card.value, card.bought_on, card.years, now().date()) if card else None,
        story=queries.story(asset.id),
        photos=queries.photos(asset.id, PhotoUse.CARD),
        transfer=queries.open_transfer(asset.id),
        scrap=queries.open_scrap(asset.id),
        may_scrap=card is not None and may_propose(card, me),
        departments=queries.departments_of(asset.site_id),
        people=_people(asset),
    )


@blueprint.post("/<uuid:asset_id>/card")
@needs(Right.KEEP_ASSETS)
@prepared_command(arrive_with_form)
def keep(asset_id: UUID) -> Done:
    """Open or correct a card."""
    me = person()
    asset = queries.asset(me, asset_id)
    photos = arrived_photos(prepared())
    cards.keep_card(asset, forms.parse_card(request.form), photos, by=me, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return done(asset)


def done(asset: Asset, status: int = 200) -> Done:
    """The answer to every command about one asset: look at its card."""
    return Done(url_for("assets.show", asset_id=asset.id), asset.site_id, status)


def _register(*, scrapped: bool) -> str:
    me, text = person(), request.args.get("q", "")[:60]
    department_id = optional_uuid(request.args, "department_id")
    found = queries.cards(me, text, department_id, scrapped=scrapped, after=optional_uuid(request.args, "after"))
    return render_template(
        "assets/index.html",
        cards=found,
        total=queries.total(me, text, department_id, scrapped=scrapped),
        departments=queries.departments_with_cards(me, Right.SEE_SITE),
        department_id=department_id,
        proposals=queries.open_scraps(me),
        scrapped=scrapped,
        text=text,
        more=found[-1].asset_id if len(found) == queries.PAGE else None,
    )


def _people(asset: Asset) -> list[tuple[UUID, str, str]]:
    return [(one.id, one.name, one.name_en) for one in queries.people(asset.site_id)]
