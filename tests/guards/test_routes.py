"""All routes: each says who may use it, each change has a receipt, each address keeps to one form."""

import re

import pytest

from crew_app.people.rules import RIGHTS, Right, Role
from crew_app.web.access import PUBLIC, SIGNED_IN, public
from tests.support.client import some_id
from tests.support.money import MONEY_CHANGES
from tests.support.office_routes import OFFICE
from tests.support.register_routes import REGISTERS
from tests.support.routes import SAFE, address, changing, declared, methods, routes
from tests.support.stock_routes import STOCK
from tests.support.tickets import make_ticket

WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")
BY_NAME = {"code", "secret"}  # unguessable texts; everything else has a type

CHANGES = (
    {
        "evidence_rules.change": Right.KEEP_EVIDENCE,
        "photo_pages.cover": SIGNED_IN,
        "photo_pages.lift": SIGNED_IN,
        "photo_pages.remove": Right.KEEP_EVIDENCE,
        "contractors.answer": Right.ANSWER_FINDINGS,
        "contractors.book": Right.PLAN_ROUNDS,
        "contractors.create": Right.PLAN_ROUNDS,
        "contractors.decide": Right.WATCH_ROUNDS,
        "contractors.find": Right.WATCH_ROUNDS,
        "contractors.set_details": Right.PLAN_ROUNDS,
        "contractors.set_templates": Right.PLAN_ROUNDS,
        "contractors.take_back": Right.PLAN_ROUNDS,
        "escalation_steps.begin_anew": Right.SET_TARGETS,
        "escalation_steps.put": Right.SET_TARGETS,
        "escalation_steps.take_out": Right.SET_TARGETS,
        "shot_rules.put": Right.SET_TARGETS,
        "targets.put": Right.SET_TARGETS,
        "targets.set_hours": Right.SET_TARGETS,
        "targets.take_back": Right.SET_TARGETS,
        "ticket_states.change_urgency": Right.VERIFY,
        "asset_checks.create": Right.KEEP_ASSETS,
        "asset_checks.record": Right.KEEP_ASSETS,
        "asset_counts.claim": Right.KEEP_ASSETS,
        "asset_counts.close": Right.SEE_SITE,
        "asset_counts.create": Right.KEEP_ASSETS,
        "asset_counts.move": Right.KEEP_ASSETS,
        "asset_counts.see": Right.SEE_SITE,
        "asset_scraps.approve": Right.APPROVE_STOCK,
        "asset_scraps.create": Right.REPORT,
        "asset_scraps.decline": Right.APPROVE_STOCK,
        "asset_scraps.withdraw": Right.REPORT,
        "asset_transfers.create": Right.REPORT,
        "asset_transfers.give": Right.REPORT,
        "asset_transfers.take": Right.REPORT,
        "asset_transfers.withdraw": Right.REPORT,
        "assets.keep": Right.KEEP_ASSETS,
        "certificates.create": Right.KEEP_REGISTERS,
        "certificates.withdraw": Right.KEEP_REGISTERS,
        "discards.create": SIGNED_IN,
        "hazards.assess": Right.PLAN_ROUNDS,
        "hazards.check_again": Right.VERIFY,
        "gate_log.correct": Right.KEEP_GATE,
        "gate_log.create": Right.KEEP_GATE,
        "gate_log.leave": Right.KEEP_GATE,
        "gate_log.void": Right.KEEP_GATE,
        "hand_overs.add_post": Right.KEEP_REGISTERS,
        "hand_overs.change_post": Right.KEEP_REGISTERS,
        "hand_overs.create": Right.HAND_OVER,
        "hand_overs.relieve": Right.HAND_OVER,
        "licences.add_kind": Right.KEEP_REGISTERS,
        "licences.change_kind": Right.KEEP_REGISTERS,
        "licences.create": Right.KEEP_REGISTERS,
        "licences.withdraw": Right.KEEP_REGISTERS,
        "late.accept": Right.VERIFY,
        "emergencies.create": Right.REPORT,
        "emergencies.answer": SIGNED_IN,
        "emergencies.tick": SIGNED_IN,
        "emergencies.skip": SIGNED_IN,
        "emergencies.take_back": SIGNED_IN,
        "emergencies.say": SIGNED_IN,
        "emergencies.false_alarm": SIGNED_IN,
        "emergencies.close": SIGNED_IN,
        "playbooks.create": Right.LEAD_EMERGENCIES,
        "playbooks.bring": Right.LEAD_EMERGENCIES,
        "playbooks.rewrite": Right.LEAD_EMERGENCIES,
        "playbooks.retire": Right.LEAD_EMERGENCIES,
        "playbooks.reinstate": Right.LEAD_EMERGENCIES,
        "deliveries.create": Right.REPORT,
        "deliveries.pick_up": Right.WORK,
        "deliveries.drop": Right.WORK,
        "trips.create": Right.REPORT,
        "trips.dispatch": Right.WORK,
        "trips.leave": Right.WORK,
        "trips.come_back": Right.WORK,
        "vehicles.set_details": Right.VERIFY,
        "vehicles.fill": Right.WORK,
        "late.reject": Right.VERIFY,
        "notice_groups.change": Right.MANAGE_NOTICES,
        "notice_groups.create": Right.MANAGE_NOTICES,
        "notice_groups.try_again": Right.MANAGE_NOTICES,
        "notice_groups.try_all_again": Right.MANAGE_NOTICES,
        "notice_groups.try_out": Right.MANAGE_NOTICES,
        "notice_settings.save": SIGNED_IN,
        "notice_settings.subscribe": SIGNED_IN,
        "notice_settings.try_out": SIGNED_IN,
        "notice_settings.unsubscribe": SIGNED_IN,
        "notices.read": SIGNED_IN,
        "notices.read_all": SIGNED_IN,
        "people.change_roles": Right.MANAGE_PEOPLE,
        "people.describe": Right.MANAGE_PEOPLE,
        "people.suspend_chosen": Right.MANAGE_PEOPLE,
        "second_steps.begin": PUBLIC,
        "second_steps.check_code": PUBLIC,
        "second_steps.confirm": PUBLIC,
        "second_steps.passkey": PUBLIC,
        "second_steps.passkey_options": PUBLIC,
        "second_steps.prove": SIGNED_IN,
        "people.create": Right.MANAGE_PEOPLE,
        "people.reinstate": Right.MANAGE_PEOPLE,
        "people.set_password": Right.MANAGE_PEOPLE,
        "people.set_roles": Right.MANAGE_PEOPLE,
        "people.suspend": Right.MANAGE_PEOPLE,
        "phones.contact": SIGNED_IN,
        "phones.forget": Right.MANAGE_PEOPLE,
        "phones.rename": Right.MANAGE_PEOPLE,
        "phones.share": Right.MANAGE_PEOPLE,
        "phones.unshare": Right.MANAGE_PEOPLE,
        "photo_flags.judge": Right.VERIFY,
        "photos.receive": SIGNED_IN,
        "reports.create": PUBLIC,
        "round_library.adopt": Right.PLAN_ROUNDS,
        "round_library.bring": Right.PLAN_ROUNDS,
        "round_templates.copy": Right.PLAN_ROUNDS,
        "round_templates.create": Right.PLAN_ROUNDS,
        "round_templates.preview": Right.PLAN_ROUNDS,
        "round_templates.restore": Right.PLAN_ROUNDS,
        "round_templates.retire": Right.PLAN_ROUNDS,
        "round_templates.save": Right.PLAN_ROUNDS,
        "round_plans.change": Right.PLAN_ROUNDS,
        "round_plans.create": Right.PLAN_ROUNDS,
        "round_plans.end": Right.PLAN_ROUNDS,
        "round_plans.load_days": Right.PLAN_ROUNDS,
        "round_plans.pause": Right.PLAN_ROUNDS,
        "round_plans.resume": Right.PLAN_ROUNDS,
        "round_plans.set_day": Right.PLAN_ROUNDS,
        "rounds.begin": Right.WALK,
        "rounds.call_off": Right.PLAN_ROUNDS,
        "rounds.check_in": Right.WALK,
        "rounds.end": Right.WALK,
        "rounds.leave_out": Right.WALK,
        "session.change_password": SIGNED_IN,
        "session.language": PUBLIC,
        "session.sign_in": PUBLIC,
        "session.sign_out": PUBLIC,
        "round_flags.explain": Right.WATCH_ROUNDS,
        "round_flags.remark": Right.SEE_SITE,
        "switch.set_pin": SIGNED_IN,
        "switch.switch": PUBLIC,
        "tags.create_for_asset": Right.MANAGE_TAGS,
        "tags.create_for_place": Right.MANAGE_TAGS,
        "tags.replace": Right.MANAGE_TAGS,
        "tags.retire": Right.MANAGE_TAGS,
        "ticket_states.accept": Right.WORK,
        "ticket_states.cancel": SIGNED_IN,
        "ticket_states.finish": Right.WORK,
        "ticket_states.hold": Right.WORK,
        "ticket_states.release": Right.WORK,
        "ticket_states.resume": Right.WORK,
        "ticket_states.send_back": Right.VERIFY,
        "review.pass_rest": Right.VERIFY,
        "ticket_states.verify": Right.VERIFY,
        "tickets.add_note": SIGNED_IN,
        "tickets.add_photos": SIGNED_IN,
        "tickets.create": Right.REPORT,
        "trainings.create": Right.KEEP_REGISTERS,
        "trainings.record": Right.KEEP_REGISTERS,
        "report_answers.comment": PUBLIC,
        "report_answers.confirm": PUBLIC,
        "report_answers.object_": PUBLIC,
        "report_answers.rate": PUBLIC,
        "reports.join": PUBLIC,
        "survey_answers.answer": PUBLIC,
        "surveys.renew": Right.KEEP_SURVEYS,
        "surveys.set_questions": Right.KEEP_SURVEYS,
        "ticket_answers.comment": SIGNED_IN,
        "ticket_answers.confirm": SIGNED_IN,
        "ticket_answers.join": Right.REPORT,
        "ticket_answers.object_": SIGNED_IN,
        "ticket_answers.rate": SIGNED_IN,
        "verification.compare": SIGNED_IN,
        "desk_calls.create": Right.KEEP_DESK,
        "desk_calls.call_back": Right.KEEP_DESK,
        "doors.keep": Right.REPORT,
        "announcements.create": Right.ANNOUNCE,
        "announcements.change": Right.ANNOUNCE,
        "announcements.end": Right.ANNOUNCE,
        "announcements.cancel": Right.ANNOUNCE,
        "announcements.read": SIGNED_IN,
        "announcements.remind": Right.ANNOUNCE,
        "announcements.brief": Right.ANNOUNCE,
        "hands.assign": Right.DISPATCH,
        "hands.decline": Right.WORK,
        "hands.hand_over": Right.WORK,
        "hands.take_over": Right.WORK,
        "hands.ask_for_help": Right.WORK,
        "hands.help_with": Right.WORK,
        "roster.add": Right.DISPATCH,
        "roster.remove": Right.DISPATCH,
        "roster.copy_week": Right.DISPATCH,
        "roster.set_rules": Right.DISPATCH,
        "shift_patterns.create": Right.DISPATCH,
        "shift_patterns.change": Right.DISPATCH,
        "shift_patterns.put_in": Right.DISPATCH,
        "shift_patterns.take_out": Right.DISPATCH,
        "swaps.propose": Right.SEE_SITE,
        "swaps.agree": Right.SEE_SITE,
        "swaps.approve": Right.DISPATCH,
        "swaps.refuse": Right.SEE_SITE,
        "swaps.withdraw": Right.SEE_SITE,
        "areas.create": Right.DISPATCH,
        "areas.end": Right.DISPATCH,
        **MONEY_CHANGES,
    }
    | REGISTERS
    | OFFICE
    | STOCK
)
"""Who may change what. A route whose rule differs is either a mistake or belongs into this table on purpose."""

