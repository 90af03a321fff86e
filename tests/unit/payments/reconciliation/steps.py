"""Carry out a step of the daily run, or let it say what it would do."""

from datetime import timedelta

from oscar.core.loading import get_model

from oscar_subscriptions import conf

Attempt = get_model("oscar_subscriptions_payments", "Attempt")

# Longer than an unpaid order is kept.
LONG_AGO = timedelta(days=8)


def would(step, day=None):
    """What a dry run of ``step`` says; it changes no attempt."""
    before = list(Attempt.objects.order_by("pk").values())
    foretold = list(step(day or conf.today(), True))
    assert list(Attempt.objects.order_by("pk").values()) == before
    return [outcome.message for outcome in foretold]


def does(step, day=None):
    """Carry out ``step``; return what it says it did."""
    outcomes = list(step(day or conf.today(), False))
    assert not [outcome for outcome in outcomes if outcome.failed]
    return [outcome.message for outcome in outcomes]


def write(order, status, **fields):
    return Attempt.objects.create(
        order=order, amount=24_000, currency="EUR", status=status, **fields
    )
