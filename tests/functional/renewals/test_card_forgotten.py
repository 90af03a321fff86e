"""The card goes with what it was kept for: here, and at the provider."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.signals import pre_delete
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.payments.payment_methods import customers, forgetting, stored
from oscar_subscriptions.payments.provider import client as provider_client
from oscar_subscriptions.payments.provider import customers as provider_customers
from oscar_subscriptions.payments.provider import intents, refunds
from oscar_subscriptions.renewals import cancellation
from tests.functional import pages
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    Attempt,
    Order,
    StoredPaymentMethod,
    Term,
)

pytestmark = pytest.mark.django_db(transaction=True)
User = get_user_model()
Alert = get_model("oscar_subscriptions", "Alert")
PAGE = reverse("subscriptions:my-subscription")


@pytest.fixture
def card(bought):
    """The ids by which the card of the first payment is kept."""
    return StoredPaymentMethod.objects.get()


def off(client, renewing):
    pk = renewing.subscription.pk
    client.force_login(renewing.subscription.user)
    return client.post(reverse("subscriptions:renewal-off", args=[pk]), follow=True)


def at_the_provider(card):
    """Whether the provider still keeps the customer, and the card as hers."""
    v1 = provider_client.connect().v1
    customer = v1.customers.retrieve(card.customer_id)
    method = v1.payment_methods.retrieve(card.payment_method_id)
    return not getattr(customer, "deleted", False), method.customer == card.customer_id


def test_switched_off_the_card_is_deleted_at_the_provider_and_the_page_says_so(
    bought, client, card
):
    assert "our payment provider keeps your card" in pages.text(client.get(PAGE))
    assert at_the_provider(card) == (True, True)
    answer = pages.text(off(client, bought))
    assert "Your card is removed." in answer
    assert "You can choose it with your next payment" in answer
    assert at_the_provider(card) == (False, False)
    assert not StoredPaymentMethod.objects.exists() and not Alert.objects.exists()


def test_the_card_stays_while_another_subscription_is_renewed_by_it(
    bought, client, card, elsewhere
):
    assert "Your card is removed." not in pages.text(off(client, bought))
    assert StoredPaymentMethod.objects.get() == card and at_the_provider(card) == (True, True)
    stopped = cancellation.stop(elsewhere, actor=elsewhere.user)
    assert stopped.is_forgotten
    assert at_the_provider(card) == (False, False)


def test_the_next_payment_with_the_tick_keeps_a_card_anew(bought, client, card):
    off(client, bought)
    bought.go_to(date(2017, 6, 1), 12)
    client.force_login(bought.subscription.user)
    bought.buy()
    anew = StoredPaymentMethod.objects.get()
    assert anew.customer_id != card.customer_id and at_the_provider(anew) == (True, True)
    assert auto_renewal.is_on(bought.subscription)


def test_the_card_stays_while_the_member_pays_by_hand_on_a_page_that_names_the_customer(
    bought, client, card
):
    """Else the page that is open in another tab could not be paid any more."""
    bought.go_to(date(2017, 12, 1), 12)
    client.force_login(bought.subscription.user)
    pages.add_to_basket(client, bought.shop.plan.product)
    hosted = client.get(pages.place_order(client).url).url
    assert "Your card is removed." not in pages.text(off(client, bought))
    assert at_the_provider(card) == (True, True)
    bought.run()
    assert StoredPaymentMethod.objects.filter(user__isnull=False).exists()
    bought.standin.pay(hosted.rsplit("/", 1)[-1])
    bought.run()
    assert Term.objects.count() == 2
    assert not StoredPaymentMethod.objects.exists() and at_the_provider(card) == (False, False)


def test_a_charge_under_way_is_settled_before_the_card_is_forgotten(announced, client):
    """The provider has made the payment, and the process died before it asked the bank."""
    card = StoredPaymentMethod.objects.get()
    dead = mock.patch.object(intents, "confirm_intent", side_effect=SystemExit)
    with dead, pytest.raises(SystemExit):
        announced.run(CHARGED)
    seen = []

    def delete(customer_id):
        seen.append(Attempt.objects.latest("pk").status)

    with mock.patch.object(provider_customers, "delete_customer", delete):
        assert "Your card is removed." in pages.text(off(client, announced))
    assert seen == ["cancelled"]
    assert card.customer_id and announced.charges() == ["succeeded"]


def test_a_charge_that_the_provider_does_not_settle_keeps_the_card_until_the_next_run(
    announced, client
):
    card = StoredPaymentMethod.objects.get()
    dead = mock.patch.object(intents, "confirm_intent", side_effect=SystemExit)
    with dead, pytest.raises(SystemExit):
        announced.run(CHARGED)
    announced.standin.fault(path="payment_intents", status=500, times=None)
    assert "Your card is removed." not in pages.text(off(client, announced))
    assert at_the_provider(card) == (True, True)
    announced.standin.control("faults", "DELETE")
    for days in (1, 2):
        assert announced.run(CHARGED + timedelta(days=days)) == []
    assert announced.charges() == ["succeeded"] and Order.objects.latest("pk").status == "Cancelled"
    assert not StoredPaymentMethod.objects.exists() and at_the_provider(card) == (False, False)


def test_a_consent_that_the_run_ends_takes_the_card_with_it(bought, card):
    """The member lets the subscription lapse: nobody clicks anything."""
    bought.shop.plan.is_on_sale = False
    bought.shop.plan.save()
    bought.run(LAST_DAY + timedelta(days=1))
    assert auto_renewal.current(bought.subscription) is None
    assert not StoredPaymentMethod.objects.exists() and at_the_provider(card) == (False, False)


@pytest.mark.parametrize(("status", "is_forgotten"), [("paid", False), ("expired", True)])
def test_a_consent_whose_order_is_paid_and_waits_for_its_term_keeps_the_card(
    bought, client, elsewhere, status, is_forgotten
):
    """Something stands in the way of the term until an operator acts."""
    order = bought.shop.make_order(elsewhere.user, elsewhere.plan)
    get_gateway().begin(order)
    Attempt.objects.filter(order=order).update(status=status)
    elsewhere.auto_renewals.update(order=order)
    off(client, bought)
    assert StoredPaymentMethod.objects.exists() is not is_forgotten


# The provider is silent.


def test_a_silent_provider_is_told_again_and_meanwhile_an_alert_names_the_customer(
    bought, client, card
):
    bought.standin.fault(path="customers", status=500, times=None)
    answer = pages.text(off(client, bought))
    assert "Automatic renewal is off." in answer and "Your card is removed." not in answer
    [left] = StoredPaymentMethod.objects.all()
    assert (left.user, left.customer_id) == (None, card.customer_id)
    assert stored.chargeable(bought.subscription.user) is None
    alert = Alert.objects.open().get()
    assert alerts.title(alert) == f"The payment provider still keeps customer {card.customer_id}"
    [failed] = bought.run()
    assert card.customer_id in failed
    assert Alert.objects.get().times == alert.times
    bought.standin.control("faults", "DELETE")
    assert bought.run() == []
    assert at_the_provider(card) == (False, False)
    assert not StoredPaymentMethod.objects.exists() and not Alert.objects.open().exists()


def test_a_customer_that_an_operator_has_deleted_there_is_forgotten_here(bought, client, card):
    provider_client.connect().v1.customers.delete(card.customer_id)
    off(client, bought)
    assert not StoredPaymentMethod.objects.exists() and not Alert.objects.exists()


def test_a_process_killed_after_the_commit_leaves_it_to_the_next_run(bought, client, card):
    with mock.patch.object(customers, "delete"):
        off(client, bought)
    assert at_the_provider(card) == (True, True)
    dry = [outcome.message for outcome in runner.run(dry_run=True)]
    assert f"customer {card.customer_id} deleted at the provider" in dry
    assert StoredPaymentMethod.objects.exists()
    assert bought.run() == []
    assert at_the_provider(card) == (False, False) and not StoredPaymentMethod.objects.exists()


def test_a_customer_of_the_other_mode_is_not_taken_for_deleted(bought, client, card):
    """To a key of this mode it is unknown, and stays where it is."""
    StoredPaymentMethod.objects.update(livemode=True)
    off(client, bought)
    assert bought.run() == []
    assert StoredPaymentMethod.objects.get().user is None
    facts = Alert.objects.open().get().detail
    assert facts["customer"] == card.customer_id and facts["lines"] == [{"line": "other-mode"}]


# The account is deleted.


def test_with_the_account_the_card_is_deleted_at_the_provider(bought, card):
    bought.subscription.user.delete()
    assert at_the_provider(card) == (False, False)
    assert not StoredPaymentMethod.objects.exists()


def test_an_account_deleted_without_our_hearing_of_it_is_caught_up_by_the_run(bought, card):
    signal = {"sender": User, "dispatch_uid": "oscar_subscriptions_payments.account_deleted"}
    assert pre_delete.disconnect(**signal)
    try:
        bought.subscription.user.delete()
    finally:
        pre_delete.connect(forgetting.forget_deleted_account, **signal)
    assert at_the_provider(card) == (True, True)
    assert bought.run() == []
    assert at_the_provider(card) == (False, False)


def test_a_deletion_that_is_rolled_back_keeps_the_card(bought, card):
    with transaction.atomic():
        bought.subscription.user.delete()
        transaction.set_rollback(True)
    assert StoredPaymentMethod.objects.get().user == bought.subscription.user
    assert at_the_provider(card) == (True, True)


def test_nobody_is_charged_by_what_a_deleted_account_left(announced):
    """A row without a member belongs to somebody else than the order without one."""
    announced.standin.fault(path="customers", status=500, times=None)
    announced.go_to(CHARGED)
    order = announced.shop.make_order(announced.subscription.user)
    with transaction.atomic():
        get_gateway().begin_charge(order)
    announced.subscription.user.delete()
    order.refresh_from_db()
    assert StoredPaymentMethod.objects.get().payment_method_id
    get_gateway().charge(order, lambda: True)
    assert announced.charges() == ["succeeded"]
    assert Attempt.objects.latest("pk").problem == "No payment method is kept."


def test_a_refund_after_the_card_is_gone_still_withdraws_the_term(bought, client, card):
    off(client, bought)
    attempt = Attempt.objects.get()
    refunds.refund(attempt.payment_intent_id, "refund")
    bought.run()
    assert Term.objects.get().revoked_at is not None
