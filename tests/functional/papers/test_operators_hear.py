"""Faults 91 and 92: what only a person can decide is told to a person, with the ways out."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment
from tests.faults import invariants

Alert = get_model("oscar_subscriptions", "Alert")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(shop, standin):
    payment = Payment(shop, standin).pay()
    reconcile(payment.attempt)
    assert payment.state == "valid"
    return payment


def opened(kind):
    return [alerts.title(alert) for alert in Alert.objects.open().filter(kind=kind)]


@pytest.mark.parametrize("policy", ["suspend", "nothing"])
def test_fault_91_open_dispute_is_told_with_the_day_by_which_evidence_is_due(
    payment, standin, settings, policy
):
    settings.OSCAR_SUBSCRIPTIONS_OPEN_DISPUTE_POLICY = policy
    dispute = payment.dispute()
    reconcile(payment.attempt)
    [title] = opened(alerts.DISPUTE)
    due = Alert.objects.get(kind=alerts.DISPUTE).detail["day"]["day"]
    assert datetime.now(UTC).date() < datetime.fromisoformat(due).date()
    assert payment.order.number in title and "answer by" in title and due not in title
    payment.change(dispute, "under_review")
    reconcile(payment.attempt)
    assert opened(alerts.DISPUTE) == []


@pytest.fixture
def cancelled(payment, settings):
    """Staff have cancelled the paid order in Oscar's dashboard."""
    type(payment.order).objects.filter(pk=payment.order.pk).update(status="Paid")
    order = type(payment.order).objects.get(pk=payment.order.pk)
    order.pipeline = {"Paid": ("Cancelled",), "Cancelled": ("Paid",)}
    order.set_status("Cancelled")
    return payment


def status_of(payment):
    return type(payment.order).objects.get(pk=payment.order.pk).status


def test_fault_92_paid_order_that_staff_cancelled_is_told_and_not_moved_back(
    shop, cancelled, monkeypatch
):
    monkeypatch.setattr(
        type(cancelled.order), "pipeline", {"Paid": ("Cancelled",), "Cancelled": ("Paid",)}
    )
    assert len(opened(alerts.PAID_AND_CANCELLED)) == 1
    for _ in range(2):
        call_command("subscriptions_run", verbosity=0)
        assert status_of(cancelled) == "Cancelled"
    assert len(opened(alerts.PAID_AND_CANCELLED)) == 1
    assert cancelled.state == "valid"


def test_fault_92_taking_the_term_back_settles_it(cancelled):
    fulfilment.revoke(cancelled.term, reason="as the desk has decided")
    assert opened(alerts.PAID_AND_CANCELLED) == []
    call_command("subscriptions_run", verbosity=0)
    assert opened(alerts.PAID_AND_CANCELLED) == []


def test_fault_92_showing_it_as_paid_again_settles_it(shop, cancelled):
    order_status.show_paid_again(cancelled.order.pk)
    assert status_of(cancelled) == "Paid"
    assert opened(alerts.PAID_AND_CANCELLED) == []
    invariants.check(shop)


def test_fault_92_order_that_was_cancelled_behind_oscars_back_is_found_by_the_run(payment):
    type(payment.order).objects.filter(pk=payment.order.pk).update(status="Cancelled")
    assert opened(alerts.PAID_AND_CANCELLED) == []
    call_command("subscriptions_run", verbosity=0)
    assert len(opened(alerts.PAID_AND_CANCELLED)) == 1
