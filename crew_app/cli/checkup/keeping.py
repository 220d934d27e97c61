"""What must be kept and must get out: photos, the bucket, backups, certificates, the worker, notices."""

import hashlib
import socket
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from sqlalchemy import func, select

from crew_app.backups.making import BEAT
from crew_app.backups.manifest import SUFFIX, listed
from crew_app.backups.pictures import NEEDED
from crew_app.cli.checkup.findings import Health, Patient, Said, fail, fine, warn
from crew_app.connections.models import SendState, WebhookMessage
from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Unavailable
from crew_app.evidence.models import Photo
from crew_app.evidence.spool import SpooledStore
from crew_app.evidence.store import Store
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.rules import Stand

SAMPLE = 100
LATE_BACKUP, NO_BACKUP = timedelta(hours=26), timedelta(hours=50)
LATE_SPOOL, STUCK_SPOOL = timedelta(minutes=10), timedelta(hours=1)
SOON, VERY_SOON = timedelta(days=30), timedelta(days=7)
LATELY, WAITING = timedelta(days=1), timedelta(minutes=30)
_PROBE = "original/" + "0" * 64
_RESTORE = (
    "Bring the newest backup back into an empty folder (`crew restore BACKUPS --to FOLDER`), copy from its photos/."
)


def worker(_patient: Patient) -> Said:
    """Who makes rounds, escalates and sends notices."""
    found, at = heartbeat.last_beat(), now()
    step = "Look at `systemctl status crew` and its log; with CREW_SCHEDULER=0 start `crew worker` as well."
    if found is None:
        yield fail("The worker was never heard of: rounds, escalations and notices stand still.", step)
    elif found.at > at + heartbeat.SILENT:
        words = (
            f"The worker was heard of at {found.at:%Y-%m-%d %H:%M} UTC, which is in the future: a clock was set back."
        )
        yield fail(words, "Let NTP keep the clock; the worker begins again within minutes.")
    elif heartbeat.silent(found, at):
        yield fail(f"The worker is silent since {found.at:%Y-%m-%d %H:%M} UTC ({found.where}).", step)
    else:
        yield fine(f"The worker is alive ({found.where}).")


def photos(patient: Patient) -> Said:
    """Whether the photos that the database names are there, and are what they were."""
    store: Store = patient.app.extensions["crew_store"]
    query = select(Photo.sha256).where(Photo.stored_at.is_not(None), Photo.removed_at.is_(None))
    if not patient.deep:
        query = query.order_by(func.random()).limit(SAMPLE)
    wrong: list[str] = []
    seen = 0
    for sha256 in session.scalars(query.execution_options(yield_per=500)):
        seen += 1
        why = _wrong(store, sha256, ask_bucket=patient.deep)
        if why:
            wrong.append(why)
    extent = f"{seen} photos" if patient.deep else f"a sample of {seen} photos"
    if wrong:
        yield fail(f"{len(wrong)} of {extent} are not right: {'; '.join(wrong[:5])}.", _RESTORE)
    else:
        yield fine(f"{extent[0].upper()}{extent[1:]} are there and right.")


def _wrong(store: Store, sha256: str, *, ask_bucket: bool) -> str:
    """What is wrong with a photo. One in a bucket is fetched by a deep look only."""
    keys = [f"{size}/{sha256}" for size in NEEDED]
    if isinstance(store, SpooledStore) and not ask_bucket and not store.near(keys[0]):
        return ""
    try:
        if hashlib.sha256(store.get(keys[0])).hexdigest() != sha256:
            return f"{keys[0]} is damaged"
        gone = next((key for key in keys[1:] if not store.has(key)), "")
    except FileNotFoundError:
        return f"{keys[0]} is missing"
    except (OSError, Unavailable) as error:
        return f"{keys[0]} cannot be read ({error})"
    return f"{gone} is missing" if gone else ""


def bucket(patient: Patient) -> Said:
    """The bucket, and what waits for it."""
    store: Store = patient.app.extensions["crew_store"]
    if not isinstance(store, SpooledStore):
        return
    step = "Look at S3_ENDPOINT, keys and the store itself; photos are safe on this disk as long as it has room."
    try:
        store.s3.has(_PROBE)
        yield fine("The bucket answers.")
    except Unavailable as error:
        yield fail(f"The bucket does not answer: {getattr(error, 'why', error)}", step)
    waits = store.waits()
    age = now() - waits.since if waits and waits.since else timedelta(0)
    words = (
        f"{waits.files if waits else 0} files wait for the bucket, the oldest for {age.total_seconds() / 60:.0f} min."
    )
    if age > STUCK_SPOOL:
        yield fail(words, f"{step} `crew store drain` tries at once and says what is wrong.")
    else:
        yield warn(words, step) if age > LATE_SPOOL else fine(words)


