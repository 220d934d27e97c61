"""The words that JavaScript shows while fixed assets are counted."""

from flask_babel import gettext


def asset_words() -> dict[str, str]:
    """By their keys, in the language of this request."""
    return {
        "count_elsewhere": gettext("Found elsewhere. The books have it in {path}"),
        "count_found": gettext("Was found"),
        "count_no_room": gettext("Kept without a room. Scan the tag of the room first."),
        "count_not_saved": gettext("This could not be saved on the phone. Please write the code down."),
        "count_room": gettext("Room: {name}"),
        "count_unknown": gettext("Unknown code. It is kept."),
    }
