"""What photos belong to: a job, a stop of a round, a slip, a paper …; for many photos in a fixed number of queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.fixed_assets.models import AssetPhoto
from crew_app.places.models import Asset, Place
from crew_app.registers.credential_models import Credential, CredentialPhoto
from crew_app.registers.training_models import Training, TrainingPhoto
from crew_app.rounds.contractor_models import Contractor, ContractorPhoto
from crew_app.rounds.models import Run, RunStop, Visit, VisitPhoto
from crew_app.storeroom.models import Slip, SlipPhoto
from crew_app.tickets.models import PHOTO_LABELS, Ticket, TicketPhoto
from crew_app.web.languages import named, translate


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a photo belongs to. `kind` and `detail` are marked texts; `thing` has a name of its own."""

    kind: str
    number: str = ""
    thing: Any = None
    place: Place | None = None
    asset: Asset | None = None
    detail: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    href: str = ""

    def words(self) -> list[str]:
        """What it is, in the language of the moment, the asset first."""
        asset = f"{named(self.asset)} {self.asset.code}" if self.asset else ""
        parts = [asset, f"{translate(self.kind)} {self.number}".strip()]
        parts += [named(self.thing), translate(self.detail, **self.params) if self.detail else ""]
        return [part for part in parts if part]


NOTHING = Belonging(N_("Late entry"))
Found = dict[UUID, Belonging]
Ids = Sequence[UUID]


def belongings(photos: Iterable[Photo]) -> Found:
    """What each photo belongs to; those of which nothing is known yet wait for a decision about a late entry."""
    left = {photo.id for photo in photos}
    found: Found = {}
    for look in LOOKS:
        found |= look(list(left)) if left else {}
        left -= found.keys()
    return found | dict.fromkeys(left, NOTHING)


def _jobs(ids: Ids) -> Found:
    query = select(TicketPhoto).where(TicketPhoto.photo_id.in_(ids))
    job = joinedload(TicketPhoto.ticket)
    found = session.scalars(
        query.options(job.joinedload(Ticket.place), job.joinedload(Ticket.asset), job.joinedload(Ticket.job_kind))
    )
    return {one.photo_id: _job(one) for one in found}


def _job(one: TicketPhoto) -> Belonging:
    job = one.ticket
    return Belonging(
        N_("Job"),
        job.number,
        job.job_kind,
        job.place,
        job.asset,
        PHOTO_LABELS[one.role],
        href=f"/tickets/{job.id}",
    )


def _stops(ids: Ids) -> Found:
    query = select(VisitPhoto).where(VisitPhoto.photo_id.in_(ids)).options(*_way(joinedload(VisitPhoto.visit)))
    return {one.photo_id: _stop(one.visit) for one in session.scalars(query)}


def _frames(ids: Ids) -> Found:
    query = select(Visit).where(Visit.frame_id.in_(ids)).options(*_way())
    return {one.frame_id: _stop(one) for one in session.scalars(query) if one.frame_id}


def _way(before: Any = None) -> list[Any]:
    load = before.joinedload if before else joinedload
    stop = load(Visit.stop)
    run = load(Visit.run).joinedload(Run.template)
    return [run, stop.joinedload(RunStop.place), stop.joinedload(RunStop.asset).joinedload(Asset.place)]


def _stop(visit: Visit) -> Belonging:
    stop, run = visit.stop, visit.run
    place = stop.place or (stop.asset.place if stop.asset else None)
    return Belonging(
        N_("Round"),
        run.number,
        run.template,
        place,
        stop.asset,
        N_("Stop %(number)s"),
        {"number": stop.position + 1},
        f"/rounds/runs/{run.id}#stop-{stop.id}",
    )


def _slips(ids: Ids) -> Found:
    query = select(SlipPhoto).where(SlipPhoto.photo_id.in_(ids))
    found = session.scalars(query.options(joinedload(SlipPhoto.slip).joinedload(Slip.store)))
    return {one.photo_id: Belonging(N_("Slip"), one.slip.number, href=f"/stock/slips/{one.slip_id}") for one in found}


def _assets(ids: Ids) -> Found:
    query = select(AssetPhoto, Asset).join(Asset, Asset.id == AssetPhoto.asset_id).where(AssetPhoto.photo_id.in_(ids))
    found = session.execute(query.options(joinedload(Asset.place))).all()
    return {
        one.photo_id: Belonging(N_("Asset card"), "", None, asset.place, asset, href=f"/assets/{asset.id}")
        for one, asset in found
    }


def _contractors(ids: Ids) -> Found:
    query = select(ContractorPhoto, Contractor).join(Contractor, Contractor.id == ContractorPhoto.contractor_id)
    found = session.execute(query.where(ContractorPhoto.photo_id.in_(ids))).all()
    return {
        one.photo_id: Belonging(N_("Contractor"), "", firm, href=f"/rounds/contractors/{firm.id}")
        for one, firm in found
    }


def _papers(ids: Ids) -> Found:
    query = select(CredentialPhoto, Credential).join(Credential, Credential.id == CredentialPhoto.credential_id)
    loads = (joinedload(Credential.kind), joinedload(Credential.asset).joinedload(Asset.place))
    found = session.execute(query.where(CredentialPhoto.photo_id.in_(ids)).options(*loads)).all()
    return {one.photo_id: _paper(paper) for one, paper in found}


def _paper(paper: Credential) -> Belonging:
    asset = paper.asset
    return Belonging(
        N_("Paper"),
        paper.number,
        paper.kind,
        asset.place if asset else None,
        asset,
        href=f"/{'certificates' if asset else 'licences'}/{paper.id}",
    )


def _trainings(ids: Ids) -> Found:
    query = select(TrainingPhoto, Training).join(Training, Training.id == TrainingPhoto.training_id)
    found = session.execute(query.where(TrainingPhoto.photo_id.in_(ids))).all()
    return {
        one.photo_id: Belonging(N_("Training"), training.topic, href=f"/trainings/{training.id}")
        for one, training in found
    }


LOOKS: tuple[Callable[[Ids], Found], ...] = (
    _jobs,
    _stops,
    _frames,
    _slips,
    _assets,
    _contractors,
    _papers,
    _trainings,
)
"""The most frequent first: usually the first answers for all."""
