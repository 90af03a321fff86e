"""What changes at the provider while a renewal is under way: the mode of the shop's key, and the
customers, who can be deleted there by hand."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.payments.attempts import off_session
from oscar_subscriptions.payments.provider import client, customers, sessions
from tests.functional import pages
from tests.functional.renewals.renewing import (
    CHARGED,
    SECOND_TRY,
    Attempt,
    Order,
    StoredPaymentMethod,
    Term,
)

Alert = get_model("oscar_subscriptions", "Alert")

pytestmark = pytest.mark.django_db(transaction=True)


# The key changes from one mode to the other; the attempt is of the one before.


def test_a_charge_begun_with_a_key_of_the_other_mode_takes_no_money_without_a_term(announced):
    announced.die_in(off_session, "charge_order")
    Attempt.objects.filter(kind="off-session").update(livemode=True)
    assert announced.run(CHARGED) == []
    assert announced.charges() == ["succeeded"]
    assert Attempt.objects.get(kind="off-session").status == "expired"
    # No bank has refused anything, and it is tried again in the mode of today.
    assert announced.mails() == ["renewal-announced"]
    announced.run(SECOND_TRY)
    assert announced.charges() == ["succeeded", "succeeded"]
    assert Term.objects.count() == 2 and announced.planned.status == "done"


def test_money_that_does_not_match_is_an_operator_s_and_not_called_a_refusal_of_the_bank(announced):
    announced.die_in(off_session, "reconcile")
    Attempt.objects.filter(kind="off-session").update(livemode=True)
    for days in (0, 1, 4):
        announced.run(CHARGED + timedelta(days=days))
    assert announced.charges() == ["succeeded", "succeeded"]
    assert Attempt.objects.get(kind="off-session").status == "refused"
    assert announced.mails() == ["renewal-announced"]
    assert Alert.objects.open().get().kind == alerts.PAYMENT_MISMATCH
    assert announced.planned.status == "charging"


def test_an_order_of_the_other_mode_is_paid_by_an_attempt_of_the_mode_of_today(renewing):
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    placed = pages.place_order(renewing.client)
    Attempt.objects.update(livemode=True)
    renewing.standin.submit_card(renewing.client.get(placed.url).url)
    renewing.run()
    assert list(Attempt.objects.order_by("pk").values_list("status", "livemode")) == [
        ("expired", True),
        ("paid", False),
    ]
    assert Term.objects.count() == 1


# The customer is unknown: deleted by hand at the provider, or of another account.


def test_a_member_whose_customer_was_deleted_pays_by_the_link_all_the_same(announced):
    gone = StoredPaymentMethod.objects.get().customer_id
    customers.delete_customer(gone)
    announced.run(CHARGED)
    order = Order.objects.latest("pk")
    assert pages.pay_url(order) in mail.outbox[-1].body
    announced.client.force_login(announced.subscription.user)
    announced.standin.submit_card(announced.client.get(pages.pay_url(order)).url)
    announced.run()
    assert Term.objects.count() == 2
    # Next year the new one is charged.
    kept = StoredPaymentMethod.objects.get()
    assert kept.customer_id != gone and kept.payment_method_id
    assert auto_renewal.is_on(announced.subscription)


def test_a_member_whose_customer_was_deleted_pays_an_order_by_hand_all_the_same(bought):
    customers.delete_customer(StoredPaymentMethod.objects.get().customer_id)
    pages.add_to_basket(bought.client, bought.shop.plan.product)
    placed = pages.place_order(bought.client)
    bought.standin.submit_card(bought.client.get(placed.url).url)
    bought.run()
    assert Term.objects.count() == 2


def test_a_customer_whom_the_provider_never_knows_is_not_made_again_and_again(bought, standin):
    pages.add_to_basket(bought.client, bought.shop.plan.product)
    placed = pages.place_order(bought.client)
    unknown = client.CustomerUnknownError("No such customer")
    with mock.patch.object(sessions, "create_session", side_effect=unknown) as asked:
        answer = bought.client.get(placed.url)
    assert answer.status_code == 502
    assert asked.call_count == 2
