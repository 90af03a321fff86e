"""What the shop changes while a renewal is under way: the gateway, the day of a run."""

from datetime import timedelta
from unittest import mock

import pytest

from oscar_subscriptions import lifecycle
from oscar_subscriptions.payments import off_session
from oscar_subscriptions.payments.gateway import StripeCheckoutGateway
from tests.functional.renewals.conftest import ANNOUNCED, CHARGED, Order

pytestmark = pytest.mark.django_db(transaction=True)


# The gateway.


def test_an_order_whose_charge_can_not_begin_is_not_placed_anew_by_each_run(announced):
    no = mock.patch.object(StripeCheckoutGateway, "begin_charge", lambda self, order: False)
    with no:
        for days in range(3):
            assert announced.run(CHARGED + timedelta(days=days)) == []
    assert Order.objects.count() == 2
    assert announced.planned.order == Order.objects.latest("pk")
    assert announced.planned.begun == 0


def test_a_gateway_exchanged_during_a_charge_does_not_fail_in_every_run(announced, settings):
    announced.die_in(off_session, "charge")
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"
    for days in (1, 60):
        assert announced.run(CHARGED + timedelta(days=days)) == []
    assert announced.charges() == ["succeeded"]


# A run that lives through a day of the future.


def test_a_run_on_an_imagined_day_charges_nobody_early(announced):
    # Long enough after the announcement for that day, not for this one.
    announced.go_to(ANNOUNCED + timedelta(days=1))
    list(lifecycle.run(CHARGED))
    assert announced.charges() == ["succeeded"] and Order.objects.count() == 1
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded", "succeeded"]
