"""No order is called confirmed before it is paid."""

import pytest
from django.urls import reverse

from oscar_subscriptions import fulfilment, gateway


@pytest.fixture
def member(shop):
    return shop.make_user()


def test_an_order_that_waits_for_its_payment_is_not_thanked_for(shop, member, client):
    order = shop.place_order(member)
    client.force_login(member)
    session = client.session
    session["checkout_order_id"] = order.pk
    session.save()
    response = client.get(reverse("checkout:thank-you"))
    assert response.url == gateway.get_gateway().pay_url(order)
    fulfilment.order_paid(order)
    response = client.get(reverse("checkout:thank-you"))
    assert response.status_code == 200
    assert response.context["term"] == fulfilment.term_of(order)
