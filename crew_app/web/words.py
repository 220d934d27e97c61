# ruff: noqa: E501 - one text, one line
"""The words that JavaScript shows, translated with the page. `{name}` in a text is filled in by the script."""

from functools import cache

from flask_babel import get_locale, gettext

from crew_app.web.words_assets import asset_words
from crew_app.web.words_camera import camera_words
from crew_app.web.words_notices import notice_words
from crew_app.web.words_rounds import round_words


def words() -> dict[str, str]:
    """Every text the scripts need, by its key, in the language of this request."""
    return _words(str(get_locale()))


@cache
def _words(_locale: str) -> dict[str, str]:
    return (
        _page()
        | _reading()
        | _saving()
        | _outbox()
        | _standing()
        | _scanner()
        | asset_words()
        | camera_words()
        | round_words()
        | notice_words()
    )


def _page() -> dict[str, str]:
    return {
        "copied": gettext("Copied"),
        "correct": gettext("Correct it"),
        "finish_without": gettext("Finish without it"),
        "material_left": gettext("A material is chosen but not added yet. Finish without it?"),
        "outbox": gettext("See what is not sent yet"),
        "photos_of": gettext("{count} photos: {label}"),
        "photos_of_one": gettext("Photo: {label}"),
        "refused_count": gettext("{count} not accepted"),
        "show": gettext("Show"),
        "sign_first": gettext("Sign in the field above, or tick that it is signed on paper."),
        "waiting_count": gettext("{count} waiting"),
        "walk_waiting": gettext("{count} saved on this phone"),
    }


def _reading() -> dict[str, str]:
    return {
        "as_of": gettext("No answer from the server. You see this page as of {time}."),
        "choose_item": gettext("Choose an item from the list."),
        "in_bag": gettext("{quantity} {unit} in your bag"),
        "label_unknown": gettext("This label is no material of ours. Search by name instead."),
        "label_unreadable": gettext("No label was found in the picture. Hold the phone closer, or search by name."),
        "newer": gettext("You see this page as of {time}. A newer one has arrived: reload to see it."),
        "open_as_of": gettext("As of {time}"),
        "open_none": gettext("Nothing was open here as of {time}."),
        "open_unknown": gettext("What is open here is not known on this phone."),
        "ready": gettext("Ready for offline: {count} pages, as of {time}"),
        "ready_no_answer": gettext("No answer from the server. What is on the phone stays."),
        "ready_not": gettext("Nothing is ready yet. Keep the app open for a moment while there is a network."),
        "ready_partly": gettext("Being made ready: {count} of {all} pages"),
    }


def _saving() -> dict[str, str]:
    return {
        "already_sent": gettext("This entry has been sent in the meantime. Reload the page to see it."),
        "held_show": gettext("Show late entries"),
        "held_text": gettext("A supervisor decides. Nothing of it is lost, and you will see the decision here."),
        "needs_network": gettext("Signing out needs a connection. Try again when there is one."),
        "not_saved": gettext(
            "This could not be saved on the phone. Nothing is lost: press the button again to send it directly."
        ),
        "saved": gettext("Saved"),
        "saved_waiting": gettext("Saved on this phone"),
        "saved_waiting_text": gettext("It is sent as soon as there is a connection. You can go on."),
        "saving": gettext("Saving…"),
        "sent": gettext("Sent"),
        "sent_not_shown": gettext("Sent. The page could not be loaded again just now."),
        "sign_out_held": gettext(
            "{count} entries have not been sent. If you sign out now, they stay on this phone until you sign in here again."
        ),
        "sign_out_held_one": gettext(
            "One entry has not been sent. If you sign out now, it stays on this phone until you sign in here again."
        ),
        "space_left": gettext("There is little space left on this phone: enough for about {count} more photos."),
        "space_left_one": gettext("There is little space left on this phone: enough for about one more photo."),
        "space_little": gettext("This phone is nearly full"),
        "space_little_text": gettext(
            "There is room for about {count} more photos. Send what waits, save it as a file, or delete pictures or apps you do not need."
        ),
        "space_little_text_one": gettext(
            "There is room for about one more photo. Send what waits, save it as a file, or delete pictures or apps you do not need."
        ),
        "switch_keeps": gettext(
            "{count} entries have not been sent. They stay on this phone, and leave when you are back."
        ),
        "switch_needs_network": gettext("Changing over needs a connection. Try again when there is one."),
        "told_clash": gettext("Sent. Somebody else has changed this job meanwhile"),
        "told_rights": gettext("Sent. Your rights have changed meanwhile"),
        "undo": gettext("Undo"),
        "undo_late": gettext("Too late to undo"),
        "undo_late_text": gettext("It is being sent already. Add a note, or ask your supervisor to send the job back."),
        "undo_text": gettext("Saved on this phone. Touched by mistake? You have 10 seconds."),
        "undone": gettext("Undone. Nothing was sent."),
    }


