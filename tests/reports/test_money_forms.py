"""Every change of points and costs has its form, and the form goes through the outbox."""

from tests.guards.test_offline import endpoints
from tests.support.money import MONEY_CHANGES, money_pages


def test_every_change_has_a_form_of_the_outbox(app, world, sign_in):
    pages = money_pages(app, world, sign_in)
    assert {endpoint for page in pages for endpoint in endpoints(app, page, offline=True)} >= MONEY_CHANGES.keys()
    assert not {endpoint for page in pages for endpoint in endpoints(app, page, offline=False)} & MONEY_CHANGES.keys()
