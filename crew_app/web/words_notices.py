"""The words that JavaScript shows where somebody turns notices on or off on a phone."""

from flask_babel import gettext


def notice_words() -> dict[str, str]:
    """By their keys, in the language of this request."""
    return {
        "push_denied": gettext(
            "Notices are blocked for this site. Allow them in the settings of the browser, then come back."
        ),
        "push_failed": gettext("That did not work. Check the connection and try again."),
        "push_insecure": gettext("This works only over a secure connection (HTTPS)."),
        "push_install": gettext("On an iPhone, put the app on the home screen first and open it from there."),
        "push_not_allowed": gettext("You did not allow notices, so this phone stays silent."),
        "push_off": gettext("Notices are off for this phone."),
        "push_on": gettext("Notices are on for this phone."),
        "push_unknown": gettext("This browser knows no notices. Chrome, Edge, Firefox and Safari do."),
    }
