"""What the shop changes while a renewal is under way: the gateway, the day of a run, the status of
an order."""

from datetime import timedelta
from unittest import mock

import pytest

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.payments.attempts import off_session
from oscar_subscriptions.payments.gateway import StripeCheckoutGateway
from oscar_subscriptions.payments.payment_methods import forgetting
from oscar_subscriptions.payments.provider import intents
from tests.functional.renewals.renewing import ANNOUNCED, CHARGED, Order, Term

pytestmark = pytest.mark.django_db(transaction=True)


# The gateway.


def test_an_order_whose_charge_can_not_begin_is_not_placed_anew_by_each_run(announced):
    no = mock.patch.object(StripeCheckoutGateway, "begin_charge", lambda self, order: False)
    with no:
        for days in range(3):
            assert announced.run(CHARGED + timedelta(days=days)) == []
    assert Order.objects.count() == 2
    assert announced.planned.order == Order.objects.latest("pk")
    assert announced.planned.tries == 0


def test_a_gateway_exchanged_during_a_charge_does_not_fail_in_every_run(announced, settings):
    announced.die_in(off_session, "charge_order")
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"
    for days in (1, 60):
        assert announced.run(CHARGED + timedelta(days=days)) == []
    assert announced.charges() == ["succeeded"]


# A run that lives through a day of the future.


def test_a_run_on_an_imagined_day_charges_nobody_early(announced):
    # Long enough after the announcement for that day, not for this one.
    announced.go_to(ANNOUNCED + timedelta(days=1))
    list(runner.run(CHARGED))
    assert announced.charges() == ["succeeded"] and Order.objects.count() == 1
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded", "succeeded"]


def test_a_run_on_an_imagined_day_ends_no_renewal(announced):
    announced.go_to(ANNOUNCED + timedelta(days=1))
    list(runner.run(CHARGED + timedelta(days=900)))
    assert auto_renewal.is_on(announced.subscription)
    assert announced.planned.status == "announced"


# Staff mark the order as paid, by a transfer.


@pytest.mark.parametrize("dead_in", ["create_intent", "confirm_intent"])
def test_a_charge_of_an_order_paid_otherwise_is_closed_and_does_not_keep_the_card(
    announced, settings, dead_in
):
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ["Paid"]
    attempt = announced.die_in(intents, dead_in)
    attempt.order.set_status("Paid")
    assert Term.objects.count() == 2
    announced.go_to(CHARGED, 12)
    assert announced.run() == []
    attempt.refresh_from_db()
    assert attempt.status == "expired"
    if attempt.payment_intent_id:
        assert intents.fetch_intent(attempt.payment_intent_id)["status"] == "canceled"
    assert announced.charges() == ["succeeded"]
    auto_renewal.switch_off(announced.subscription)
    assert forgetting.forget_unneeded(announced.subscription.user)