def _outbox() -> dict[str, str]:
    return {
        "about_other": gettext("Other entries"),
        "about_unknown": gettext("A job on this phone"),
        "decide_below": gettext("Nothing else waits. Please decide about what was not accepted."),
        "decide_first": gettext("What waits belongs to what was not accepted. Decide about that first."),
        "discard": gettext("Discard"),
        "discard_for_good": gettext("Discard for good"),
        "discard_later": gettext("{count} later entries belong to it and may be refused without it."),
        "discard_later_one": gettext("One later entry belongs to it and may be refused without it."),
        "discard_question": gettext("Discard “{label}”? It has not been sent."),
        "discard_really": gettext(
            "It will be gone from this phone and nobody else has it. Your supervisor is told that it was discarded. Really discard it?"
        ),
        "discarded": gettext("Discarded: {label}"),
        "entries_refused": gettext("{count} were not accepted"),
        "entries_refused_one": gettext("One was not accepted"),
        "entries_wait": gettext("{count} entries wait to be sent"),
        "entries_wait_one": gettext("One entry waits to be sent"),
        "halted_down": gettext("No connection to the server. Next try at {time}."),
        "halted_session": gettext("Sign in again to send what waits. Everything is kept on this phone."),
        "held_clash": gettext("Arrived. Somebody else did something different meanwhile; the supervisor decides."),
        "held_rights": gettext("Arrived. Your role has changed meanwhile; the supervisor decides."),
        "held_up": gettext("Waits until you have decided about “{label}”"),
        "import_failed": gettext("The file could not be read"),
        "import_failed_text": gettext("It must be an outbox file that you saved yourself. Nothing was changed."),
        "import_other_text": gettext(
            "Somebody else saved this file. Only that person can take it in, signed in on this phone. Nothing was changed."
        ),
        "imported": gettext("{count} entries taken over from the file"),
        "imported_one": gettext("One entry taken over from the file"),
        "kind_asset": gettext("Equipment"),
        "kind_place": gettext("Place"),
        "no_form": gettext("There is nothing to correct in it. Choose what becomes of it."),
        "no_network": gettext("No network. Everything is kept here and sent by itself later."),
        "note_instead": gettext("Could not be entered as usual: {text}"),
        "note_label": gettext("Note: {label}"),
        "others_wait_one": gettext(
            "One entry of somebody else waits on this phone. It is sent when that person signs in here."
        ),
        "others_wait": gettext(
            "{count} entries of other people wait on this phone. They are sent when those people sign in here."
        ),
    }


def _standing() -> dict[str, str]:
    return {
        "refused": gettext("Not accepted"),
        "refused_photo_missing": gettext("The picture is no longer on this phone."),
        "refused_too_large": gettext("The picture is too large for the server."),
        "refused_unknown": gettext("The server did not accept this (error {status})."),
        "sending": gettext("Sending {number} of {total}"),
        "sending_what": gettext("{label} · {size} left"),
        "sent_by_itself": gettext("It is sent by itself, in order."),
        "state_accepted": gettext("In progress"),
        "state_cancelled": gettext("Cancelled"),
        "state_finished": gettext("To be verified"),
        "state_not_sent": gettext("{state}, not sent yet"),
        "state_on_hold": gettext("On hold"),
        "state_open": gettext("Open"),
        "state_refused": gettext("Not accepted"),
        "state_verified": gettext("Verified"),
        "state_waiting": gettext("Waiting to be sent"),
        "storage_full": gettext("This phone has no space left"),
        "storage_full_text": gettext(
            "This was not saved; the form stays as it is. Send what waits, or save it as a file and remove it, or delete pictures and apps. Then try again."
        ),
    }


def _scanner() -> dict[str, str]:
    return {
        "count_bin": gettext("Bin {name}: what you scan or search now is counted here."),
        "count_other_store": gettext("This label hangs in another store. You are not counting there."),
        "scan_clear": gettext("Remove all"),
        "scan_clear_question": gettext("Remove all {count} tags from this list? They are only on this phone."),
        "scan_clear_question_one": gettext("Remove the tag from this list? It is only on this phone."),
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
