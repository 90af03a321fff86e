"""What two e-mails to a member tell of, for the tests of the outbox and of what sends it."""

import pytest
from oscar.core.loading import get_model


@pytest.fixture
def facts(shop, time_machine):
    """What the two e-mails to a member tell of."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    user = shop.make_user(first_name="Ada")
    return {"order": shop.make_order(user).pk, "term": shop.grant(user).pk}


@pytest.fixture
def user(facts):
    return get_model("auth", "User").objects.get()
