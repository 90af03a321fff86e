"""Fixtures of the order page's tests."""

import pytest

from tests.functional import pages


@pytest.fixture
def chosen(shop, member, client):
    """A member with the plan in the basket."""
    pages.add_to_basket(client, shop.plan.product)
    return member
