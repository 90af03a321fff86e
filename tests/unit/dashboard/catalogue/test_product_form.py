"""Oscar's form of a product: whom it lets in."""

import pytest
from django.urls import reverse

from oscar_subscriptions.dashboard.catalogue import mixins, sold_plans
from tests.unit.dashboard.catalogue.test_mixins import send


@pytest.fixture
def staff(shop):
    return shop.make_user("boss", is_staff=True)


def test_only_staff_write_what_a_plan_says(shop, staff):
    pk = shop.plan.product_id
    response, said = send(mixins.PlanProductUpdateMixin, shop.make_seller().user, pk=pk)
    assert response.url == reverse(sold_plans.LIST)
    assert "“Silver” is a subscription of the shop: only its staff" in said
    response, said = send(mixins.PlanProductUpdateMixin, staff, pk=pk)
    assert (response.content, said) == (b"Oscar's page", "")


def test_sellers_write_their_own_products_and_new_ones(shop):
    seller = shop.make_seller()
    for kwargs in ({"pk": shop.make_service(seller).pk}, {}):
        response, _said = send(mixins.PlanProductUpdateMixin, seller.user, **kwargs)
        assert response.content == b"Oscar's page"
