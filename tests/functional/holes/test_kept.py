"""What staff can't delete by mistake in Oscar's dashboard, because members have paid for it."""

import pytest
from django.core.management import call_command
from django.db.models import ProtectedError
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.dashboard.partners import mixins
from tests.functional import pages

Partner = get_model("partner", "Partner")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db

PARTNERS = reverse("dashboard:partner-list")


def delete(browser, partner):
    """Click "Delete" and confirm."""
    url = reverse("dashboard:partner-delete", kwargs={"pk": partner.pk})
    browser.get(url)
    return browser.post(url, follow=True)


def assert_kept(response, partner, reason):
    assert response.redirect_chain[-1][0] == PARTNERS
    assert reason in pages.text(response)
    assert Partner.objects.filter(pk=partner.pk).exists()


def test_fault_58_the_vendor_of_a_plan_is_kept_and_the_page_says_why(shop, staff_desk):
    assert_kept(delete(staff_desk, shop.vendor), shop.vendor, "“Intras Consultants” sells")


def test_fault_58_a_vendor_who_once_sold_a_plan_is_kept(shop, member, staff_desk):
    order = shop.make_order(member)
    fulfilment.order_paid(order)
    shop.plan.product.stockrecords.update(partner=Partner.objects.create(name="Successor"))
    assert_kept(delete(staff_desk, shop.vendor), shop.vendor, "or has sold some")


@pytest.mark.parametrize("is_paid", [True, False])
def test_fault_58_a_vendor_is_kept_though_the_plan_is_another_product_since(
    shop, member, staff_desk, is_paid
):
    order = shop.make_order(member)
    if is_paid:
        fulfilment.order_paid(order)
    else:
        shop.keep_consent(order)
    successor = shop.make_plan("Gold", partner=Partner.objects.create(name="Successor"))
    product = successor.product
    successor.delete()
    shop.plan.product = product
    shop.plan.save()
    assert_kept(delete(staff_desk, shop.vendor), shop.vendor, "or has sold some")


def test_fault_58_the_partner_of_a_seller_is_kept(shop, seller, staff_desk):
    assert_kept(delete(staff_desk, seller.partner), seller.partner, "is or was a seller")


def test_fault_58_without_the_guard_a_sellers_partner_is_an_error(
    shop, seller, staff_desk, monkeypatch
):
    monkeypatch.setattr(mixins, "problem_with_deletion", lambda partner: "")
    with pytest.raises(ProtectedError):
        delete(staff_desk, seller.partner)


def test_fault_58_without_the_guard_the_term_survives_and_paid_money_becomes_an_alert(
    shop, member, staff_desk, monkeypatch
):
    term = fulfilment.order_paid(shop.make_order(member)).term
    waiting = shop.make_order(shop.make_user("other"))
    monkeypatch.setattr(mixins, "problem_with_deletion", lambda partner: "")
    delete(staff_desk, shop.vendor)
    assert not Partner.objects.filter(pk=shop.vendor.pk).exists()
    assert Term.objects.get().pk == term.pk
    assert fulfilment.order_paid(waiting).refused
    call_command("subscriptions_run", verbosity=0)


def test_partners_that_have_nothing_to_do_with_subscriptions_are_deleted_as_before(
    shop, staff_desk
):
    other = Partner.objects.create(name="Other")
    assert "was deleted" in pages.text(delete(staff_desk, other))
    assert not Partner.objects.filter(pk=other.pk).exists()


def test_numbers_of_nothing_are_not_found(shop, staff_desk):
    assert delete(staff_desk, Partner(pk=10**6)).status_code == 404
