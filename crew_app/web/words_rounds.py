"""The words that JavaScript shows while a template of rounds is edited."""

from flask_babel import gettext


def round_words() -> dict[str, str]:
    """By their keys, in the language of this request."""
    return {
        "round_check": gettext("New check"),
        "round_checks": gettext("{count} checks"),
        "round_checks_one": gettext("{count} check"),
        "round_drop": gettext("Remove “{name}” with everything in it?"),
        "round_missing": gettext("nothing with this code here"),
        "round_no": gettext("No"),
        "round_offline": gettext("The search needs a network."),
        "round_outcome_fail": gettext("Fault"),
        "round_outcome_flag": gettext("To be watched"),
        "round_outcome_na": gettext("Not applicable"),
        "round_outcome_ok": gettext("In order"),
        "round_outcome_pass": gettext("In order"),
        "round_remove": gettext("Remove"),
        "round_stop": gettext("New stop"),
        "round_unreadable": gettext("This text is no template. Put it right here, or load the page again."),
        "round_yes": gettext("Yes"),
    }