READ_BY_ALL = {
    "api.docs",
    "api.openapi",
    "calendar_feeds.show",
    "health.alive",
    "health.ready",
    "metrics.show",
    "offline.page",
    "report_answers.show",
    "survey_answers.show",
    "second_steps.code",
    "second_steps.set_up",
    "session.login",
    "sign_in_ways.oidc",
    "sign_in_ways.oidc_back",
    "sign_in_ways.wecom",
    "sign_in_ways.wecom_back",
    "shell.manifest",
    "shell.service_worker",
    "switch.show",
    "tags.show",
    "tags.typed",
    "verification.index",
    "verification.picture",
    "verification.show",
    "verification.thumb",
}
"""Pages that need no sign-in."""


def without_rule(app):
    return [str(route) for route in routes(app) if declared(app, route) is None]


def without_receipt(app):
    views = [(str(route), app.view_functions[route.endpoint]) for route in changing(app)]
    return [
        route
        for route, view in views
        if not getattr(view, "is_command", False) and not getattr(view, "no_receipt_because", "")
    ]


def test_every_route_declares_who_may_use_it(app):
    assert without_rule(app) == []


def test_every_change_has_a_receipt_or_a_reason_for_having_none(app):
    assert without_receipt(app) == []


def test_a_change_is_posted_and_nothing_else(app):
    for route in changing(app):
        assert methods(route) == {"POST"}, str(route)


