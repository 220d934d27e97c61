"""Settings from the environment, read through small typed readers that refuse nonsense by name."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crew_app.config_readers import BadSetting, one_of, secret, whole_number, yes_or_no
from crew_app.config_watching import Watching, read_watching

__all__ = ["BadSetting", "Bucket", "Oidc", "Settings", "WeCom", "read_settings"]
from crew_app.profiles import STANDARD, BadValue, Profile, read_profile

_S3 = "s3://"
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9._/-]{0,200}")
_REGION = re.compile(r"[A-Za-z0-9-]{1,40}")
_CLAIM = re.compile(r"[\x21-\x7e]{1,200}")
LONGEST_ISSUER = 200
WEAKEST_KEY = 32
"""Characters a SECRET_KEY needs: 128 bits in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where photos stay when that is a store which speaks S3."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key_id: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Oidc:
    """The hospital's own accounts, kept by a provider that speaks OpenID Connect."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name: str = ""
    """What its button says."""
    staff_claim: str = ""
    """The claim with the staff number; without it nobody is recognised by that."""
    scopes: str = "openid profile"
    create: bool = False
    """Whether a rule may make somebody who is not here yet."""
    userinfo: bool = False
    """Whether the provider says the claims only when it is asked for them."""
    ca_file: str = ""
    """The certificates of the house that vouch for the provider's."""


