"""The payments app: its pages have addresses, and its steps of the daily run an order."""

import pytest
from django.apps import apps

from oscar_subscriptions.daily_run import doctor, runner
from oscar_subscriptions.payments.payment_methods import forgetting
from oscar_subscriptions.payments.reconciliation import event_backlog, sweep, unpaid_orders
from oscar_subscriptions.privacy import anonymising


@pytest.fixture
def config():
    return apps.get_app_config("oscar_subscriptions_payments")


def test_every_view_that_a_fork_can_replace_has_an_address(config):
    views = {view for name, view in vars(config).items() if name.endswith("_view")}
    assert {pattern.callback.view_class for pattern in config.get_urls()} == views


def test_events_are_read_before_payments_are_asked_about_and_cards_forgotten_last(config):
    steps = [step for step in runner._STEPS if step.__module__.startswith(config.name)]
    assert steps[0] is event_backlog.read_events
    assert steps[1] is sweep.reconcile_open_attempts
    assert steps[-1] is forgetting.forget_payment_method
    assert steps.index(sweep.fulfil_paid_orders) < steps.index(
        unpaid_orders.cancel_orders_that_are_over
    )


def test_an_app_that_is_made_ready_twice_adds_nothing_twice(config):
    registered = (
        runner._STEPS,
        doctor._EXAMINATIONS,
        anonymising._OBJECTIONS,
        anonymising._ERASERS,
    )
    before = [list(entries) for entries in registered]
    config.ready()
    assert [list(entries) for entries in registered] == before
