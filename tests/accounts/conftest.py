"""An installation with both providers connected, for the tests of this folder alone."""

from tests.support.accounts import provider, settings, wecom_house

__all__ = ("provider", "settings", "wecom_house")
