"""Roles, and what each may do. Pure facts, no database."""

from enum import StrEnum

from crew_app.core.words import N_


class Role(StrEnum):
    """What a person is at one site; one person may be several."""

    REQUESTER = "requester"
    TECHNICIAN = "technician"
    GUARD = "guard"
    SUPERVISOR = "supervisor"
    STOREKEEPER = "storekeeper"
    CONTRACTOR = "contractor"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    DESK = "desk"
    """The service desk (服务台): takes calls, day and night."""


class Trade(StrEnum):
    """What a technician knows how to repair."""

    PLUMBING = "plumbing"
    ELECTRICAL = "electrical"
    OXYGEN = "oxygen"
    HVAC = "hvac"
    CARPENTRY = "carpentry"
    LIFT = "lift"
    LOW_VOLTAGE = "low_voltage"
    PORTER = "porter"
    """Carries patients, specimens and things (运送)."""
    DRIVER = "driver"


class Right(StrEnum):
    """One thing a person may do at a site; routes and queries ask for these, never for roles."""

    REPORT = "report"
    SEE_SITE = "see_site"
    WORK = "work"
    VERIFY = "verify"
    DISPATCH = "dispatch"
    """Say who does which job: the board, the roster, who answers for which place."""
    CANCEL = "cancel"
    SEE_STOCK = "see_stock"
    KEEP_STOCK = "keep_stock"
    ASK_FOR_STOCK = "ask_for_stock"
    APPROVE_STOCK = "approve_stock"
    """Requests, counts, purchases, and write-offs up to the site's limit."""
    APPROVE_ANY_STOCK = "approve_any_stock"
    """Write-offs of any value."""
    MANAGE_DEPARTMENTS = "manage_departments"
    """Who asks for a department, and how much it may ask for."""
    KEEP_ASSETS = "keep_assets"
    """Cards of fixed assets, their counts and spot checks."""
    WALK = "walk"
    """Walk rounds: check in at stops, answer, leave out with a reason."""
    PLAN_ROUNDS = "plan_rounds"
    """Templates, plans, calling runs off."""
    WATCH_ROUNDS = "watch_rounds"
    """Everybody's runs as they go on, what was missed, what looks odd."""
    KEEP_GATE = "keep_gate"
    """Who comes in and goes out, at the gate."""
    SEE_GATE = "see_gate"
    HAND_OVER = "hand_over"
    """A shift to the next one, and taking over."""
    KEEP_REGISTERS = "keep_registers"
    """Licences, certificates, training; posts and kinds."""
    ANSWER_FINDINGS = "answer_findings"
    """See what one's own firm has to put right, and answer (外包单位)."""
    KEEP_DESK = "keep_desk"
    """Take calls for others, and call them back."""
    ANNOUNCE = "announce"
    """Outages and notices, and who has read them."""
    KEEP_DOORS = "keep_doors"
    """What to know before any door of the site; a ward's own people keep those of their ward without it."""
    SET_TARGETS = "set_targets"
    """How soon jobs are to be answered and done, and who is told when they are not."""
    KEEP_EVIDENCE = "keep_evidence"
    """How long positions and photos are kept; remove a photo; who fetched originals; heads of the audit chain."""
    HEAR_LAST = "hear_last"
    """Told when a job is late and nobody below has answered: the end of the chain."""
    SEE_SATISFACTION = "see_satisfaction"
    """Ratings of jobs and results of surveys (满意度)."""
    KEEP_SURVEYS = "keep_surveys"
    """What the surveys ask, and the sheets with their QR codes."""
    LEAD_EMERGENCIES = "lead_emergencies"
    """Write playbooks, call drills, end an emergency (应急预案)."""
    MANAGE_TAGS = "manage_tags"
    SEE_PHONES = "see_phones"
    MANAGE_PEOPLE = "manage_people"
    SEE_FIGURES = "see_figures"
    """Dashboards and work summaries."""
    WRITE_SUMMARIES = "write_summaries"
    SET_POINTS = "set_points"
    """The formula of performance, objections, and everybody's points (绩效)."""
    SEE_COSTS = "see_costs"
    """Costs per department and month, and closing a month."""
    MANAGE_PLACES = "manage_places"
    """Places, assets and departments: make, change, retire; many at once."""
    IMPORT = "import"
    """Bring in lists from files, and take everything out."""
    CONFIGURE = "configure"
    """Job kinds, a site's own words, sites."""
    CONNECT = "connect"
    """Tokens and webhooks for other systems."""
    MANAGE_NOTICES = "manage_notices"
    """Chat groups that are told, and what could not be delivered."""


