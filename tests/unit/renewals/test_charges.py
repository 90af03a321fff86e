"""A renewal is charged as it was announced: on its day, as often as promised, never twice."""

from datetime import timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import gateway
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.renewals import charges, obstacles
from tests.functional.renewals.renewing import (
    CHARGED,
    SECOND_TRY,
    Attempt,
    Order,
    OutboxMail,
    PlannedRenewal,
)

StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def due(planned, time_machine):
    """The day of the charge has come."""
    time_machine.move_to(f"{CHARGED} 03:00+01:00", tick=False)
    return planned


@pytest.fixture
def refused(due):
    """No payment method is kept, which counts as a refusal; no provider is asked."""
    assert charges.charge_renewal(due, CHARGED)
    due.refresh_from_db()
    assert (due.tries, due.status) == (1, "waiting")
    return due


def test_before_its_day_nothing_is_ordered(planned):
    assert not charges.charge_renewal(planned, CHARGED - timedelta(days=1))
    assert not Order.objects.exists()


def test_order_is_placed_once_for_all_tries(refused):
    refused.refresh_from_db()
    assert refused.order == Order.objects.get()
    assert not charges.charge_renewal(refused, CHARGED)
    assert charges.charge_renewal(refused, SECOND_TRY)
    assert refused.order == Order.objects.get()
    assert Attempt.objects.filter(kind="off-session").count() == 2


def test_run_that_is_late_moves_the_later_tries_with_it(planned, time_machine):
    late = CHARGED + timedelta(days=2)
    time_machine.move_to(f"{late} 03:00+01:00", tick=False)
    charges.charge_renewal(planned, late)
    planned.refresh_from_db()
    assert planned.charge_on == late
    assert not charges.charge_renewal(planned, late + timedelta(days=2))
    assert charges.charge_renewal(planned, late + timedelta(days=3))


def test_other_price_is_never_ordered(due, shop):
    StockRecord.objects.filter(product=shop.plan.product).update(price=300)
    assert charges.charge_renewal(due, CHARGED)
    due.refresh_from_db()
    assert due.status == "replaced" and not Order.objects.exists()


def test_obstacle_that_stays_drops_the_renewal_and_one_that_may_pass_does_not(due):
    ledger.suspend(due.follows, reason="dispute")
    assert not charges.charge_renewal(due, CHARGED)
    due.refresh_from_db()
    assert due.status == "announced"
    auto_renewal.switch_off(due.auto_renewal.subscription)
    assert charges.charge_renewal(due, CHARGED)
    due.refresh_from_db()
    assert due.status == "dropped" and not Order.objects.exists()


def test_renewal_that_ends_while_its_charge_is_prepared_is_not_wanted_any_more(due, monkeypatch):
    asked = []

    def charge(self, order, still_wanted):
        asked.append(still_wanted())
        PlannedRenewal.objects.update(status="dropped")
        asked.append(still_wanted())
        return gateway.Charge(gateway.GIVEN_UP)

    monkeypatch.setattr(type(gateway.get_gateway()), "charge", charge)
    charges.charge_renewal(due, CHARGED)
    assert asked == [True, False]


def test_renewal_that_is_over_is_not_charged(due):
    PlannedRenewal.objects.update(status="failed")
    assert not charges.charge_renewal(due, CHARGED)
    assert not Order.objects.exists()


def test_gateway_that_can_t_renew_is_asked_nothing(due, settings):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"
    assert not charges.charge_renewal(due, CHARGED)
    assert not Order.objects.exists()


def test_no_more_tries_than_the_term_has_days(due, settings):
    settings.OSCAR_SUBSCRIPTIONS_RENEWAL_RETRY_DAYS = (0, 8)
    assert charges.charge_renewal(due, CHARGED)
    due.refresh_from_db()
    assert (due.status, due.tries) == ("failed", 1)


def test_dropping_cancels_the_order_and_closes_the_renewal(refused, commit):
    with commit():
        assert charges.cancel_and_drop(refused.pk, refused.order, obstacles.Obstacle("Enough."))
    refused.refresh_from_db()
    assert (refused.status, refused.problem) == ("dropped", "Enough.")
    assert refused.order.status == "Cancelled"
    assert not charges.drop_cancelled(refused.pk, obstacles.Obstacle("Again."))


def test_order_that_was_paid_meanwhile_is_not_dropped(refused):
    Attempt.objects.update(status="paid")
    assert not charges.cancel_and_drop(refused.pk, refused.order, obstacles.Obstacle("Enough."))
    refused.refresh_from_db()
    assert refused.status == "waiting"


def test_step_on_an_imagined_day_charges_by_the_calendar_of_today(planned):
    assert list(charges.charge_renewals(CHARGED, False)) == []
    assert not Order.objects.exists()


def test_dry_run_tells_only_of_what_would_be_charged(due):
    said = [one.message for one in charges.charge_renewals(CHARGED, True)]
    assert said == [f"renewal of {due.auto_renewal} charged"]
    OutboxMail.objects.update(sent_at=None)
    assert list(charges.charge_renewals(CHARGED, True)) == []
    assert not Order.objects.exists()
