"""The stored payment method as a row."""

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def test_a_member_has_one_means_of_each_mode_and_the_forgotten_ones_do_not_count(order):
    def means(user, livemode, customer_id):
        return StoredPaymentMethod.objects.create(
            user=user, livemode=livemode, customer_id=customer_id
        )

    means(order.user, False, "cus_1")
    means(order.user, True, "cus_2")
    with pytest.raises(IntegrityError), transaction.atomic():
        means(order.user, False, "cus_3")
    assert str(means(None, False, "cus_4")) == "–: cus_4"
    order.user.delete()
    assert StoredPaymentMethod.objects.filter(user=None).count() == 3
