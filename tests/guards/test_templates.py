"""All templates: they compile strictly, every word in them can be translated, and no code hides in their attributes."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from jinja2 import StrictUndefined, nodes

from tests.support.project import ROOT, named, short, words

TEMPLATES = named(".html", ".svg", ".txt", below="crew_app/templates")
SHOWN = {"alt", "title", "aria-label", "placeholder", "data-label", "data-confirm", "data-confirm-ok"}
QUIET = {"section", "width", "body_class", "main_attributes", "classes", "described"}
"""Blocks and macros whose text becomes part of a tag."""
EXAMPLES = {"placeholder='AAAAA-BBBBB-CCCC'"}
LETTERS = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"[\u4e00-\u9fff]|[A-Z][a-z]+|[a-z]+ [a-z]+ [a-z]+")
TRANSLATING = {"_", "gettext", "ngettext"}
FORBIDDEN = {
    "hx-on": re.compile(r"\bhx-on\b|\bdata-hx-on\b"),
    "js: or javascript:": re.compile(r"[\"'\s](?:js|javascript):", re.IGNORECASE),
    "a style attribute or element": re.compile(r"<style\b|\sstyle\s*="),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']"),
    "a trigger filter": re.compile(r"hx-trigger=[\"'][^\"']*\["),
    "another web site": re.compile(r"(?:href|src|action)=[\"']https?://"),
    "safe": re.compile(r"\|\s*safe\b"),
}


@pytest.fixture
def environment(app):
    return app.jinja_env


def ids(paths):
    return [short(path).removeprefix("crew_app/templates/") for path in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=ids(TEMPLATES))
def test_it_compiles_and_knows_all_filters(environment, path):
    assert environment.undefined is StrictUndefined
    assert environment.autoescape is True or environment.autoescape(path.name)
    environment.get_template(str(path.relative_to(ROOT / "crew_app" / "templates")))


@pytest.mark.parametrize("path", TEMPLATES, ids=ids(TEMPLATES))
def test_every_word_in_it_can_be_translated(environment, path):
    assert literals(environment, words(path)) == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_contains(what):
    assert [short(path) for path in TEMPLATES if FORBIDDEN[what].search(words(path))] == []


def literals(environment, source):
    """Words that a person would see and that no catalogue knows."""
    scanner = Scanner()
    scanner.feed("".join(_markup(environment, source)))
    scanner.close()
    return [found for found in scanner.found if found not in EXAMPLES] + list(_constants(environment.parse(source)))


def _markup(environment, source) -> Iterator[str]:
    """The HTML of a template, with what Jinja fills in left out, and blocks that are parts of tags."""
    block: list[str] = []
    quiet, last = False, ""
    for _line, kind, value in environment.lex(source):
        if kind == "data" and not quiet:
            last = value
            yield value
        elif kind == "variable_begin" and last.endswith(("<", "</")):
            yield "x"  # the name of an element
        elif kind == "block_begin":
            block = []
        elif kind == "name":
            block.append(value)
        elif kind == "block_end":
            opens = block[:1] in (["block"], ["macro"]) and block[1] in QUIET
            quiet = opens or (quiet and block[:1] not in (["endblock"], ["endmacro"]))


class Scanner(HTMLParser):
    """Collects literal words between tags and in attributes that are shown or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.hidden = tag
        for name, value in attrs:
            if name in SHOWN and LETTERS.search(value or ""):
                self.found.append(f"{name}={value!r}")

    def handle_endtag(self, tag):
        if tag == self.hidden:
            self.hidden = ""

    def handle_data(self, data):
        if not self.hidden and LETTERS.search(data):
            self.found.append(data.strip())


def _constants(tree) -> Iterator[str]:
    """Text in Jinja expressions that looks like words for people and is not handed to gettext."""
    translated = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING
        for argument in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and id(constant) not in translated and SENTENCE.search(constant.value):
            yield constant.value


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>你好</p>",
        '<img alt="Photo">',
        '<input placeholder="Search {{ x }}">',
        "{{ button('Send it now') }}",
        "{% if x %}Yes{% endif %}",
        '{{ "Save" }}',
    ],
)
def test_the_scanner_finds_what_cannot_be_translated(environment, source):
    assert literals(environment, source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Hello') }}</p>",
        "<img alt=\"{{ _('Photo') }}\">",
        "{# a remark #}<p>{{ x }} · 3 × {{ y }}</p>",
        '<a class="btn {% if x %}wide{% endif %}" href="/">{{ ngettext("%(num)s job", "%(num)s jobs", n) }}</a>',
        "{{ field('name', _('Name'), attrs={'autocomplete': 'off'}) }}",
        '<script type="application/json">{"a": "words"}</script>',
    ],
)
def test_the_scanner_leaves_the_rest_alone(environment, source):
    assert literals(environment, source) == []
