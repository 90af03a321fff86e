"""The customer at the provider is the member's alone, and has the member's present address."""

import pytest
from django.core.management import call_command
from django.test import Client
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import client as provider_client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.functional import pages
from tests.functional.renewals.renewing import CHARGED, StoredPaymentMethod

Attempt = get_model("oscar_subscriptions_payments", "Attempt")

pytestmark = pytest.mark.django_db(transaction=True)


def customer(customer_id):
    return provider_client.connect().v1.customers.retrieve(customer_id)


def change_address(member, address):
    member.email = address
    member.save()


def addresses_before_the_charge(standin):
    """The addresses that the provider was told before the last payment."""
    told = standin.events()
    paid = max(i for i, one in enumerate(told) if one["type"] == "payment_intent.succeeded")
    changes = [one for one in told[:paid] if one["type"] == "customer.updated"]
    return [one["data"]["object"]["email"] for one in changes]


# 104


def test_fault_104_a_new_address_is_told_before_the_charge(announced):
    change_address(announced.member, "ada.new@example.com")
    assert announced.run(CHARGED) == []
    assert announced.charges() == ["succeeded", "succeeded"]
    assert addresses_before_the_charge(announced.standin)[-1] == "ada.new@example.com"
    kept = StoredPaymentMethod.objects.get()
    assert customer(kept.customer_id).email == "ada.new@example.com"


def test_fault_104_a_new_address_is_told_though_the_payment_was_begun_before(announced):
    announced.standin.fault(path="payment_intents/.*/confirm", lose="before", times=2)
    assert announced.run(CHARGED) != []
    change_address(announced.member, "ada.new@example.com")
    assert announced.run() == []
    assert addresses_before_the_charge(announced.standin)[-1] == "ada.new@example.com"


def test_fault_104_an_address_that_is_refused_removes_the_old_one_and_it_is_charged(announced):
    change_address(announced.member, "ada@localhost")
    assert announced.run(CHARGED) == []
    assert announced.charges() == ["succeeded", "succeeded"]
    assert addresses_before_the_charge(announced.standin)[-1] is None


def test_fault_104_without_an_answer_about_the_address_the_next_run_charges(announced):
    announced.standin.fault(path="customers/", method="POST", status=500, times=2)
    change_address(announced.member, "ada.new@example.com")
    assert announced.run(CHARGED) != []
    assert announced.charges() == ["succeeded"]
    assert announced.run() == []
    assert announced.charges() == ["succeeded", "succeeded"]
    assert (announced.planned.tries, announced.planned.status) == (1, "done")


def test_fault_104_the_next_page_has_the_new_address_too(shop, bought):
    change_address(bought.member, "ada.new@example.com")
    order = shop.place_order(bought.member)
    assert bought.client.get(pages.pay_url(order)).status_code == 302
    kept = StoredPaymentMethod.objects.get()
    assert customer(kept.customer_id).email == "ada.new@example.com"


# 96


def begin(shop, standin, name):
    """A page with automatic renewal, opened by a new member; return the attempt."""
    user, browser = shop.make_user(name), Client()
    browser.force_login(user)
    order = shop.place_order(user, is_renewed=True)
    assert browser.get(pages.pay_url(order)).status_code == 302
    return Attempt.objects.get(order=order)


def rows():
    found = StoredPaymentMethod.objects.order_by("pk")
    return list(found.values_list("user", "customer_id", "payment_method_id"))


def test_fault_96_the_row_of_a_deleted_account_is_not_taken_over(shop, standin, offered):
    gone, paying = begin(shop, standin, "gone"), begin(shop, standin, "paying")
    # The provider is silent, so that both customers are still to be deleted there.
    standin.fault(method="DELETE", status=500, times=None)
    gone.order.user.delete()
    before = rows()
    standin.pay(paying.session_id)
    paying.order.user.delete()
    assert reconcile(paying).status == "paid"
    assert rows()[0] == before[0] and before[0][0] is None
    customers = [row[1] for row in rows()]
    assert len(set(customers)) == 2
    standin.control("faults", "DELETE")
    call_command("subscriptions_run", verbosity=0)
    assert rows() == []
    assert all(customer(one).deleted for one in customers)


def test_fault_96_a_customer_that_a_payment_replaces_is_deleted_at_the_provider(
    shop, standin, offered
):
    attempt = begin(shop, standin, "member")
    known = StoredPaymentMethod.objects.get()
    old = provider_client.connect().v1.customers.create({}).id
    StoredPaymentMethod.objects.update(customer_id=old, payment_method_id="pm_old")
    standin.pay(attempt.session_id)
    assert reconcile(attempt).status == "paid"
    kept = StoredPaymentMethod.objects.get(user=attempt.order.user)
    assert kept.customer_id == known.customer_id
    assert StoredPaymentMethod.objects.get(user=None).customer_id == old
