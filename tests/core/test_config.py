"""Settings: nonsense is refused, and the refusal names the setting."""

import stat
from datetime import timedelta

import pytest

from crew_app.config import WEAKEST_KEY, BadSetting, read_settings

GOOD_KEY = "0123456789abcdef" * 2


def read(tmp_path, **environ):
    return read_settings({"CREW_DATA": str(tmp_path), **environ})


def test_an_empty_environment_is_a_complete_installation_in_one_folder(tmp_path):
    settings = read(tmp_path / "new")
    assert settings.data == (tmp_path / "new").resolve()
    assert settings.database_url == f"sqlite:///{settings.data / 'crew.db'}"
    assert settings.photo_store == settings.data / "photos"
    assert not settings.demo
    assert not settings.https


def test_the_key_is_made_once_kept_and_readable_by_nobody_else(tmp_path):
    first = read(tmp_path)
    file = tmp_path / "secret_key"
    assert len(first.secret_key) >= WEAKEST_KEY
    assert read(tmp_path).secret_key == first.secret_key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["", "secret", "a" * 64, "x" * (WEAKEST_KEY - 1), "abcd" * 16])
def test_a_weak_key_is_refused(tmp_path, key):
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        read(tmp_path, SECRET_KEY=key)


def test_a_good_key_is_taken(tmp_path):
    assert read(tmp_path, SECRET_KEY=GOOD_KEY).secret_key == GOOD_KEY


@pytest.mark.parametrize("url", ["mysql://localhost/crew", "crew.db", "sqlite://", "://", "postgresql"])
def test_a_database_we_do_not_know_is_refused(tmp_path, url):
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        read(tmp_path, DATABASE_URL=url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg(tmp_path, scheme):
    assert read(tmp_path, DATABASE_URL=f"{scheme}://u:p@db/crew").database_url == "postgresql+psycopg://u:p@db/crew"


@pytest.mark.parametrize("url", ["crew.example.org", "ftp://crew.example.org", "https://", "https://a.org/crew"])
def test_a_public_address_that_no_tag_could_carry_is_refused(tmp_path, url):
    with pytest.raises(BadSetting, match="PUBLIC_URL"):
        read(tmp_path, PUBLIC_URL=url)


def test_a_public_address_is_kept_without_its_slash(tmp_path):
    settings = read(tmp_path, PUBLIC_URL="https://crew.example.org/")
    assert settings.public_url == "https://crew.example.org"
    assert settings.https


@pytest.mark.parametrize("number", ["-1", "11", "two", "1.0", "⁷", "1e1"])
def test_a_number_of_proxies_that_cannot_be_meant_is_refused(tmp_path, number):
    with pytest.raises(BadSetting, match="TRUSTED_PROXIES"):
        read(tmp_path, TRUSTED_PROXIES=number)


def test_a_number_of_proxies_is_read(tmp_path):
    assert read(tmp_path, TRUSTED_PROXIES="2").trusted_proxies == 2


@pytest.mark.parametrize(("text", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)])
def test_the_demo_is_on_or_off(tmp_path, text, meant):
    assert read(tmp_path, CREW_DEMO=text).demo is meant


def test_a_demo_that_is_maybe_on_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="CREW_DEMO"):
        read(tmp_path, CREW_DEMO="perhaps")


def test_photos_may_lie_elsewhere(tmp_path):
    assert read(tmp_path, PHOTO_STORE=str(tmp_path / "elsewhere")).photo_store == (tmp_path / "elsewhere").resolve()


BUCKET = {"PHOTO_STORE": "s3://crew/photos", "S3_KEY_ID": "AKIA", "S3_SECRET": "hush"}