ROLE_LABELS = {
    Role.REQUESTER: N_("Requester"),
    Role.TECHNICIAN: N_("Technician"),
    Role.GUARD: N_("Guard"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.STOREKEEPER: N_("Storekeeper"),
    Role.CONTRACTOR: N_("Contractor"),
    Role.MANAGER: N_("Manager"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.DESK: N_("Service desk"),
}

TRADE_LABELS = {
    Trade.PLUMBING: N_("Plumbing"),
    Trade.ELECTRICAL: N_("Electrical"),
    Trade.OXYGEN: N_("Medical gas"),
    Trade.HVAC: N_("Air conditioning"),
    Trade.CARPENTRY: N_("Carpentry and locks"),
    Trade.LIFT: N_("Lifts"),
    Trade.LOW_VOLTAGE: N_("Low voltage"),
    Trade.PORTER: N_("Porters"),
    Trade.DRIVER: N_("Drivers"),
}

_CREW = frozenset({Right.REPORT, Right.SEE_SITE})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.REQUESTER: frozenset({Right.REPORT, Right.ASK_FOR_STOCK}),
    Role.TECHNICIAN: _CREW | {Right.WORK, Right.SEE_STOCK, Right.ASK_FOR_STOCK, Right.WALK, Right.HAND_OVER},
    Role.GUARD: _CREW | {Right.WALK, Right.KEEP_GATE, Right.SEE_GATE, Right.HAND_OVER},
    Role.SUPERVISOR: _CREW
    | {Right.WORK, Right.VERIFY, Right.CANCEL, Right.SEE_STOCK, Right.MANAGE_TAGS, Right.SEE_PHONES}
    | {Right.ASK_FOR_STOCK, Right.APPROVE_STOCK, Right.MANAGE_DEPARTMENTS}
    | {Right.WALK, Right.PLAN_ROUNDS, Right.WATCH_ROUNDS}
    | {Right.HAND_OVER, Right.SEE_GATE, Right.KEEP_REGISTERS}
    | {Right.KEEP_DESK, Right.ANNOUNCE, Right.KEEP_DOORS, Right.DISPATCH, Right.LEAD_EMERGENCIES}
    | {Right.SEE_SATISFACTION, Right.KEEP_SURVEYS, Right.SEE_FIGURES, Right.WRITE_SUMMARIES},
    Role.STOREKEEPER: _CREW
    | {Right.SEE_STOCK, Right.KEEP_STOCK, Right.ASK_FOR_STOCK, Right.KEEP_ASSETS}
    | {Right.WALK, Right.HAND_OVER},
    Role.CONTRACTOR: frozenset({Right.REPORT, Right.ANSWER_FINDINGS}),
    Role.MANAGER: _CREW
    | {Right.SEE_STOCK, Right.VERIFY, Right.SEE_PHONES, Right.APPROVE_STOCK, Right.APPROVE_ANY_STOCK}
    | {Right.MANAGE_DEPARTMENTS, Right.PLAN_ROUNDS, Right.WATCH_ROUNDS}
    | {Right.SEE_GATE, Right.KEEP_REGISTERS}
    | {Right.KEEP_DESK, Right.ANNOUNCE, Right.SET_TARGETS, Right.HEAR_LAST, Right.DISPATCH}
    | {Right.SEE_SATISFACTION, Right.KEEP_SURVEYS, Right.LEAD_EMERGENCIES, Right.KEEP_EVIDENCE}
    | {Right.SEE_FIGURES, Right.WRITE_SUMMARIES, Right.SET_POINTS, Right.SEE_COSTS, Right.MANAGE_PLACES},
    Role.ADMINISTRATOR: _CREW
    | {Right.SEE_STOCK, Right.MANAGE_TAGS, Right.SEE_PHONES, Right.MANAGE_PEOPLE}
    | {Right.MANAGE_DEPARTMENTS, Right.KEEP_ASSETS, Right.PLAN_ROUNDS, Right.WATCH_ROUNDS}
    | {Right.SEE_GATE, Right.KEEP_REGISTERS}
    | {Right.ANNOUNCE, Right.KEEP_DOORS, Right.SET_TARGETS, Right.DISPATCH}
    | {Right.SEE_SATISFACTION, Right.KEEP_SURVEYS, Right.MANAGE_NOTICES, Right.LEAD_EMERGENCIES}
    | {Right.KEEP_EVIDENCE, Right.SEE_FIGURES, Right.MANAGE_PLACES, Right.IMPORT}
    | {Right.CONFIGURE, Right.CONNECT},
    Role.DESK: _CREW
    | {Right.KEEP_DESK, Right.ANNOUNCE, Right.KEEP_DOORS, Right.CANCEL, Right.HAND_OVER, Right.DISPATCH}
    | {Right.SEE_FIGURES},
}
