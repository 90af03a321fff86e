"""Orders of plans: whose subscription is locked for them."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment

Subscription = get_model("oscar_subscriptions", "Subscription")


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


def test_the_language_of_the_checkout_is_kept(shop, member):
    fulfilment.lock_for_checkout(member, shop.plan, language="fr")
    assert fulfilment.lock_for_checkout(member, shop.plan).language == "fr"
    assert fulfilment.lock_for_checkout(member, shop.plan, language="en").language == "en"
    assert Subscription.objects.get().language == "en"
