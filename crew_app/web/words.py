# ruff: noqa: E501 - one text, one line
"""The words that JavaScript shows, translated with the page. `{name}` in a text is filled in by the script."""

from functools import cache

from flask_babel import get_locale, gettext


def words() -> dict[str, str]:
    """Every text the scripts need, by its key, in the language of this request."""
    return _words(str(get_locale()))


@cache
def _words(_locale: str) -> dict[str, str]:
    return _page() | _outbox() | _scanner()


def _page() -> dict[str, str]:
    return {
        "already_sent": gettext("This entry has been sent in the meantime. Reload the page to see it."),
        "as_of": gettext("No answer from the server. You see this page as of {time}."),
        "choose_item": gettext("Choose an item from the list."),
        "copied": gettext("Copied"),
        "finish_without": gettext("Finish without it"),
        "in_bag": gettext("{quantity} {unit} in your bag"),
        "label_unknown": gettext("This label is no material of ours. Search by name instead."),
        "label_unreadable": gettext("No label was found in the picture. Hold the phone closer, or search by name."),
        "material_left": gettext("A material is chosen but not added yet. Finish without it?"),
        "needs_network": gettext("Signing out needs a connection. Try again when there is one."),
        "newer": gettext("You see this page as of {time}. A newer one has arrived: reload to see it."),
        "not_saved": gettext(
            "This could not be saved on the phone. Nothing is lost: press the button again to send it directly."
        ),
        "open_as_of": gettext("As of {time}"),
        "open_none": gettext("Nothing was open here as of {time}."),
        "open_unknown": gettext("What is open here is not known on this phone."),
        "outbox": gettext("Show what waits"),
        "photo_of": gettext("Photo: {label}"),
        "ready": gettext("Ready for offline: {count} pages, as of {time}"),
        "ready_no_answer": gettext("No answer from the server. What is on the phone stays."),
        "ready_not": gettext("Nothing is ready yet. Keep the app open for a moment while there is a network."),
        "ready_partly": gettext("Being made ready: {count} of {all} pages"),
        "saved": gettext("Saved"),
        "saved_waiting": gettext("Saved on this phone"),
        "saved_waiting_text": gettext("It is sent as soon as there is a connection. You can go on."),
        "saving": gettext("Saving…"),
        "sent": gettext("Sent"),
        "sent_not_shown": gettext("Sent. The page could not be loaded again just now."),
        "sign_out_held": gettext(
            "{count} entries have not been sent. If you sign out now, they stay on this phone until you sign in here again."
        ),
        "waiting_count": gettext("{count} waiting"),
    }


def _outbox() -> dict[str, str]:
    return {
        "cannot_edit": gettext("This entry cannot be corrected here"),
        "cannot_edit_text": gettext("Its form is not on this page any more. You can send it again or discard it."),
        "discard": gettext("Discard"),
        "discard_for_good": gettext("Discard for good"),
        "discard_later": gettext("{count} later entries belong to it and may be refused without it."),
        "discard_question": gettext("Discard “{label}”? It has not been sent."),
        "discard_really": gettext("It will be gone from this phone and nobody else has it. Really discard it?"),
        "halted_down": gettext("No connection to the server. Next try at {time}."),
        "halted_session": gettext("Sign in again to send what waits. Everything is kept on this phone."),
        "held_up": gettext("Waits for a refused entry before it"),
        "import_failed": gettext("The file could not be read"),
        "import_failed_text": gettext("It must be an outbox file that you saved yourself. Nothing was changed."),
        "imported": gettext("{count} entries taken over from the file"),
        "kind_asset": gettext("Equipment"),
        "kind_place": gettext("Place"),
        "others_wait": gettext(
            "{count} entries of other people wait on this phone. They are sent when those people sign in here."
        ),
        "refused": gettext("Not accepted"),
        "refused_photo_missing": gettext("The picture is no longer on this phone."),
        "refused_too_large": gettext("The picture is too large for the server."),
        "refused_unknown": gettext("The server did not accept this (error {status})."),
        "state_accepted": gettext("In progress"),
        "state_cancelled": gettext("Cancelled"),
        "state_finished": gettext("To be verified"),
        "state_on_hold": gettext("On hold"),
        "state_open": gettext("Open"),
        "state_refused": gettext("Not accepted"),
        "state_verified": gettext("Verified"),
        "state_waiting": gettext("Waiting to be sent"),
        "storage_full": gettext("This phone has no space left"),
        "storage_full_text": gettext(
            "There is no space left on this phone, so this was not saved. Delete some pictures or apps and try again; the form stays as it is."
        ),
    }


def _scanner() -> dict[str, str]:
    return {
        "scan_clear": gettext("Remove all"),
        "scan_clear_question": gettext("Remove all {count} tags from this list? They are only on this phone."),
        "scan_fault_character": gettext("Only digits and letters, and never a U. Compare with the printed code."),
        "scan_fault_check": gettext(
            "There is a typing error in this code. Compare every character with the printed one."
        ),
        "scan_fault_length": gettext("A code has 14 characters, this one has {count}."),
        "scan_foreign": gettext("This is not one of our tags. Go on scanning."),
        "scan_hint": gettext(
            "Nothing found yet. Go closer, hold still, avoid glare, switch on the torch, or type the code."
        ),
        "scan_kept": gettext("{name}: added to the list"),
        "scan_kept_before": gettext("{name}: already in the list"),
        "scan_kept_unknown": gettext("{name}: not in the directory on this phone, kept in the list as unknown"),
        "scan_list_full": gettext(
            "This phone has no space left, the tag was not kept. Copy the list, remove what is done, and scan it again."
        ),
        "scan_loading": gettext("Loading the code reader…"),
        "scan_looking": gettext("Hold the tag inside the frame."),
        "scan_not_copied": gettext("Copying is not allowed here. Select the text:"),
        "scan_opening": gettext("{name}: opening…"),
        "scan_picture_looking": gettext("Looking for a tag in the picture…"),
        "scan_picture_none": gettext(
            "No tag found in this picture. Take it closer, sharp and without glare, or type the code."
        ),
        "scan_picture_unreadable": gettext(
            "This picture cannot be opened on this phone. Choose a JPEG or PNG, or type the code."
        ),
        "scan_starting": gettext("Opening the camera…"),
        "scan_unknown": gettext("unknown tag"),
        "scan_unknown_report": gettext("These tags are not in the directory:"),
    }
