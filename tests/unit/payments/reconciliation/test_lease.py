"""One at a time asks about an order; whoever lost that right writes nothing."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.payments.reconciliation import lease

OrderLease = get_model("oscar_subscriptions_payments", "OrderLease")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The clock by which is waited: nobody really waits, and time passes only there."""
    clock = SimpleNamespace(now=0, waits=[], monotonic=lambda: clock.now)

    def sleep(seconds):
        clock.waits.append(seconds)
        clock.now += seconds

    clock.sleep = sleep
    monkeypatch.setattr(lease, "time", clock)
    return clock


def holder():
    return OrderLease.objects.values_list("holder", flat=True).get()


def is_confirmed(order, token):
    try:
        lease.confirm(order.pk, token)
    except lease.LostError:
        return False
    return True


def test_the_holder_is_written_down_and_lets_go_at_the_end(order):
    with lease.held(order.pk) as token:
        assert holder() == token
        assert is_confirmed(order, token)
    assert holder() is None
    assert not is_confirmed(order, token)


def test_the_holder_lets_go_when_it_fails(order):
    with pytest.raises(RuntimeError), lease.held(order.pk):
        raise RuntimeError
    assert holder() is None


def test_while_it_is_held_nobody_else_asks(order, clock):
    with lease.held(order.pk) as token:
        with pytest.raises(lease.BusyError), lease.held(order.pk, wait=False):
            pytest.fail("two hold one lease")
        assert holder() == token
    assert clock.waits == []


def test_whoever_waits_gets_it_once_it_is_free(order, clock):
    first = lease.held(order.pk)
    first.__enter__()
    clock.sleep = lambda seconds: first.__exit__(None, None, None)
    with lease.held(order.pk) as token:
        assert holder() == token


def test_the_lease_of_another_order_is_free(shop, order):
    other = shop.make_order(shop.make_user("other"))
    with lease.held(order.pk), lease.held(other.pk, wait=False) as token:
        assert is_confirmed(other, token)
        assert not is_confirmed(order, token)


def test_taken_over_the_first_holder_has_lost_it_and_does_not_free_the_second(order, monkeypatch):
    monkeypatch.setattr(lease, "PATIENCE", 0)
    with lease.held(order.pk) as first:
        second = lease.held(order.pk)
        token = second.__enter__()
        assert not is_confirmed(order, first)
        assert is_confirmed(order, token)
    assert holder() == token
    second.__exit__(None, None, None)
    assert holder() is None


@pytest.mark.parametrize("wait", [True, False])
def test_lease_that_is_free_is_taken_at_once(order, clock, wait):
    with lease.held(order.pk, wait=wait) as token:
        assert holder() == token
    assert clock.waits == []


def test_whoever_waits_long_enough_takes_over_and_no_sooner(order, clock):
    with lease.held(order.pk) as first, lease.held(order.pk) as second:
        assert not is_confirmed(order, first) and is_confirmed(order, second)
    assert lease.PATIENCE <= clock.now < lease.PATIENCE + 1


def test_lease_of_a_holder_who_died_ends(order, time_machine):
    time_machine.move_to("2017-02-03 12:00Z", tick=False)
    with lease.held(order.pk) as dead:
        OrderLease.objects.update(holder=dead)
        longest = 2 * conf.settings.PROVIDER_TIMEOUT * lease.REQUESTS
        time_machine.shift(longest - 1)
        with pytest.raises(lease.BusyError), lease.held(order.pk, wait=False):
            pytest.fail("it has not ended")
        time_machine.shift(1)
        with lease.held(order.pk, wait=False) as token:
            assert is_confirmed(order, token)
            assert not is_confirmed(order, dead)


def test_fault_44_lease_taken_before_the_clock_was_set_back_is_free(order, time_machine):
    time_machine.move_to("2017-02-03 12:00Z", tick=False)
    with lease.held(order.pk) as first:
        time_machine.shift(-timedelta(days=365))
        with lease.held(order.pk, wait=False) as token:
            assert is_confirmed(order, token)
            assert not is_confirmed(order, first)


def test_the_end_leaves_time_for_every_request_of_a_round(order):
    before = timezone.now()
    with lease.held(order.pk):
        row = OrderLease.objects.get()
    # Session, refunds, disputes, and ordering a refund; each once and once again.
    assert row.until - before >= timedelta(seconds=8 * conf.settings.PROVIDER_TIMEOUT)
