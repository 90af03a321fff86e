"""Fault 72: one row that can't be worked on is isolated; the others proceed, and it is reported."""

from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import checkpoints, runner
from oscar_subscriptions.payments.attempts import cancellation
from oscar_subscriptions.payments.provider import client, events, sessions
from oscar_subscriptions.payments.reconciliation import event_backlog, matching, verdict
from tests.bank import Payment
from tests.faults import invariants

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def customers(shop, standin):
    """Three members with an open page each."""
    return [Payment(shop, standin, name=f"member{number}") for number in range(3)]


def run():
    """Run; return what failed, as the operator reads it."""
    errors = StringIO()
    try:
        call_command("subscriptions_run", verbosity=0, stderr=errors, no_color=True)
    except CommandError as error:
        assert error.returncode == 1
    return errors.getvalue().splitlines()


def states(customers):
    return [payment.state for payment in customers]


def poison(module, name, is_poisoned):
    """Let ``module.name`` fail for the calls of which ``is_poisoned`` says so."""
    original = getattr(module, name)

    def failing(*args, **named):
        if is_poisoned(*args):
            raise RuntimeError("poisoned")
        return original(*args, **named)

    return mock.patch.object(module, name, failing)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_fault_72_payment_that_can_not_be_judged_does_not_stop_the_others(shop, customers, place):
    for payment in customers:
        payment.pay()
    sick = customers[place]
    of_the_sick = lambda session, attempt: attempt.order_id == sick.order.pk  # noqa: E731
    with poison(verdict, "verdict_on_session", of_the_sick):
        [complaint] = run()
    assert sick.order.number in complaint and "poisoned" in complaint
    assert states(customers) == ["" if payment is sick else "valid" for payment in customers]
    assert run() == []
    assert states(customers) == ["valid"] * 3
    invariants.check(shop)


def test_fault_72_payment_the_provider_fails_to_show_does_not_stop_the_others(
    shop, standin, customers, monkeypatch
):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    for payment in customers:
        payment.pay()
    standin.fault(status=500, path=f"sessions/{customers[1].session}", times=None)
    assert len(run()) == 1
    assert states(customers) == ["valid", "", "valid"]


def test_fault_72_looking_again_at_charges_goes_on_after_one_that_fails(shop, standin, customers):
    for payment in customers:
        payment.pay()
    run()
    Attempt.objects.update(reconciled_at=timezone.now() - timedelta(days=1))
    for payment in customers:
        payment.refund()
    sick = customers[0]
    of_the_sick = lambda session, attempt: attempt.order_id == sick.order.pk  # noqa: E731
    with (
        mock.patch.object(events, "events_since", return_value=iter(())),
        poison(verdict, "verdict_on_session", of_the_sick),
    ):
        assert len(run()) == 1
    assert states(customers) == ["valid", "revoked", "revoked"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_fault_72_event_that_can_not_be_followed_does_not_hide_the_older_ones(
    standin, customers, place
):
    for payment in customers:
        payment.pay()
    run()
    for payment in customers:
        payment.refund()
    sick = customers[place]
    payment_id = sick.attempt.payment_intent_id
    mark = checkpoints.reached(event_backlog.CHECKPOINT)
    about_the_sick = lambda thing: thing.get("payment_intent") == payment_id  # noqa: E731
    with poison(matching, "mark_due", about_the_sick):
        complaints = run()
    assert complaints and all("poisoned" in complaint for complaint in complaints)
    assert states(customers) == ["valid" if payment is sick else "revoked" for payment in customers]
    assert checkpoints.reached(event_backlog.CHECKPOINT) == mark, "it would never be read again"
    assert run() == []
    assert states(customers) == ["revoked"] * 3


def test_fault_72_order_that_can_not_be_cancelled_does_not_stop_the_others(customers):
    Order.objects.update(date_placed=timezone.now() - timedelta(days=8))
    sick = customers[0].order.pk
    with poison(cancellation, "_release_vouchers", lambda order: order.pk == sick):
        assert len(run()) == 1
    statuses = Attempt.objects.order_by("pk").values_list("status", flat=True)
    assert [status == "cancelled" for status in statuses] == [False, True, True]


def test_fault_72_step_that_fails_does_not_stop_the_next(shop, customers):
    for payment in customers:
        payment.pay()
    with mock.patch.object(events, "events_since", side_effect=RuntimeError("poisoned")):
        assert run() == ["read events: poisoned"]
    assert states(customers) == ["valid"] * 3


def test_fault_72_provider_that_is_down_is_not_asked_about_each_of_a_thousand(
    shop, standin, monkeypatch
):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    for number in range(5):
        Payment(shop, standin, name=f"member{number}")
    standin.fault(status=500, times=None)
    with mock.patch.object(sessions, "fetch_session", wraps=sessions.fetch_session) as asked:
        told = list(runner.run())
    assert asked.call_count == 3
    assert len([outcome for outcome in told if outcome.failed]) == 4, "and the list of events"