@dataclass(frozen=True, slots=True)
class WeCom:
    """The hospital's WeCom (企业微信), and the application in it."""

    corp_id: str
    agent_id: str
    secret: str = field(repr=False)
    base: str = ""
    """Where it is when it is not Tencent's own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    data: Path
    database_url: str = field(repr=False)
    photo_store: Path
    """The folder of the photos; with a bucket the folder where they wait for it."""
    secret_key: str = field(repr=False)
    bucket: Bucket | None = None
    photo_cache: int = 512 << 20
    """Bytes of shown copies that are kept here when the photos themselves are in a bucket."""
    public_url: str | None = None
    trusted_proxies: int = 0
    demo: bool = False
    own_https: bool = False
    phone_grace: timedelta = timedelta(hours=2)
    rounds_horizon: timedelta = timedelta(hours=36)
    """So long before they open the runs of plans are made."""
    scheduler: bool = False
    """Whether a server process does the worker's work itself; `crew serve` says so."""
    smtp_url: str = field(default="", repr=False)
    """The mail server, if there is one."""
    mail_from: str = ""
    audit_heads_to: tuple[str, ...] = ()
    """Addresses that get the heads of the audit chain by e-mail every day."""
    outside_hosts: frozenset[str] = frozenset()
    """Hosts of the house that notices and webhooks may be sent to, wherever they are."""
    api_per_minute: int = 600
    """Requests a token may make in a minute, in each server process."""
    oidc: Oidc | None = None
    wecom: WeCom | None = None
    account_first: bool = False
    """Whether the sign-in page shows the hospital's accounts above the password."""
    provider_is_second_factor: bool = False
    """Whether signing in with the hospital's accounts counts as both factors."""
    wait_for_bucket: bool = False
    """Whether a photo counts as safe only when the bucket has it: this machine may be lost with its disk."""
    watching: Watching = field(default_factory=Watching)
    profile: Profile = STANDARD
    trusted_hosts: frozenset[str] = frozenset()
    """Names under which browsers may ask for this installation, beside that of `public_url` and this machine's."""

    @property
    def https(self) -> bool:
        """Whether people reach this installation over HTTPS only."""
        return self.own_https or (self.public_url or "").startswith("https://")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; `BadSetting` names what is wrong. The data folder and the key are made when missing."""
    env = os.environ if environ is None else environ
    data = Path(env.get("CREW_DATA") or "data").expanduser().resolve()
    data.mkdir(parents=True, exist_ok=True)
    return Settings(
        data=data,
        database_url=_database_url(env, data),
        photo_store=_photo_folder(env, data),
        bucket=_bucket(env),
        photo_cache=whole_number(env, "PHOTO_CACHE_MB", 512, most=1 << 20) << 20,
        secret_key=_secret_key(env, data),
        public_url=_public_url(env),
        trusted_proxies=whole_number(env, "TRUSTED_PROXIES", 0, most=10),
        demo=yes_or_no(env, "CREW_DEMO"),
        own_https=yes_or_no(env, "CREW_HTTPS"),
        phone_grace=timedelta(minutes=whole_number(env, "PHONE_GRACE_MINUTES", 120, most=2880)),
        rounds_horizon=timedelta(hours=whole_number(env, "ROUNDS_HORIZON_HOURS", 36, most=336)),
        scheduler=yes_or_no(env, "CREW_SCHEDULER"),
        smtp_url=_smtp_url(env),
        mail_from=_mail_from(env),
        audit_heads_to=_heads_to(env),
        outside_hosts=_hosts(env, "OUTSIDE_HOSTS_ALLOWED"),
        api_per_minute=max(1, whole_number(env, "API_PER_MINUTE", 600, most=100_000)),
        oidc=_oidc(env),
        wecom=_wecom(env),
        account_first=one_of(env, "SIGN_IN_FIRST", "password", "account"),
        provider_is_second_factor=one_of(env, "ACCOUNTS_SECOND_FACTOR", "here", "provider"),
        wait_for_bucket=one_of(env, "PHOTO_SAFE", "here", "bucket"),
        watching=read_watching(env),
        profile=_profile(env),
        trusted_hosts=_hosts(env, "TRUSTED_HOSTS"),
    )


def _database_url(env: Mapping[str, str], data: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{data / 'crew.db'}"
    scheme, _, rest = url.partition("://")
    if rest and scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    if not rest or scheme not in ("sqlite", "postgresql+psycopg"):
        raise BadSetting("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return url


def _photo_folder(env: Mapping[str, str], data: Path) -> Path:
    where = env.get("PHOTO_STORE") or str(data / "photos")
    if "://" in where and not where.startswith(_S3):
        raise BadSetting("PHOTO_STORE must be a folder or s3://bucket/prefix")
    return (data / "spool" if where.startswith(_S3) else Path(where)).expanduser().resolve()


def _bucket(env: Mapping[str, str]) -> Bucket | None:
    where = env.get("PHOTO_STORE") or ""
    if not where.startswith(_S3):
        return None
    name, _, prefix = where.removeprefix(_S3).partition("/")
    if not _BUCKET_NAME.fullmatch(name) or not _PREFIX.fullmatch(prefix) or ".." in prefix:
        raise BadSetting("PHOTO_STORE must look like s3://bucket or s3://bucket/prefix")
    region = env.get("S3_REGION") or "us-east-1"
    if not _REGION.fullmatch(region):
        raise BadSetting("S3_REGION must be the name of a region, like us-east-1")
    key_id, key = (secret(env, name, "PHOTO_STORE=s3://…") for name in ("S3_KEY_ID", "S3_SECRET"))
    return Bucket(name, prefix.strip("/"), _endpoint(env), region, key_id, key)


def _endpoint(env: Mapping[str, str]) -> str:
    url = env.get("S3_ENDPOINT") or ""
    parts = urlsplit(url)
    wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query
    if url and (wrong or parts.path.strip("/")):
        raise BadSetting("S3_ENDPOINT must look like https://s3.example.org, without a path or a key")
    return url.rstrip("/")


def _secret_key(env: Mapping[str, str], data: Path) -> str:
    key = env.get("SECRET_KEY")
    if key is None:
        return _kept_key(data / "secret_key")
    if len(key) < WEAKEST_KEY or len(set(key)) < WEAKEST_KEY // 4:
        raise BadSetting(f"SECRET_KEY is too weak: it needs {WEAKEST_KEY} random characters")
    return key


def _kept_key(path: Path) -> str:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _public_url(env: Mapping[str, str]) -> str | None:
    url = env.get("PUBLIC_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise BadSetting("PUBLIC_URL must look like https://crew.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _smtp_url(env: Mapping[str, str]) -> str:
    url = env.get("SMTP_URL") or ""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("smtp", "smtp+tls", "smtps") or not parts.hostname):
        raise BadSetting("SMTP_URL must look like smtp://user:password@mail.example.org:587, or begin with smtps://")
    return url


def _mail_from(env: Mapping[str, str]) -> str:
    text = (env.get("MAIL_FROM") or "").strip()
    name, _, host = text.rpartition("@")
    if (env.get("SMTP_URL") and not text) or (text and not (name and host and text.isprintable())):
        raise BadSetting("MAIL_FROM must be the address that e-mails come from, like crew@example.org")
    return text


def _heads_to(env: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(one.strip() for one in (env.get("AUDIT_HEADS_TO") or "").split(",") if one.strip())
    if any(one.count("@") != 1 or one.strip("@") != one or " " in one or not one.isprintable() for one in found):
        raise BadSetting("AUDIT_HEADS_TO must be e-mail addresses with commas between them")
    if found and not env.get("SMTP_URL"):
        raise BadSetting("AUDIT_HEADS_TO needs a mail server: SMTP_URL")
    return found


def _profile(env: Mapping[str, str]) -> Profile:
    try:
        return read_profile(env)
    except BadValue as error:
        raise BadSetting(str(error)) from error


def _hosts(env: Mapping[str, str], name: str) -> frozenset[str]:
    hosts = frozenset(host.strip().lower() for host in (env.get(name) or "").split(",") if host.strip())
    if any("/" in host or " " in host or "*" in host for host in hosts):
        raise BadSetting(f"{name} must be names or addresses of hosts with commas between them")
    return hosts


def _oidc(env: Mapping[str, str]) -> Oidc | None:
    issuer = (env.get("OIDC_ISSUER") or "").rstrip("/")
    if not issuer:
        return None
    ca_file = env.get("OIDC_CA_FILE") or ""
    if ca_file and not Path(ca_file).is_file():
        raise BadSetting("OIDC_CA_FILE must be a file with certificates")
    scopes = (env.get("OIDC_SCOPES") or "openid profile").split()
    if "openid" not in scopes or not all(map(_CLAIM.fullmatch, scopes)):
        raise BadSetting("OIDC_SCOPES must be words with spaces between them, openid among them")
    return Oidc(
        issuer=_service(env, "OIDC_ISSUER", issuer),
        client_id=_word(env, "OIDC_CLIENT_ID", "OIDC_ISSUER"),
        secret=secret(env, "OIDC_CLIENT_SECRET", "OIDC_ISSUER"),
        name=(env.get("OIDC_NAME") or "").strip()[:40],
        staff_claim=_word(env, "OIDC_STAFF_CLAIM", ""),
        scopes=" ".join(scopes),
        create=yes_or_no(env, "OIDC_CREATE"),
        userinfo=yes_or_no(env, "OIDC_USERINFO"),
        ca_file=ca_file,
    )


def _wecom(env: Mapping[str, str]) -> WeCom | None:
    if not env.get("WECOM_CORP_ID"):
        return None
    base = (env.get("WECOM_BASE") or "").rstrip("/")
    corp, agent = (_word(env, name, "WECOM_CORP_ID") for name in ("WECOM_CORP_ID", "WECOM_AGENT_ID"))
    key = secret(env, "WECOM_SECRET", "WECOM_CORP_ID")
    return WeCom(corp, agent, key, _service(env, "WECOM_BASE", base) if base else "")


def _service(env: Mapping[str, str], name: str, url: str) -> str:
    """An address of the house; without encryption only where that was said, or on this machine."""
    parts = urlsplit(url)
    open_ones = _hosts(env, "OUTSIDE_HOSTS_ALLOWED") | {"localhost", "127.0.0.1", "::1"}
    plain = parts.scheme == "http" and (parts.hostname or "") in open_ones
    if not parts.hostname or parts.username or parts.query or parts.fragment or len(url) > LONGEST_ISSUER:
        raise BadSetting(f"{name} must look like https://accounts.example.org, without a log-in name or a query")
    if parts.scheme != "https" and not plain:
        raise BadSetting(f"{name} must begin with https://, or its host must stand in OUTSIDE_HOSTS_ALLOWED")
    return url


def _word(env: Mapping[str, str], name: str, needed_with: str) -> str:
    text = (env.get(name) or "").strip()
    if (needed_with and not text) or (text and not _CLAIM.fullmatch(text)):
        raise BadSetting(f"{name} must be one word" + (f", and be given with {needed_with}" if needed_with else ""))
    return text
