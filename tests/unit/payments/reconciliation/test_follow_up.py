"""An attempt whose outcome has been acted on is read by no later run; every other one is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.payments.reconciliation import follow_up, sweep
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment
from tests.unit.payments.reconciliation.steps import does, write

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def file_away(dry_run=False):
    """Take the step; return the statuses of the attempts that later runs still read."""
    assert list(follow_up.file_attempts(conf.today(), dry_run)) == []
    return list(Attempt.objects.unfinished().order_by("pk").values_list("status", flat=True))


def show(order, status):
    Order.objects.filter(pk=order.pk).update(status=status)


def test_an_open_attempt_is_read_again(order):
    write(order, "open")
    assert file_away() == ["open"]


def test_a_refused_one_is_a_persons_business(order):
    write(order, "refused")
    assert file_away() == []


def test_a_paid_one_is_read_until_its_term_is_given_and_its_order_shows_it(order):
    write(order, "paid")
    show(order, "Pending")
    assert file_away() == ["paid"]
    fulfilment.order_paid(order)
    assert file_away() == ["paid"]
    assert len(does(sweep.show_payments)) == 1
    assert file_away() == []


def test_a_paid_one_whose_order_gives_no_term_is_read_again(order):
    write(order, "paid")
    show(order, "Paid")
    order.user.delete()
    assert not fulfilment.order_paid(order).created
    assert file_away() == ["paid"]


def test_a_cancelled_one_is_read_until_its_order_shows_it(order):
    write(order, "cancelled")
    show(order, "Pending")
    assert file_away() == ["cancelled"]
    assert len(does(sweep.show_payments)) == 1
    assert file_away() == []


@pytest.mark.parametrize("sibling", ["paid", "refused", "cancelled"])
def test_an_expired_one_is_read_until_another_of_its_order_has_an_end(order, sibling):
    write(order, "expired")
    show(order, "Complete")
    assert file_away() == ["expired"]
    write(order, sibling)
    assert file_away() in ([], ["paid"])
    assert "expired" not in Attempt.objects.unfinished().values_list("status", flat=True)


def test_an_expired_one_of_an_order_that_was_paid_by_transfer_is_not_read_again(order):
    write(order, "expired")
    fulfilment.order_paid(order)
    assert file_away() == []


def test_a_dry_run_files_nothing(order):
    write(order, "refused")
    assert file_away(dry_run=True) == ["refused"]


def test_money_that_comes_late_makes_runs_read_it_again(shop, standin):
    payment = Payment(shop, standin)
    Attempt.objects.update(status="expired", is_followed_up=True)
    payment.pay()
    reconcile(payment.attempt)
    assert list(Attempt.objects.unfinished()) == [payment.attempt]
    assert payment.state == "valid"


def test_later_runs_cost_the_same_however_many_payments_are_settled(shop):
    def settle(name):
        order = shop.make_order(shop.make_user(name))
        write(order, "paid", reconciled_at=timezone.now())
        fulfilment.order_paid(order)
        show(order, "Paid")

    def run():
        steps = (sweep.fulfil_paid_orders, sweep.show_payments, sweep.recheck_charges)
        with CaptureQueriesContext(connection) as queries:
            for step in (*steps, follow_up.file_attempts):
                assert list(step(conf.today(), False)) == []
        return len(queries)

    settle("ada")
    file_away()
    once = run()
    for number in range(5):
        settle(f"m{number}")
    file_away()
    assert run() == once


def test_a_term_that_is_over_is_not_watched_and_one_that_counts_again_is(
    shop, time_machine, order, django_capture_on_commit_callbacks
):
    write(order, "paid", session_id="cs_1", reconciled_at=timezone.now() - timedelta(days=2))
    fulfilment.order_paid(order)
    term = Term.objects.get()
    assert does_watch()
    fulfilment.revoke(term, reason="test")
    assert not does_watch()
    with django_capture_on_commit_callbacks(execute=True):
        fulfilment.restore(term, reason="test")
    assert Attempt.objects.get().is_watched
    time_machine.move_to(timezone.now() + timedelta(days=400))
    assert not does_watch()


def test_a_run_for_a_later_day_stops_watching_nothing(order):
    write(order, "paid", session_id="cs_1", reconciled_at=timezone.now() - timedelta(days=2))
    fulfilment.order_paid(order)
    list(sweep.recheck_charges(conf.today() + timedelta(days=400), False))
    assert Attempt.objects.get().is_watched


def does_watch():
    list(sweep.recheck_charges(conf.today(), False))
    return Attempt.objects.get().is_watched
