"""A payment shows in the status of its order, where the pipeline allows it."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.payments.projections import order_status

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def try_to_pay(order, *statuses):
    for status in statuses:
        Attempt.objects.create(order=order, amount=24_000, currency="EUR", status=status)


def status_of(order):
    return Order.objects.get(pk=order.pk).status


def found():
    return [(one.order, one.status) for one in order_status.behind()]


def test_a_paid_order_is_shown_as_paid_also_after_a_cancellation(order):
    order_status.show_cancelled(order.pk)
    assert status_of(order) == "Cancelled"
    order_status.show_paid(order.pk)
    assert status_of(order) == "Paid"
    changes = order.status_changes.order_by("pk")
    assert list(changes.values_list("new_status", flat=True)) == ["Cancelled", "Paid"]


def test_a_status_that_the_pipeline_does_not_allow_is_not_shown(order):
    order.set_status("Paid")
    order.set_status("Complete")
    order_status.show_paid(order.pk)
    order_status.show_cancelled(order.pk)
    assert status_of(order) == "Complete"


def test_a_shop_has_words_of_its_own(order, settings):
    settings.OSCAR_SUBSCRIPTIONS_PAID_STATUS = "Settled"
    order_status.show_paid(order.pk)
    assert status_of(order) == "Pending"
    settings.OSCAR_SUBSCRIPTIONS_CANCELLED_STATUS = "Paid"
    order_status.show_cancelled(order.pk)
    assert status_of(order) == "Paid"


@pytest.mark.parametrize(
    ("statuses", "behind"),
    [
        ([], []),
        (["open"], []),
        (["expired"], []),
        (["refused"], []),
        (["expired", "paid"], ["Paid"]),
        (["expired", "cancelled"], ["Cancelled"]),
        # Another one may still be paid, or waits for an operator.
        (["cancelled", "open"], []),
        (["cancelled", "refused"], []),
        (["cancelled", "paid"], ["Paid"]),
    ],
)
def test_an_order_is_behind_that_does_not_show_how_its_attempts_ended(order, statuses, behind):
    try_to_pay(order, *statuses)
    assert found() == [(order, status) for status in behind]


def test_an_order_that_was_shown_is_not_behind_any_more(order):
    try_to_pay(order, "paid")
    [one] = order_status.behind()
    one.show(one.order.pk)
    assert status_of(order) == "Paid"
    assert found() == []


def test_no_order_is_behind_in_a_shop_without_a_pipeline(order, monkeypatch):
    try_to_pay(order, "paid")
    monkeypatch.setattr(Order, "pipeline", {})
    assert found() == []
