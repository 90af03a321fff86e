"""Partners that must stay, with the reason; ``functional/holes`` clicks "Delete"."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.dashboard.partners.mixins import problem_with_deletion

Partner = get_model("partner", "Partner")
Plan = get_model("oscar_subscriptions", "Plan")


@pytest.fixture
def successor(shop):
    """The partner that sells the plan instead of the first vendor."""
    partner = Partner.objects.create(name="Successor")
    shop.plan.product.stockrecords.update(partner=partner)
    return partner


def test_partner_without_a_past_may_go(shop, successor):
    assert problem_with_deletion(shop.vendor) == ""
    assert problem_with_deletion(Partner.objects.create(name="Other")) == ""


def test_partner_of_a_seller_stays_also_when_the_account_is_gone(shop):
    seller = shop.make_seller()
    seller.partner.name = "Ada Martin"
    seller.partner.save()
    reason = "“Ada Martin” belongs to a member who is or was a seller; it is kept."
    assert problem_with_deletion(seller.partner) == reason
    seller.user.delete()
    assert problem_with_deletion(seller.partner) == reason


def test_vendor_of_a_plan_stays(shop):
    reason = "“Intras Consultants” sells subscriptions, or has sold some; it is kept."
    assert problem_with_deletion(shop.vendor) == reason
    shop.plan.is_on_sale = False
    shop.plan.save()
    assert problem_with_deletion(shop.vendor) == reason


def unpaid(shop, order):
    """The order waits; the plan is still the product of its line."""


def consented(shop, order):
    shop.keep_consent(order)
    order.lines.update(product=None)


def paid(shop, order):
    fulfilment.order_paid(order)
    order.lines.update(product=None)


@pytest.mark.parametrize("become", [unpaid, consented, paid])
def test_vendor_who_has_sold_a_plan_once_stays(shop, become):
    order = shop.make_order(shop.make_user())
    become(shop, order)
    shop.plan.product.stockrecords.update(partner=Partner.objects.create(name="Successor"))
    assert "or has sold some" in problem_with_deletion(shop.vendor)


def test_partner_who_has_sold_nothing_but_other_products_may_go(shop, successor):
    product = shop.make_service(shop.make_seller())
    product.stockrecords.update(partner=shop.vendor)
    shop.order_products(shop.make_user(), [product])
    assert problem_with_deletion(shop.vendor) == ""
