"""A month's evidence as one ZIP, made while it is sent: the one module that knows zipstream.

However long the month is, only one folder's records and one picture are in memory; what has to stand at the end (sums,
links) waits in files.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select
from zipstream import ZipStream

from crew_app.core.chain import head
from crew_app.core.chain_checks import Head
from crew_app.core.chain_heads import ToldHead
from crew_app.core.chain_links import links_of, written
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import CrewError
from crew_app.core.ids import new_id
from crew_app.evidence import check_archive
from crew_app.evidence.darkroom import develop_patiently
from crew_app.evidence.images import FORMATS
from crew_app.evidence.models import Photo
from crew_app.evidence.papers import Group, Paper, Shot
from crew_app.evidence.proof_models import OriginalView
from crew_app.evidence.showing import Look, Showing, shown
from crew_app.people.models import NAMED, Person, Site
from crew_app.tickets import queries
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.web.archive import Folder, folders
from crew_app.web.archive_words import README, STYLE
from crew_app.web.belongings import belongings
from crew_app.web.languages import in_chinese, named
from crew_app.web.pictures import store
from crew_app.web.proof_sheets import foot, job_paper, missing_words, shot_of
from crew_app.web.showing import looks, renderings
from crew_app.web.stamps import in_zone

AT_ONCE = 20
"""Folders whose originals are logged in one transaction, before the first of their bytes goes out."""
PART = 1 << 16
ENDINGS = {
    media_type: kind.lower().replace("jpeg", "jpg").replace("mpo", "jpg") for kind, media_type in FORMATS.items()
}


@dataclass(frozen=True, slots=True)
class Order:
    """Which archive, for whom."""

    site_id: UUID
    month: date
    person_id: UUID
    at: datetime


class Bundle:
    """The ZIP as it goes out, with what is to stand at its end."""

    def __init__(self, root: str, waiting: ExitStack) -> None:
        self.root = root
        self.zip = ZipStream()
        self.sums, self.links, self.missing = (waiting.enter_context(_scratch()) for _ in range(3))

    def add(self, name: str, data: bytes, fingerprint: str = "", *, packed: bool = True) -> Iterator[bytes]:
        """A file; its fingerprint is what was sealed, if anything was, whatever the bytes say."""
        self.sums.write(f"{fingerprint or hashlib.sha256(data).hexdigest()}  {name}\n".encode())
        self.zip.add(data, f"{self.root}/{name}", compress_type=ZIP_DEFLATED if packed else ZIP_STORED)
        yield from self.zip.all_files()

    def lack(self, *words: str) -> None:
        """Write down that something is not here, and why."""
        self.missing.write(("\t".join(words) + "\n").encode())

    def end(self) -> Iterator[bytes]:
        """What waited, and the directory of the ZIP."""
        yield from self._from_file("MISSING.txt", self.missing)
        yield from self._from_file("chain.jsonl", self.links)
        self.sums.seek(0)
        self.zip.add(_parts(self.sums), f"{self.root}/SHA256SUMS", compress_type=ZIP_DEFLATED)
        yield from self.zip.finalize()

    def _from_file(self, name: str, file: BinaryIO) -> Iterator[bytes]:
        file.seek(0)
        found = hashlib.sha256()
        for part in _parts(file):
            found.update(part)
        self.sums.write(f"{found.hexdigest()}  {name}\n".encode())
        file.seek(0)
        self.zip.add(_parts(file), f"{self.root}/{name}", compress_type=ZIP_DEFLATED)
        yield from self.zip.all_files()


def _scratch() -> BinaryIO:
    return tempfile.TemporaryFile("w+b")


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while part := file.read(PART):
        yield part


def archive(order: Order) -> Iterator[bytes]:
    """The archive, a piece at a time."""
    site = session.get_one(Site, order.site_id)
    with ExitStack() as waiting:
        bundle = Bundle(f"evidence-{site.code}-{order.month:%Y-%m}", waiting)
        yield from _about(bundle, site, order)
        plan = folders(site, order.month)
        for start in range(0, len(plan), AT_ONCE):
            some = plan[start : start + AT_ONCE]
            log_originals([photo_id for folder in some for photo_id in folder.photo_ids], order)
            for folder in some:
                yield from _folder(bundle, folder, order)
                session.expunge_all()
                session.rollback()
        yield from bundle.end()


def _about(bundle: Bundle, site: Site, order: Order) -> Iterator[bytes]:
    made = in_zone(order.at, site)
    text = README.format(site=f"{site.name} / {site.name_en or site.name}", month=f"{order.month:%Y-%m}", made=made)
    yield from bundle.add("README.txt", text.encode())
    yield from bundle.add("check.py", Path(check_archive.__file__).read_bytes())
    yield from bundle.add("heads.txt", "".join(f"{one}\n" for one in _heads(site, order)).encode())


def _heads(site: Site, order: Order) -> Iterator[Head]:
    """Those that were told to the outside in the month and later, and the one of the moment."""
    told = select(ToldHead).where(ToldHead.chain == str(site.id), ToldHead.day >= order.month).order_by(ToldHead.day)
    for one in session.scalars(told):
        yield Head(one.day, one.chain, one.position, one.hash)
    last = head(str(site.id))
    if last:
        yield Head(order.at.astimezone(site.zone).date(), last.chain, last.position, last.hash)


def log_originals(photo_ids: Sequence[UUID], order: Order) -> None:
    """Write down that these originals are fetched, for those that are here."""
    with write_transaction():
        here = select(Photo.id).where(Photo.id.in_(photo_ids), Photo.stored_at.is_not(None), Photo.removed_at.is_(None))
        who = {"site_id": order.site_id, "person_id": order.person_id, "at": order.at, "why": "archive"}
        session.add_all(OriginalView(id=new_id(), photo_id=photo_id, **who) for photo_id in session.scalars(here))


def _folder(bundle: Bundle, folder: Folder, order: Order) -> Iterator[bytes]:
    me = session.scalars(select(Person).where(Person.id == order.person_id)).one()
    site = session.get_one(Site, order.site_id)
    photos = list(session.scalars(select(Photo).where(Photo.id.in_(folder.photo_ids)).order_by(Photo.received_at)))
    ticket = queries.whole(me, folder.ticket_id) if folder.ticket_id else None
    names = _names(photos, ticket, site)
    src: dict[UUID, str] = {}
    for photo, look in zip(photos, looks(photos, Showing.LARGE), strict=True):
        yield from _original(bundle, folder, photo, names[photo.id], site)
        yield from _stamped(bundle, folder, look, photo, names[photo.id], src)
    paper = job_paper(ticket, by=me, at=order.at) if ticket else _loose_paper(folder, photos, site, me, order.at)
    page = _page(_only(paper, folder, src), src)
    yield from bundle.add(f"{folder.name}/sheet.html", page.encode())
    events: list[TicketEvent] = list(ticket.events) if ticket else []
    for line in (*written(photos), *written(events)):
        bundle.links.write((json.dumps(line, ensure_ascii=False) + "\n").encode())


def _original(bundle: Bundle, folder: Folder, photo: Photo, name: str, site: Site) -> Iterator[bytes]:
    why = missing_words(photo, site)
    try:
        data = b"" if why else store().get(f"original/{photo.sha256}")
    except (OSError, CrewError):
        data, why = b"", gettext("Its bytes cannot be read")
    if why:
        return bundle.lack(folder.name, photo.code, photo.sha256, why)
    if hashlib.sha256(data).hexdigest() != photo.sha256:
        bundle.lack(folder.name, photo.code, photo.sha256, gettext("Its bytes are not those that were sealed"))
    path = f"{folder.name}/original/{name}.{ENDINGS.get(photo.media_type, 'bin')}"
    yield from bundle.add(path, data, photo.sha256, packed=False)
    return None


def _stamped(
    bundle: Bundle, folder: Folder, look: Look, photo: Photo, name: str, src: dict[UUID, str]
) -> Iterator[bytes]:
    if not photo.stored:
        return
    try:
        data = shown(look, store().get, renderings(), develop_patiently, keep=False)
    except (OSError, CrewError):
        return
    src[photo.id] = f"stamped/{name}.jpg"
    yield from bundle.add(f"{folder.name}/{src[photo.id]}", data, packed=False)


def _names(photos: Sequence[Photo], ticket: Ticket | None, site: Site) -> dict[UUID, str]:
    """Names by time and role that no system refuses; the code makes them different."""
    roles = {taken.photo_id: str(taken.role) for taken in ticket.photos} if ticket else {}
    found = {}
    for photo in photos:
        parts = (photo.at.astimezone(site.zone).strftime("%Y%m%d-%H%M%S"), roles.get(photo.id, "photo"), photo.code)
        found[photo.id] = "-".join(parts)
    return found


def _loose_paper(folder: Folder, photos: Sequence[Photo], site: Site, me: Person, at: datetime) -> Paper:
    """The sheet of photos that belong to no job: what each belongs to stands above it."""
    of, links = belongings(photos), links_of(photos)
    ids = {photo.person_id for photo in photos if photo.person_id}
    people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids)).options(*NAMED))}
    shots = [shot_of(photo, " · ".join(of[photo.id].words()), site, people, links) for photo in photos]
    title = gettext("Evidence sheet %(number)s", number=folder.name.rpartition("/")[2])
    groups = (Group(gettext("Photos"), tuple(shots)),)
    foots = tuple(foot(site, by=me, at=at))
    return Paper(title, named(site), (), (), groups, (), foots, in_chinese(), gettext("No photo"))


def _only(paper: Paper, folder: Folder, src: dict[UUID, str]) -> Paper:
    """The sheet with the pictures that are in this archive; of the others it says where they are."""

    def here(shot: Shot | None) -> Shot | None:
        if shot is None or shot.missing or shot.photo_id in src:
            return shot
        lost = shot.photo_id in folder.photo_ids
        words = gettext("Its bytes cannot be read") if lost else gettext("In the archive of another month")
        return replace(shot, missing=words)

    groups = tuple(replace(group, shots=tuple(here(shot) for shot in group.shots)) for group in paper.groups)
    return replace(paper, groups=groups)


def _page(paper: Paper, src: dict[UUID, str]) -> str:
    style = Markup("<style>{}</style>").format(Markup(STYLE))  # noqa: S704 - constants
    return render_template("proof_sheets/alone.html", paper=paper, src=src, style=style)