def test_who_may_change_what_is_written_down_twice(app):
    assert {route.endpoint: declared(app, route) for route in changing(app)} == CHANGES


def test_pages_without_a_sign_in_are_few_and_named(app):
    reading = {route.endpoint for route in routes(app) if not methods(route) - SAFE and declared(app, route) == PUBLIC}
    assert reading == READ_BY_ALL


def test_addresses_are_words_and_typed_parameters(app):
    for route in routes(app):
        for part in str(route).strip("/").split("/"):
            if part.startswith("<") and ":" not in part:
                assert part.strip("<").removesuffix(".ics").strip(">") in BY_NAME, str(route)
            elif part.startswith("<"):
                assert part.startswith("<uuid:"), str(route)
                assert part.endswith("_id>"), str(route)
            else:
                assert not part or WORD.fullmatch(part), str(route)


def test_no_two_routes_share_an_address_and_method(app):
    pairs = [(re.sub(r"<[^>]+>", "<>", str(route)), method) for route in routes(app) for method in methods(route)]
    assert len(pairs) == len(set(pairs))


def wanted_status(rule, role, *, safe):
    """What a request is answered with before its view runs; 204 stands for the view."""
    if rule == PUBLIC:
        return 204
    if role is None:
        return 302 if safe else 401
    return 204 if rule == SIGNED_IN or rule in RIGHTS[role] else 403


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.value if role else "nobody")
def test_every_route_admits_exactly_those_its_rule_names(app, world, sign_in, stranger, role):
    """Role by route by method, with views that only say that they were reached."""
    client = sign_in(role.value) if role else stranger
    rules = {route.endpoint: declared(app, route) for route in routes(app)}
    for endpoint, rule in rules.items():
        app.view_functions[endpoint] = reached(rule)
    ticket = world.people["guard"]  # any id
    for route in routes(app):
        path = address(app, world, ticket, route)
        for method in methods(route):
            status = client.open(path, method=method, headers={"Sec-Fetch-Site": "same-origin"}).status_code
            assert status == wanted_status(rules[route.endpoint], role, safe=method in SAFE), (method, path)


