"""Templates of rounds for tests, made as phones make them."""

import json
from typing import Any

from crew_app.core.ids import new_id
from crew_app.rounds.ready import ready
from tests.support.client import accepted

TEMPLATES = "/rounds/templates"
NIGHT: dict[str, Any] = {
    "format": "crew-round/1",
    "code": "night",
    "name": {"zh": "夜巡", "en": "Night patrol"},
    "category": "patrol",
    "stops": [
        {
            "key": "gate",
            "title": {"zh": "大门", "en": "Gate"},
            "where": {"place": "north-B1-701"},
            "checks": [
                {"key": "shut", "kind": "yes-no", "label": {"zh": "门关好", "en": "Door is shut"}},
                {"key": "temp", "kind": "number", "label": {"zh": "温度"}, "unit": "°C", "low": "5", "high": "35"},
            ],
        },
        {"key": "pumps", "title": {"zh": "水泵"}, "where": {"kind": "pump", "area": "north-B1"}, "checks": []},
    ],
}


def written(**changes):
    """A template as JSON, with other values for some of its fields."""
    return json.dumps(NIGHT | changes, ensure_ascii=False)


def make_template(sign_in, login="supervisor", **changes):
    """The address of a new template of the north."""
    fields = {"template_id": str(new_id()), "document": written(**changes), "note": "neu"}
    return accepted(sign_in(login).send(TEMPLATES, fields), 201)


def save(client, path, based_on=1, **more):
    """Save another version."""
    clash = more.pop("clash", "")
    fields = {"document": written(**more), "based_on": str(based_on), "clash": clash, "copy_id": str(new_id())}
    return client.send(f"{path}/versions", fields)


def template_pages(sign_in):
    """Every page of templates with a form: the library, the editor, one in use and a retired one."""
    path, retired, boss = make_template(sign_in), make_template(sign_in), sign_in("supervisor")
    accepted(boss.send(f"{retired}/retirement"))
    ready_one = ready()[0].code if ready() else ""
    places = (path, retired, f"{path}/editor", *(f"{TEMPLATES}/{part}" for part in ("new", "import", "library")))
    return [boss.page(place) for place in (*places, f"{TEMPLATES}/library?code={ready_one}")]
