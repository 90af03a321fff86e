"""Faults 36 to 39: the database, the mail server or a shop's own code fails in the middle."""

from contextlib import contextmanager, suppress
from types import SimpleNamespace
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.urls import reverse
from oscar.apps.checkout.signals import post_checkout
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_model

from oscar_subscriptions import signals, transactions
from oscar_subscriptions.fulfilment import orders
from oscar_subscriptions.payments.reconciliation import reconcile as reconciling
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.transactions import for_update
from tests.bank import Payment
from tests.faults import interleave, invariants
from tests.threads import Other

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
Source = get_model("payment", "Source")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paid(shop, standin, webhook):
    """A payment that the shop has not heard of."""
    payment = Payment(shop, standin)
    standin.delivery(drop="all")
    payment.pay()
    standin.delivery(reset=True, retries=[])
    return payment


@contextmanager
def session(**values):
    """Within the block, these settings of PostgreSQL hold for this thread's connection."""
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"SET {name} = '{value}'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name in values:
                cursor.execute(f"RESET {name}")


def waiting(action):
    """Between two tries do ``action(seconds)`` instead of waiting."""
    return mock.patch.object(transactions, "time", SimpleNamespace(sleep=action))


def begun_anew(caplog):
    return [record for record in caplog.records if "begun anew" in record.message]


def check(shop, payment):
    assert payment.state == "valid"
    assert payment.attempt.status == "paid"
    assert Term.objects.count() == Source.objects.count() == 1
    invariants.check(shop)


# 36


def lock_the_other_way_round(payment):
    """Somebody else's transaction locks the order first, and the subscription second."""
    # It waits for as long as it takes, so that the shop's transaction is the victim.
    with session(deadlock_timeout="60s"), transaction.atomic():
        for_update(Order.objects.all()).get(pk=payment.order.pk)
        for_update(Subscription.objects.all()).get(user=payment.user)


def reconcile_in_a_deadlock(payment):
    with (
        session(deadlock_timeout="10ms"),
        interleave.run_after(orders, "lock_for", lambda: lock_the_other_way_round(payment)),
    ):
        return reconcile(payment.attempt)


def test_fault_36_victim_of_a_deadlock_is_done_again(shop, paid, caplog):
    assert reconcile_in_a_deadlock(paid).status == "paid"
    [record] = begun_anew(caplog)
    assert "deadlock detected" in record.message
    check(shop, paid)


def test_fault_36_without_the_retry_the_victim_fails_control(paid):
    with mock.patch.object(transactions, "_STATES", set()):
        reconcile_in_a_deadlock(paid)
    assert paid.state == "" and paid.attempt.status == "paid", "an alert instead of a term"


def reconcile_in_a_serialization_failure(payment):
    """A hint comes in after the shop's transaction has taken its snapshot."""
    with (
        session(default_transaction_isolation="repeatable read"),
        interleave.run_after(orders, "lock_for", lambda: Attempt.objects.all().mark_due()),
    ):
        return reconcile(payment.attempt)


def test_fault_36_serialization_failure_is_done_again_and_the_hint_is_kept(shop, paid, caplog):
    assert reconcile_in_a_serialization_failure(paid).status == "paid"
    [record] = begun_anew(caplog)
    assert "could not serialize" in record.message
    attempt = Attempt.objects.get()
    assert (attempt.asked, attempt.is_due) == (2, False), "ours and the hint, both answered"
    check(shop, paid)


def test_fault_36_without_the_retry_serialization_fails_control(paid):
    with mock.patch.object(transactions, "_STATES", set()):
        reconcile_in_a_serialization_failure(paid)
    assert Alert.objects.filter(order=paid.order).exists(), "an alert about nothing"


def test_fault_36_conflict_that_does_not_end_is_left_to_the_next_run(shop, standin, paid):
    """The webhook is answered, its hint is kept, and nobody waits for ever."""
    event = standin.events("checkout.session.completed")[-1]
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = Exception()
    deadlock.__cause__.sqlstate = "40P01"
    with mock.patch.object(reconciling.effects, "apply_reversals", side_effect=deadlock) as tried:
        standin.control("redeliver", event=event["id"])
        standin.flush()
    assert tried.call_count == transactions.TRIES
    assert paid.state == ""
    assert paid.attempt.is_due
    call_command("subscriptions_run", verbosity=0)
    check(shop, paid)


# 37: locks


@contextmanager
def order_locked_by_another(payment):
    """Within the block, another transaction holds the order; yields how to end it."""
    point = interleave.Point()

    def hold():
        with transaction.atomic():
            for_update(Order.objects.all()).get(pk=payment.order.pk)
            point.stop()

    def let_go(*args):
        point.release()
        other.join()

    other = Other(hold)
    point.wait()
    try:
        yield let_go
    finally:
        let_go()
    other.result()


