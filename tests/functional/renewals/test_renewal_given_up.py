"""A renewal never ends in silence: it is announced anew, or the member hears that it is over."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import ledger
from tests.functional import pages
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    SECOND_TRY,
    AutoRenewal,
    Order,
    OutboxMail,
    StoredPaymentMethod,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def refused(announced):
    """The first try was refused; the card would pay the second."""
    announced.turn_bad("4000000000009995")
    announced.run(CHARGED)
    announced.turn_bad("4242424242424242")
    return announced


def suspended_for_a_day(renewing):
    ledger.suspend(renewing.subscription.terms.get(), reason="dispute")
    renewing.run(CHARGED + timedelta(days=1))
    ledger.resume(renewing.subscription.terms.get(), reason="won")


def off_sale_for_a_day(renewing):
    plans = type(renewing.shop.plan).objects
    plans.update(is_on_sale=False)
    renewing.run(CHARGED + timedelta(days=1))
    plans.update(is_on_sale=True)


def cancelled_by_the_member(renewing):
    renewing.client.force_login(renewing.subscription.user)
    number = Order.objects.latest("pk").number
    renewing.client.post(reverse("subscriptions-payments:order-cancel", args=[number]))


@pytest.mark.parametrize("happens", [suspended_for_a_day, off_sale_for_a_day])
def test_fault_77_renewal_that_could_not_be_charged_for_a_day_is_charged_after_it(refused, happens):
    happens(refused)
    assert refused.planned.status == "waiting"
    refused.run(SECOND_TRY)
    assert refused.planned.status == "done"
    assert AutoRenewal.objects.in_force().exists()
    assert refused.charges() == ["succeeded", "failed", "succeeded"]


def test_member_whose_renewal_order_was_cancelled_hears_that_nothing_more_is_charged(refused):
    cancelled_by_the_member(refused)
    assert Order.objects.latest("pk").status == "Cancelled"
    for days in range(2, 8):
        assert refused.run(CHARGED + timedelta(days=days)) == []
    assert refused.charges() == ["succeeded", "failed"]
    assert refused.planned.status == "dropped"
    assert refused.mails() == ["renewal-announced", "renewal-failed", "renewal-stopped"]
    [message] = [one for one in mail.outbox if "no longer renewed automatically" in one.subject]
    assert "could not be paid, and we will not try again. Automatic renewal is off." in message.body
    assert "Your subscription runs until Feb. 3, 2018." in message.body
    assert not auto_renewal.is_on(refused.subscription) and not StoredPaymentMethod.objects.exists()
    refused.client.force_login(refused.subscription.user)
    page = pages.text(refused.client.get(reverse("subscriptions:my-subscription")))
    assert "will be announced" not in page and "Automatic renewal is off." in page


def test_renewal_whose_order_is_left_when_the_term_ends_does_not_promise_a_day_that_is_over(
    refused,
):
    refused.run(LAST_DAY + timedelta(days=1))
    assert refused.mails()[-1] == "renewal-stopped"
    assert "could not be paid" in mail.outbox[-1].body
    assert "runs until" not in mail.outbox[-1].body


def test_refund_during_the_retries_is_not_told_as_a_payment_that_failed(refused):
    ledger.revoke(refused.subscription.terms.get(), reason="refund")
    refused.run(CHARGED + timedelta(days=1))
    assert AutoRenewal.objects.get().end_reason == "The subscription has ended."
    stopped = OutboxMail.objects.get(kind="renewal-stopped")
    assert stopped.context == {"consent": AutoRenewal.objects.get().pk}
    assert "could not be paid" not in mail.outbox[-1].body
