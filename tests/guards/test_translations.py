"""Every text of the interface is in the Chinese catalogue, with the same placeholders."""

import re
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.support.project import ROOT

KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WITHOUT_CHINESE = {"HTTPS", "Excel", "CSV", "PDF", "Word"}


@cache
def extracted() -> frozenset[str]:
    """Every text in code and templates that is marked for translation."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options, KEYWORDS)
    texts = [message if isinstance(message, str) else message[0] for _file, _line, message, _notes, _context in found]
    return frozenset(text for text in texts if text)


@cache
def chinese() -> Catalog:
    path = ROOT / "crew_app" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def placeholders(text):
    return set(PLACEHOLDER.findall(text))


def test_there_are_texts_at_all():
    assert len(extracted()) > 200


def test_every_text_is_translated():
    assert sorted(text for text in extracted() if not _translated(chinese(), text)) == []


def test_nothing_is_marked_as_doubtful():
    assert [message.id for message in chinese() if message.id and message.fuzzy] == []


def test_translations_have_the_same_placeholders():
    wrong = []
    for message in chinese():
        if not message.id:
            continue
        wanted = set().union(*(placeholders(text) for text in _texts(message)))
        wrong += [(message.id, text) for text in translations(message) if not _same(message, wanted, text)]
    assert wrong == []


def test_translations_are_chinese():
    plain = [text for text in extracted() if _translated(chinese(), text) and not _in_chinese(text)]
    assert sorted(set(plain) - WITHOUT_CHINESE) == []


def _translated(catalog, text):
    message = catalog.get(text)
    return next((found for found in translations(message) if found), "") if message else ""


def _in_chinese(text):
    found = _translated(chinese(), text)
    return CHINESE.search(found) or not re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", text))


def _texts(message):
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _same(message, wanted, text):
    """A plural form may leave its number out (one job), never add a placeholder."""
    found = placeholders(text)
    return found == wanted or (message.pluralizable and found <= wanted)
