"""Every change a crew makes works offline; the few that do not are written down with their reason."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.exceptions import HTTPException

from crew_app.core.ids import new_id
from crew_app.held.rules import ACTION_LABELS
from tests.support.connections import connection_pages
from tests.support.contractors import contractor_pages
from tests.support.desk import pages as desk_pages
from tests.support.evidence import flag_page
from tests.support.fixed_assets import stage
from tests.support.money import money_pages
from tests.support.notices import notice_pages
from tests.support.office import office_pages
from tests.support.plans import plan_pages
from tests.support.registers import pages as register_pages
from tests.support.review import not_drawn
from tests.support.round_templates import template_pages
from tests.support.rounds import round_pages
from tests.support.routes import changing
from tests.support.service import pages as service_pages
from tests.support.shifts import shift_pages
from tests.support.storeroom import count_pages, goods_pages, issue_pages
from tests.support.targets import target_pages
from tests.support.tickets import STATES, make_ticket

ONLINE_ONLY = {
    "asset_registry.carry_out",
    "asset_registry.preview",
    "imports.cancel",
    "imports.carry_out",
    "imports.create",
    "imports.read_again",
    "imports.set_meaning",
    "imports.show_passwords",
    "job_kinds.change",
    "job_kinds.create",
    "job_kinds.move",
    "labels.make_batch",
    "labels.make_tags",
    "place_registry.carry_out",
    "place_registry.preview",
    "site_words.put",
    "sites.change",
    "sites.create",
    "calendar_feeds.make",
    "calendar_feeds.revoke",
    "connections.change_token",
    "connections.change_webhook",
    "connections.create_token",
    "connections.create_webhook",
    "connections.pause_webhook",
    "connections.remove_webhook",
    "connections.renew_secret",
    "connections.resume_webhook",
    "connections.revoke_token",
    "connections.try_again",
    "connections.try_out",
    "evidence_rules.change",
    "photo_pages.cover",
    "photo_pages.lift",
    "photo_pages.remove",
    "notice_groups.change",
    "notice_groups.create",
    "notice_groups.try_again",
    "notice_groups.try_all_again",
    "notice_groups.try_out",
    "notice_settings.subscribe",
    "notice_settings.try_out",
    "notice_settings.unsubscribe",
    "notices.read",
    "phones.contact",
    "phones.forget",
    "phones.rename",
    "phones.share",
    "phones.unshare",
    "account_rules.add",
    "account_rules.remove",
    "account_rules.try_out",
    "account_rules.want",
    "own_account.add_passkey",
    "own_account.begin_codes",
    "own_account.confirm_codes",
    "own_account.end_other_sign_ins",
    "own_account.end_sign_in",
    "own_account.link",
    "own_account.passkey_options",
    "own_account.remove_codes",
    "own_account.remove_passkey",
    "own_account.rename_passkey",
    "own_account.renew_spares",
    "own_account.unlink",
    "people.change_roles",
    "people.describe",
    "people.suspend_chosen",
    "person_access.end_sign_in",
    "person_access.end_sign_ins",
    "person_access.link",
    "person_access.remove_passkey",
    "person_access.reset",
    "person_access.unlink",
    "person_access.unlock",
    "second_steps.begin",
    "second_steps.check_code",
    "second_steps.confirm",
    "second_steps.passkey",
    "second_steps.passkey_options",
    "second_steps.prove",
    "people.create",
    "people.set_password",
    "report_answers.comment",
    "report_answers.confirm",
    "report_answers.object_",
    "report_answers.rate",
    "reports.create",
    "reports.join",
    "survey_answers.answer",
    "round_library.bring",
    "round_templates.preview",
    "session.change_password",
    "session.language",
    "session.sign_in",
    "session.sign_out",
    "switch.set_pin",
    "switch.switch",
    "verification.compare",
}
"""Sign-in, administration with passwords, strangers, files, previews. A new entry needs a good reason."""

BY_THE_OUTBOX = {"photos.receive", "discards.create"}
"""What the outbox sends without a form of its own."""


def reason(app, route):
    return getattr(app.view_functions[route.endpoint], "online_only_because", "")


def endpoints(app, page, *, offline):
    """Where the forms of a page lead that do, or do not, go through the outbox."""
    adapter = app.url_map.bind("localhost")
    for form in page.all("form", method="post"):
        if ("data-outbox" in form.attrib) is not offline:
            continue
        buttons = [found.get("formaction") for found in form.iter("button") if found.get("formaction")]
        for action in [form.get("action", ""), *buttons]:
            try:
                yield adapter.match(action.partition("?")[0], method="POST")[0]
            except HTTPException:
                pytest.fail(f"a form leads nowhere: {action}")


@pytest.fixture
def pages(app, world, sign_in):
    """Every page with a form, as those see it who have the most of them."""
    jobs = [make_ticket(app, world, state, owner="foreman") for state in STATES]
    jobs.append(make_ticket(app, world, "finished"))
    not_drawn(app, make_ticket(app, world, "finished"))
    registers = register_pages(app, world, sign_in)
    boss, admin, worker = sign_in("foreman"), sign_in("administrator"), sign_in("technician")
    material = {"move_id": str(jobs[0]), "item_id": str(world.items["tube"]), "quantity": "1"}
    assert worker.send(f"/tickets/{jobs[1]}/materials", material).status_code == 200
    late_key = late_entry(app, world, sign_in)
    assert boss.send(f"/tags/{world.tags['pump']}/retirement").status_code == 200
    assert admin.send(f"/people/{world.people['guard']}/suspension").status_code == 200
    room, tag = world.places["room"], world.tags["room"]
    paths = ["/", "/review", "/more", f"/places/{room}", f"/t/{tag}", "/offline/tag", "/offline/ticket", "/password"]
    paths.append(f"/places/{world.places['north-floor']}")
    paths += [f"/assets/{world.assets['pump']}", f"/late/{late_key}", *(f"/tickets/{job}" for job in jobs)]
    stock = [*goods_pages(world, sign_in), *issue_pages(app, world, sign_in), *count_pages(world, sign_in)]
    stock += template_pages(sign_in)
    people = ["/people", *(f"/people/{world.people[login]}" for login in ("technician", "guard"))]
    mine = [worker.page(path) for path in (f"/tickets/{jobs[1]}", "/offline/ticket")]
    stock += [sign_in(login).page(path) for login, path in stage(app, world)]
    stock += heard_pages(app, world, sign_in)
    stock += round_pages(app, world, sign_in) + contractor_pages(app, world, sign_in)
    stock += plan_pages(app, world, sign_in) + desk_pages(app, world, sign_in)
    stock += target_pages(sign_in) + shift_pages(app, world, sign_in)
    stock += notice_pages(app, world, sign_in)
    stock += service_pages(app, world, sign_in)
    stock += connection_pages(app, world, sign_in)
    stock.append(flag_page(app, world, sign_in))
    stock += money_pages(app, world, sign_in)
    stock += office_pages(world, sign_in)
    return [boss.page(path) for path in paths] + [admin.page(path) for path in people] + mine + stock + registers


def heard_pages(app, world, sign_in):
    """What a reporter with an account says, and the surveys."""
    job, manager = make_ticket(app, world, "finished"), sign_in("manager")
    make_ticket(app, world, "open", reporter="technician")
    questions = {"name": ["维修"], "name_en": [""], "site": "north"}
    assert manager.send("/surveys/questions", questions).status_code == 200
    nurse, paths = sign_in("requester"), (f"/tickets/{job}", f"/t/{world.tags['room']}", "/")
    survey = [manager.page(path) for path in ("/surveys", "/surveys/sheets", "/surveys/questions")]
    return [*(nurse.page(path) for path in paths), *survey]


def late_entry(app, world, sign_in):
    """One that waits: finished offline, cancelled meanwhile."""
    hours = [datetime.now(UTC) - timedelta(hours=number) for number in (2, 1)]
    job, key = make_ticket(app, world, "accepted", at=hours[0]), new_id()
    assert sign_in("supervisor").send(f"/tickets/{job}/cancellation", {"note": "重复"}).status_code == 200
    assert sign_in("technician").send(f"/tickets/{job}/completion", key=key, made_at=hours[1]).status_code == 202
    return key


def test_what_needs_a_network_is_written_down_twice(app):
    assert {route.endpoint for route in changing(app) if reason(app, route)} == ONLINE_ONLY


def test_every_other_change_is_reached_by_a_form_of_the_outbox(app, pages):
    reached = {endpoint for page in pages for endpoint in endpoints(app, page, offline=True)}
    wanted = {route.endpoint for route in changing(app)} - ONLINE_ONLY - BY_THE_OUTBOX
    assert wanted - reached == set()


def test_whatever_may_arrive_late_has_words(app):
    assert {route.endpoint for route in changing(app)} - ONLINE_ONLY - BY_THE_OUTBOX == set(ACTION_LABELS)


def test_no_form_leaves_the_outbox_out(app, pages):
    plain = {endpoint for page in pages for endpoint in endpoints(app, page, offline=False)}
    assert plain <= ONLINE_ONLY
