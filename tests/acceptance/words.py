"""What the page says: the English text of the source, in the language of the phone."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

import crew_app

CATALOGUE = Path(crew_app.__file__).parent / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"


def say(text: str, language: str) -> str:
    """The words on the screen for an English text of the source."""
    return text if language == "en" else _chinese()[text]


@cache
def _chinese() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}
