"""The words of the camera inside the application, and of drawing on pictures."""

from flask_babel import gettext


def camera_words() -> dict[str, str]:
    """By key, in the language of this request."""
    return {
        "camera_full": gettext("{count} photos at most at once. Touch All done, then take more."),
        "camera_still": gettext("Hold the phone still"),
        "camera_taken": gettext("{count} photos taken"),
        "camera_taken_one": gettext("1 photo taken"),
        "mark_not_here": gettext("This photo is not on the phone. Draw on it when there is a network."),
    }
