"""What is sealed in the audit chain: receipts, events of jobs, photos as they were announced, visits, the ledger."""

from datetime import datetime

from crew_app.config import Settings
from crew_app.core import chain
from crew_app.core.chain_checks import adopt, all_closed
from crew_app.core.changes import Change
from crew_app.core.db import Base, write_transaction
from crew_app.core.receipts import Receipt
from crew_app.core.removals import Removal
from crew_app.evidence.models import Photo
from crew_app.rounds.models import Answer, Visit
from crew_app.stock.models import Entry
from crew_app.sync.models import Discard
from crew_app.tickets.models import TicketEvent

_CLOCKS = "at device_at received_at offset_ms clock_suspect receipt_key"
_RECEIPT = "key site_id person_id fingerprint status location device_at received_at offset_ms"
_EVENT = f"id site_id ticket_id position verb from_state to_state person_id note hold_reason {_CLOCKS}"
_PHOTO = "id site_id person_id sha256 byte_size source taken_at at received_at"
_PHOTO_2 = f"{_PHOTO} code place_id copy_of_id challenge_id challenged_at shape"
_SEEN = "how tag_code scanned_at frame_hash frame_id challenge_answer latitude longitude accuracy"
_VISIT = f"id site_id run_id stop_id person_id device_id skipped reason note {_SEEN} {_CLOCKS}"
_ANSWER = "id site_id visit_id position check_key kind subject_id number value outcome note at"
_REMOVAL = "id site_id kind subject what content_before content_after reason person_id at"
_CHANGE = "id site_id kind subject_id name field before after person_id how at"
_DISCARD = f"id site_id person_id ticket_id discarded_key sha256 label url size photos made_at {_CLOCKS}"
COVERED: tuple[tuple[str, type[Base], str, str], ...] = (
    ("receipt", Receipt, "key", _RECEIPT),
    ("event", TicketEvent, "id", _EVENT),
    ("photo", Photo, "id", _PHOTO),
    ("photo2", Photo, "id", _PHOTO_2),
    ("visit", Visit, "id", _VISIT),
    ("answer", Answer, "id", _ANSWER),
    ("ledger", Entry, "posting_id", "site_id position posting_id posted_at hash"),
    ("removal", Removal, "id", _REMOVAL),
    ("discard", Discard, "id", _DISCARD),
    ("change", Change, "id", _CHANGE),
)
"""Kind, model, key and columns. What the server learns of a photo later follows from the announced fingerprint."""
AT_ONCE = 500
MOST_BATCHES = 200


def start() -> None:
    """Cover them; called at every start."""
    for kind, model, key, columns in COVERED:
        chain.cover(kind, model, columns, key=key)
    chain.start()


def seal_what_was_there(_settings: Settings, at: datetime) -> int:
    """For the worker: rows from before the chain get their places, a batch a transaction; how many."""
    if all_closed():
        return 0
    sealed = 0
    for _ in range(MOST_BATCHES):
        with write_transaction():
            batch = adopt(at, AT_ONCE)
        sealed += batch
        if not batch:
            break
    return sealed
