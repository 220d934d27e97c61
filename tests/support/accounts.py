"""Signing in with accounts of a provider, as a browser does: out, and back with whatever it was given."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from crew_app.config import Oidc, Settings, WeCom
from crew_app.core.db import session, write_transaction
from crew_app.people.identity_models import AccountRule, Provider
from crew_app.people.models import Person
from crew_app.people.rules import Role
from tests.support import provider as providers
from tests.support import wecom as wecoms
from tests.support.client import CrewClient
from tests.support.provider import CLIENT, SECRET, OidcProvider
from tests.support.wecom import WeComHouse


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The browser of the test follows by itself."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    """A provider that runs; `hua` has an account there."""
    with providers.running() as found:
        found.people["u-1"] = {"preferred_username": "hua", "name": "华医生", "staff": "S-100", "groups": ["crew"]}
        found.signed_in = "u-1"
        yield found


@pytest.fixture
def wecom_house() -> Iterator[WeComHouse]:
    """A WeCom that runs; its member W-7 is a technician."""
    with wecoms.running() as found:
        found.members["W-7"] = {"name": "王工", "department": [3, 12], "position": "电工"}
        yield found


@pytest.fixture
def settings(settings: Settings, provider: OidcProvider, wecom_house: WeComHouse) -> Settings:
    """An installation with both connected."""
    oidc = Oidc(provider.url, CLIENT, SECRET, name="医院统一认证", staff_claim="staff", create=False)
    wecom = WeCom(wecoms.CORP, wecoms.AGENT, wecoms.SECRET, wecom_house.url)
    return replace(settings, oidc=oidc, wecom=wecom, public_url="http://localhost")


def changed(app: Flask, **values: Any) -> None:
    """Other settings of the provider, for an application that has not asked it yet."""
    settings: Settings = app.config["SETTINGS"]
    assert settings.oidc
    app.config["SETTINGS"] = replace(settings, oidc=replace(settings.oidc, **values))
    app.extensions.pop("crew_oidc", None)


def go(client: CrewClient, path: str = "/login/oidc") -> str:
    """To the provider and on to where it sends the browser; that address, without its host."""
    response = client.get(path)
    assert response.status_code == 302, response.get_data(as_text=True)
    return followed(response.headers["Location"])


def followed(address: str) -> str:
    """What the provider's page leads to."""
    with pytest.raises(urllib.error.HTTPError) as stopped:
        urllib.request.build_opener(NoRedirects).open(address, timeout=10)
    with stopped.value as answer:
        parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def come(client: CrewClient, path: str = "/login/oidc") -> TestResponse:
    """All the way."""
    return client.get(go(client, path))


def number(app: Flask, person_id: UUID, value: str) -> None:
    """Give somebody a staff number."""
    with app.app_context(), write_transaction():
        session.get_one(Person, person_id).staff_number = value


def rule(
    app: Flask, site_id: UUID, role: Role, value: str, claim: str = "groups", of: Provider = Provider.OIDC
) -> None:
    """Who has this value in this claim has this role."""
    with app.app_context(), write_transaction():
        session.add(AccountRule(provider=of, claim=claim, value=value, site_id=site_id, role=role))