def test_fault_37_lock_timeout_is_done_again(shop, paid, caplog):
    with (
        session(lock_timeout="20ms"),
        order_locked_by_another(paid) as let_go,
        waiting(let_go),
    ):
        assert reconcile(paid.attempt).status == "paid"
    [record] = begun_anew(caplog)
    assert "lock timeout" in record.message
    check(shop, paid)


def test_fault_37_lock_that_is_not_released_is_given_up_and_the_next_run_does_it(shop, paid):
    with (
        session(lock_timeout="20ms"),
        order_locked_by_another(paid),
        waiting(lambda seconds: None),
        pytest.raises(OperationalError, match="lock timeout"),
    ):
        reconcile(paid.attempt)
    assert paid.state == ""
    call_command("subscriptions_run", verbosity=0)
    check(shop, paid)


# 37: connections


def terminate(wrapper):
    """The server ends the connection of ``wrapper``: a restart, a fail-over."""
    pid = wrapper.connection.info.backend_pid
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            assert cursor.fetchone()[0]
    finally:
        other.close()


@contextmanager
def connection_lost_at_commit(number, *, after):
    """The connection is lost at the ``number``-th commit within the block.

    Args:
        after: the server has committed, and its answer is lost; else it has not heard of it.

    Yields:
        The commits so far, as a list.
    """
    commit, commits = DatabaseWrapper._commit, []

    def losing(self):
        commits.append(self.in_atomic_block)
        if len(commits) != number:
            return commit(self)
        if after:
            commit(self)
        terminate(self)
        with self.wrap_database_errors:
            return self.connection.commit() if not after else self.connection.execute("SELECT 1")

    with mock.patch.object(DatabaseWrapper, "_commit", losing):
        yield commits


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_fault_37_connection_lost_at_any_commit_leaves_one_term(shop, standin, webhook, after):
    standin.delivery(drop="all")
    saved = 0
    for number in range(1, 20):
        payment = Payment(shop, standin, name=f"member{number}").pay()
        # Not within a transaction of ours it is an error; whoever comes next does the work.
        with (
            connection_lost_at_commit(number, after=after) as commits,
            suppress(OperationalError),
        ):
            saved += reconcile(payment.attempt).status == "paid"
        if len(commits) < number:
            break
        call_command("subscriptions_run", verbosity=0)
        assert payment.state == "valid", f"lost at commit {number}"
        assert payment.order.sources.count() == 1, f"lost at commit {number}"
        assert payment.term.journal.count() == 1, f"lost at commit {number}"
    assert number > 2, "so few commits are not a reconciliation"
    assert saved > 0
    invariants.check(shop)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_fault_37_connection_lost_while_the_term_is_committed_is_read_again(shop, paid, after):
    """At once, without waiting for the next run."""
    with connection_lost_at_commit(1, after=after):
        attempt = reconcile(paid.attempt)
    assert attempt.status == "paid"
    check(shop, paid)


def test_fault_37_without_the_retry_the_lost_connection_is_an_error_control(paid):
    with (
        mock.patch.object(transactions, "_is_lost", lambda *connections: False),
        connection_lost_at_commit(1, after=False),
        pytest.raises(OperationalError),
    ):
        reconcile(paid.attempt)
    assert paid.state == ""


# 38


def test_fault_38_mail_server_that_is_down_takes_no_access_and_the_mail_comes_later_once(
    shop, client, standin, webhook, monkeypatch
):
    payment = Payment(shop, standin)
    deliver = locmem.EmailBackend.send_messages

    def refuse(backend, messages):
        raise ConnectionRefusedError("the mail server is down")

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    payment.pay()
    assert payment.is_seller
    client.force_login(payment.user)
    assert client.get(reverse("subscriptions:member-space")).status_code == 200
    with pytest.raises(CommandError):
        call_command("subscriptions_run", verbosity=0)
    assert mail.outbox == []
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", deliver)
    for _ in range(2):
        call_command("subscriptions_run", verbosity=0)
    assert sorted(message.to for message in mail.outbox) == [[payment.user.email]] * 2


# 39


@pytest.mark.parametrize(
    "signal",
    [signals.term_started, post_checkout, order_status_changed],
    ids=["term_started", "post_checkout", "order_status_changed"],
)
def test_fault_39_receiver_of_the_shop_that_raises_undoes_nothing(shop, standin, webhook, signal):
    calls, others = [], []

    def broken(**named):
        calls.append(named)
        raise RuntimeError("a shop's receiver")

    def other(**named):
        others.append(named)

    payment = Payment(shop, standin)
    signal.connect(broken)
    post_checkout.connect(other)
    try:
        payment.pay()
    finally:
        signal.disconnect(broken)
        post_checkout.disconnect(other)
    assert calls, "it was never sent: this proves nothing"
    assert payment.state == "valid"
    assert len(mail.outbox) == 2
    assert len(others) == 1, "what comes after it is done as well"
    payment.order.basket.refresh_from_db()
    assert payment.order.basket.status == "Submitted", "a thawed basket could be paid again"
    assert {delivery["state"] for delivery in standin.control("deliveries", "GET")["data"]} == {
        "delivered"
    }
    invariants.check(shop)
