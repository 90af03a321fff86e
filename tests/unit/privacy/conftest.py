"""Fixtures of the tests of what is known of a member."""

import pytest


@pytest.fixture
def boss(shop):
    """The operator who is asked."""
    return shop.make_user("boss", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def ada(shop):
    """A member without any term."""
    return shop.make_user("ada", first_name="Ada", last_name="Martin")
