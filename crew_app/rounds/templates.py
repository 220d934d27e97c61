"""Verbs of templates: make one, change what it says, copy, retire, take up again. What it ever said is kept."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.rounds.content import Content, Words
from crew_app.rounds.models import RoundTemplate, RoundVersion
from crew_app.rounds.writing import write

LONGEST_CODE = 40
LONGEST_NAME = 120
LONGEST_NOTE = 500


def create(
    site_id: UUID, content: Content, note: str = "", *, by: Person | None, at: Moment, template_id: UUID | None = None
) -> RoundTemplate:
    """Make a template of a site. Its code is kept, with a number behind it when the site has such a code already.

    `template_id` was made on the device. `by` is None for what is set up without a person.
    """
    _check(site_id, by)
    if template_id and session.get(RoundTemplate, template_id):
        raise Refused("template-known", N_("This template was already made."))
    content = replace(content, code=free_code(site_id, content.code))
    template = RoundTemplate(id=template_id or new_id(), site_id=site_id, version=1)
    _describe(template, content)
    session.add(template)
    session.flush()
    _add_version(template, content, note, by=by, at=at)
    return template


def change(
    template: RoundTemplate,
    content: Content,
    note: str = "",
    *,
    by: Person | None,
    at: Moment,
    based_on: int | None = None,
) -> RoundVersion:
    """Let a template say something else from now on: a new version; the same content makes none.

    `based_on` is the version the change was made from; `Refused` ("changed-meanwhile") when there is a newer one.
    Runs that were made already keep the version they were made with.
    """
    _check(template.site_id, by)
    newest = current(template)
    if newest.content == content:
        return newest
    if based_on is not None and based_on != template.version:
        raise _meanwhile(newest)
    if content.code != template.code and free_code(template.site_id, content.code) != content.code:
        raise Refused("code-taken", N_("Another template of this site has the code “%(key)s”."), key=content.code)
    template.version += 1
    _describe(template, content)
    return _add_version(template, content, note, by=by, at=at)


def copy(
    template: RoundTemplate,
    content: Content | None = None,
    *,
    by: Person | None,
    at: Moment,
    template_id: UUID | None = None,
) -> RoundTemplate:
    """Make another template that says the same, or `content`, under a name and a code of its own."""
    source = current(template)
    content = content or source.content
    name = Words(_copied(content.name.zh, "（副本）"), _copied(content.name.en, " (copy)"))
    content = replace(content, name=name)
    note = f"← {template.code} · {source.number}"
    return create(template.site_id, content, note, by=by, at=at, template_id=template_id)


def retire(template: RoundTemplate, *, by: Person | None, at: Moment) -> None:
    """Use a template no more: no runs are made of it. Retired already, it stays so."""
    _check(template.site_id, by)
    template.retired_at = template.retired_at or at.at
    session.flush()


def restore(template: RoundTemplate, *, by: Person | None) -> None:
    """Use a retired template again."""
    _check(template.site_id, by)
    template.retired_at = None
    session.flush()


def current(template: RoundTemplate) -> RoundVersion:
    """The version that new runs are made with."""
    return version(template, template.version)


def version(template: RoundTemplate, number: int) -> RoundVersion:
    """What a template said in its version of this number; `NoResultFound` when there is none."""
    query = select(RoundVersion).where(RoundVersion.template_id == template.id, RoundVersion.number == number)
    return session.scalars(query).one()


def free_code(site_id: UUID, code: str) -> str:
    """The code itself, or with the first number behind it that no template of the site has."""
    taken = set(session.scalars(select(RoundTemplate.code).where(RoundTemplate.site_id == site_id)))
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code[: LONGEST_CODE - len(str(number)) - 1]}-{number}"
    return free


def _check(site_id: UUID, by: Person | None) -> None:
    if by and not by.can(Right.PLAN_ROUNDS, site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))


def _describe(template: RoundTemplate, content: Content) -> None:
    """What lists show of a template, so that they need not read documents."""
    template.code = content.code
    template.name = (content.name.zh or content.name.en)[:LONGEST_NAME]
    template.name_en = content.name.en[:LONGEST_NAME]
    template.category, template.trade = content.category, content.trade


def _add_version(
    template: RoundTemplate, content: Content, note: str, *, by: Person | None, at: Moment
) -> RoundVersion:
    added = RoundVersion(
        id=new_id(),
        site_id=template.site_id,
        template_id=template.id,
        number=template.version,
        document=write(content),
        note=note.strip()[:LONGEST_NOTE],
        made_by_id=by.id if by else None,
        made_at=at.at,
    )
    session.add(added)
    session.flush()
    return added


def _meanwhile(newest: RoundVersion) -> Refused:
    words = N_("%(name)s saved version %(number)s meanwhile. Yours is still here: save it as a copy, or save it over.")
    name = newest.made_by.name if newest.made_by else "?"
    return Refused("changed-meanwhile", words, name=name, number=newest.number)


def _copied(name: str, mark: str) -> str:
    return f"{name[: LONGEST_NAME - len(mark)]}{mark}" if name else ""