def reached(rule):
    """A view with this rule that does nothing."""

    def view(**_arguments):
        return "", 204

    return public(view) if rule == PUBLIC else _with(view, rule)


def _with(view, rule):
    view.access_rule = rule
    return view


FILLED = {
    "job_kind": "lamp",
    "note": "换班",
    "reason": "material",
    "role": "report",
    "quantity": "1",
    "password": "neues-Rad-2026",
    "roles": "guard",
}


def test_somebody_of_another_site_is_told_everywhere_that_there_is_nothing(app, world, sign_in):
    """The outsider has every role, at the other site, and fills in every form correctly."""
    ticket, client = make_ticket(app, world, "finished"), sign_in("outsider")
    fields = FILLED | {"item_id": str(world.items["tube"]), "site_id": str(world.sites["south"])}
    for route in routes(app):
        if not route.arguments - {"item_id", "secret"} or declared(app, route) == PUBLIC:
            continue
        path = address(app, world, ticket, route)
        for method in methods(route):
            ids = {"move_id": some_id(), "ticket_id": some_id()}
            response = client.get(path) if method == "GET" else client.send(path, fields | ids)
            if route.endpoint == "photos.receive":
                continue  # without a picture it is refused before anything is looked up
            assert response.status_code == 404, (method, path, response.status_code)


def test_probes_for_machines_need_no_sign_in(stranger):
    assert stranger.get("/healthz").get_data(as_text=True) == "ok\n"
    assert stranger.get("/readyz").get_data(as_text=True) == "ready\n"


def test_the_manifest_makes_the_application_installable(stranger):
    manifest = stranger.get("/manifest.webmanifest").get_json()
    assert {"id", "name", "short_name", "start_url", "display", "icons", "shortcuts"} <= set(manifest)
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