def test_photos_may_be_in_a_bucket_and_then_wait_in_a_spool(tmp_path):
    settings = read(tmp_path, **BUCKET, S3_ENDPOINT="https://s3.example.org/")
    assert (settings.bucket.name, settings.bucket.prefix) == ("crew", "photos")
    assert settings.bucket.endpoint == "https://s3.example.org"
    assert settings.photo_store == settings.data / "spool"
    assert "hush" not in repr(settings)
    assert "AKIA" not in repr(settings)


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("from a file\n".replace(" ", "-"))
    settings = read(tmp_path, **BUCKET | {"S3_SECRET": "", "S3_SECRET_FILE": str(tmp_path / "secret")})
    assert settings.bucket.secret == "from-a-file"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHOTO_STORE", "s3://"),
        ("PHOTO_STORE", "s3://A_B/x"),
        ("PHOTO_STORE", "s3://crew/../other"),
        ("PHOTO_STORE", "ftp://crew"),
        ("S3_ENDPOINT", "s3.example.org"),
        ("S3_ENDPOINT", "https://key:secret@s3.example.org"),
        ("S3_ENDPOINT", "https://s3.example.org/path"),
        ("S3_REGION", "eu west"),
        ("S3_KEY_ID", ""),
        ("S3_SECRET", "two words"),
        ("S3_SECRET_FILE", "nowhere"),
        ("PHOTO_CACHE_MB", "-1"),
    ],
)
def test_a_bucket_that_cannot_be_meant_is_refused_without_saying_secrets(tmp_path, name, value):
    with pytest.raises(BadSetting, match=name) as refusal:
        read(tmp_path, **BUCKET | {name: value})
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(("text", "minutes"), [("", 120), ("0", 0), ("45", 45), ("2880", 2880)])
def test_the_grace_for_phones_is_given_in_minutes(tmp_path, text, minutes):
    assert read(tmp_path, PHONE_GRACE_MINUTES=text).phone_grace == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["-1", "2881", "2h", "1.5"])
def test_a_grace_that_cannot_be_meant_is_refused(tmp_path, text):
    with pytest.raises(BadSetting, match="PHONE_GRACE_MINUTES"):
        read(tmp_path, PHONE_GRACE_MINUTES=text)


ACCOUNTS = {"OIDC_ISSUER": "https://accounts.example.org/realms/a", "OIDC_CLIENT_ID": "crew", "OIDC_CLIENT_SECRET": "s"}
CORPORATION = {"WECOM_CORP_ID": "ww1", "WECOM_AGENT_ID": "1000002", "WECOM_SECRET": "s"}


def test_accounts_of_the_hospital_are_connected_by_settings(tmp_path):
    settings = read(tmp_path, **ACCOUNTS, **CORPORATION, SIGN_IN_FIRST="account", ACCOUNTS_SECOND_FACTOR="provider")
    assert settings.oidc
    assert settings.oidc.issuer == ACCOUNTS["OIDC_ISSUER"]
    assert settings.wecom
    assert settings.account_first
    assert settings.provider_is_second_factor
    assert "'s'" not in repr(settings)
    bare = read(tmp_path)
    assert (bare.oidc, bare.wecom, bare.account_first) == (None, None, False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "http://accounts.example.org"),
        ("OIDC_ISSUER", "accounts.example.org"),
        ("OIDC_ISSUER", "https://user:pw@accounts.example.org"),
        ("OIDC_ISSUER", "https://accounts.example.org?x=1"),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_CLIENT_SECRET", ""),
        ("OIDC_SCOPES", "profile"),
        ("OIDC_STAFF_CLAIM", "two words"),
        ("OIDC_CREATE", "perhaps"),
        ("OIDC_CA_FILE", "/nowhere/at/all.pem"),
        ("WECOM_AGENT_ID", ""),
        ("WECOM_BASE", "ftp://wecom.example.org"),
        ("SIGN_IN_FIRST", "both"),
        ("ACCOUNTS_SECOND_FACTOR", "none"),
    ],
)
def test_accounts_that_cannot_be_meant_are_refused_by_name(tmp_path, name, value):
    with pytest.raises(BadSetting, match=name):
        read(tmp_path, **{**ACCOUNTS, **CORPORATION, name: value})


def test_a_provider_without_encryption_must_be_named_as_one_of_the_house(tmp_path):
    plain = ACCOUNTS | {"OIDC_ISSUER": "http://accounts.example.org"}
    assert read(tmp_path, **plain, OUTSIDE_HOSTS_ALLOWED="accounts.example.org").oidc