def backups(patient: Patient) -> Said:
    """How old the newest backup is."""
    step = "Let a timer run `crew backup FOLDER --keep 14` every night (docs/operations.md, Back up)."
    if patient.backups:
        found = listed(patient.backups) if patient.backups.is_dir() else []
        at, where = (_moment(found[-1]), str(found[-1])) if found else (None, str(patient.backups))
    else:
        beat = heartbeat.last_beat(BEAT)
        at, where = (beat.at, beat.where) if beat else (None, "")
    if at is None:
        yield fail(f"There is no backup{f' in {where}' if where else ''}.", step)
        return
    if where.endswith(SUFFIX) and _same_disk(Path(where).parent, patient.settings.data):
        elsewhere = "Put backups on another disk, better on another machine: this disk takes both with it."
        yield warn(f"The backups are on the disk of the data ({where}).", elsewhere)
    age = now() - at
    words = f"The last backup is {age.total_seconds() / 3600:.0f} hours old ({where})."
    if age > NO_BACKUP:
        yield fail(words, f"Look why it stopped (`systemctl list-timers`, its log). {step}")
    elif age > LATE_BACKUP:
        yield warn(words, f"Look why the last one is late. {step}")
    elif where.endswith(SUFFIX) and not Path(where).exists():
        yield warn(
            f"{words} It cannot be seen from here.", "Mount the folder of the backups, and `crew restore --check`."
        )
    else:
        yield fine(words)


def _same_disk(folder: Path, data: Path) -> bool:
    return folder.exists() and folder.stat().st_dev == data.stat().st_dev


def _moment(path: Path) -> datetime:
    stamp = path.name.removesuffix(SUFFIX)
    return datetime.strptime(stamp, "%Y-%m-%dT%H-%M-%S.%fZ").replace(tzinfo=UTC)


def certificate(patient: Patient) -> Said:
    """How long the certificate that phones see is good."""
    settings, own = patient.settings, patient.settings.data / "certificate" / "server.pem"
    url = urlsplit(settings.public_url or "")
    if settings.own_https or (own.exists() and url.scheme != "https"):
        if own.exists():
            yield _days_left(x509.load_pem_x509_certificate(own.read_bytes()), f"Delete {own.parent} and start again.")
    elif url.scheme == "https" and url.hostname:
        step = "Renew it where HTTPS ends (the proxy); an automatic renewal may have stopped."
        try:
            yield _days_left(_served(url.hostname, url.port or 443), step)
        except OSError as error:
            words = f"{settings.public_url} cannot be asked for its certificate from here ({error})."
            yield warn(words, "See from a phone whether it opens; else look at the proxy.")


def _served(host: str, port: int) -> x509.Certificate:
    """The certificate that is shown, whoever vouches for it: the house's own authority is not known here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    line = socket.create_connection((host, port), timeout=5)
    with line, context.wrap_socket(line, server_hostname=host) as secure:
        shown = secure.getpeercert(binary_form=True)
    return x509.load_der_x509_certificate(shown or b"")


def _days_left(found: x509.Certificate, step: str) -> tuple[Health, str, str]:
    left = found.not_valid_after_utc - now()
    words = f"The certificate is good until {found.not_valid_after_utc:%Y-%m-%d}."
    if left < VERY_SOON:
        return fail(words, step)
    return warn(words, step) if left < SOON else fine(words)


def notices(_patient: Patient) -> Said:
    """What did not get out lately, by way."""
    since = now() - LATELY
    lost = select(NoticeDelivery.channel, func.count()).where(
        NoticeDelivery.stand == Stand.DEAD, NoticeDelivery.done_at > since
    )
    failed = {str(channel): many for channel, many in session.execute(lost.group_by(NoticeDelivery.channel))}
    late = NoticeDelivery.stand == Stand.WAITING, NoticeDelivery.due_at < now() - WAITING
    waiting = session.scalar(select(func.count()).select_from(NoticeDelivery).where(*late)) or 0
    yield from _sent(
        "Notices", failed, waiting, "More › Chat groups and deliveries › Not delivered says why each failed."
    )


def webhooks(_patient: Patient) -> Said:
    """The same for other systems."""
    of = select(func.count()).select_from(WebhookMessage)
    given_up = WebhookMessage.state == SendState.GIVEN_UP, WebhookMessage.made_at > now() - 3 * LATELY
    late = WebhookMessage.state == SendState.WAITING, WebhookMessage.made_at < now() - WAITING
    failed, waiting = session.scalar(of.where(*given_up)) or 0, session.scalar(of.where(*late)) or 0
    where = "More › Office › Other systems says what they answered."
    yield from _sent("Webhooks", {"messages": failed} if failed else {}, waiting, where)


def _sent(what: str, failed: dict[str, int], waiting: int, where: str) -> Iterable[tuple[Health, str, str]]:
    if failed:
        many = ", ".join(f"{name} {count}" for name, count in sorted(failed.items()))
        yield warn(f"{what} given up lately: {many}.", f"{where} Mail: SMTP_URL; phones: a way out on port 443.")
    if waiting:
        words = f"{what}: {waiting} wait for more than {WAITING.seconds // 60} minutes."
        yield warn(words, f"Is the worker alive? {where}")
    if not failed and not waiting:
        yield fine(f"{what} get out.")
