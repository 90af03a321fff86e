"""The steps of the daily run that ask the provider, one by one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.daily_run import work
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.reconciliation import sweep
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment
from tests.unit.payments.reconciliation.steps import does, would, write

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def payment(shop, standin):
    return Payment(shop, standin)


def test_open_attempts_are_asked_about_and_only_news_is_told(payment):
    said = f"payment of order {payment.order.number} reconciled"
    assert would(sweep.reconcile_open_attempts) == [said]
    assert does(sweep.reconcile_open_attempts) == []
    payment.pay()
    assert does(sweep.reconcile_open_attempts) == [said]
    assert payment.attempt.status == "paid"
    assert would(sweep.reconcile_open_attempts) == []


def test_an_attempt_that_an_event_marked_is_asked_about_although_it_is_over(payment):
    reconcile(payment.pay().attempt)
    payment.refund()
    Attempt.objects.mark_due()
    assert len(does(sweep.reconcile_open_attempts)) == 1
    assert payment.state == "revoked"


def test_what_the_provider_does_not_know_is_not_asked_about(shop):
    write(shop.make_order(shop.make_user()), "open")
    assert would(sweep.reconcile_open_attempts) == []


def test_a_provider_that_is_down_is_asked_a_few_times_not_for_every_attempt(shop, standin):
    for number in range(work.FAILURES_ALLOWED + 2):
        write(shop.make_order(shop.make_user(f"m{number}")), "open", session_id=f"cs_{number}")
    standin.fault(status=429, times=None)
    outcomes = list(sweep.reconcile_open_attempts(conf.today(), False))
    assert [outcome.failed for outcome in outcomes] == [True] * work.FAILURES_ALLOWED


def test_a_refund_whose_events_were_lost_is_found_by_a_look_at_the_charge(payment):
    reconcile(payment.pay().attempt)
    payment.refund()
    assert would(sweep.recheck_charges) == []
    Attempt.objects.update(reconciled_at=timezone.now() - sweep.RECHECK_AFTER)
    said = [f"payment of order {payment.order.number} looked at again"]
    assert would(sweep.recheck_charges) == does(sweep.recheck_charges) == said
    assert payment.state == "revoked"
    assert would(sweep.recheck_charges) == []


def paid_term(shop, name, seen, **fields):
    """A paid order whose payment was asked about ``seen`` days ago; return its number."""
    order = shop.make_order(shop.make_user(name))
    fulfilment.order_paid(order)
    moment = timezone.now() - timedelta(days=seen)
    write(order, "paid", session_id=f"cs_{name}", reconciled_at=moment, **fields)
    return order.number


def test_charges_that_nobody_looked_at_for_longest_come_first_and_only_so_many(shop, settings):
    numbers = [paid_term(shop, f"m{seen}", seen) for seen in (2, 9, 5)]
    settings.OSCAR_SUBSCRIPTIONS_RECHECKS_PER_RUN = 2
    assert would(sweep.recheck_charges) == [
        f"payment of order {number} looked at again" for number in (numbers[1], numbers[2])
    ]


def test_charges_of_terms_that_count_no_more_are_not_looked_at(shop):
    paid_term(shop, "ada", 2)
    assert len(would(sweep.recheck_charges)) == 1
    end = Term.objects.get().covered_until
    assert len(would(sweep.recheck_charges, end)) == 1
    assert would(sweep.recheck_charges, end + timedelta(days=1)) == []


@pytest.mark.parametrize(("effect", "looks"), [("", 0), ("revoked", 1)])
def test_a_term_that_a_reversal_took_back_is_looked_at_and_one_of_an_operator_is_not(
    shop, effect, looks
):
    paid_term(shop, "ada", 2, effect=effect)
    fulfilment.revoke(Term.objects.get(), reason="test")
    assert len(would(sweep.recheck_charges)) == looks


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda order: None, 1),
        (lambda order: order.lines.update(quantity=2), 0),
        (lambda order: order.user.delete(), 0),
    ],
)
def test_dry_run_promises_no_fulfilment_that_the_run_refuses(order, spoil, expected):
    Attempt.objects.update(status="paid", received=24000)
    spoil(order)
    foretold = list(sweep.fulfil_paid_orders(conf.today(), True))
    assert (Term.objects.count(), Alert.objects.count()) == (0, 0)
    assert list(sweep.fulfil_paid_orders(conf.today(), False)) == foretold
    assert len(foretold) == Term.objects.count() == expected


def test_an_order_whose_money_has_gone_back_is_not_fulfilled(shop):
    attempt = write(shop.make_order(shop.make_user()), "paid", received=24_000)
    assert len(would(sweep.fulfil_paid_orders)) == 1
    attempt.reversals.create(
        provider_id="re_1", kind="refund", status="succeeded", amount=24_000, currency="EUR"
    )
    assert would(sweep.fulfil_paid_orders) == does(sweep.fulfil_paid_orders) == []


@pytest.mark.parametrize(("status", "shown"), [("paid", "Paid"), ("cancelled", "Cancelled")])
def test_an_order_shows_what_a_process_that_died_did_not_show(shop, status, shown):
    order = shop.make_order(shop.make_user())
    write(order, status)
    said = [f"order {order.number} moved to {shown}"]
    assert would(sweep.show_payments) == does(sweep.show_payments) == said
    assert Order.objects.get().status == shown
    assert list(order_status.behind()) == []
