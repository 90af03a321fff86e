"""Mails about an order that is not paid: written once, and true when they leave."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.mail import sending
from oscar_subscriptions.payments.attempts import mails

Order = get_model("order", "Order")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Subscription = get_model("oscar_subscriptions", "Subscription")


@pytest.fixture
def order(shop):
    return shop.place_order(shop.make_user())


def tell(order, kind):
    subscription = Subscription.objects.get(user=order.user)
    is_new = mails.tell(subscription, kind, order)
    return is_new, OutboxMail.objects.get(kind=kind)


def test_each_is_written_once(order):
    assert tell(order, mails.UNPAID)[0]
    assert not tell(order, mails.UNPAID)[0]


def test_who_has_paid_meanwhile_hears_neither(order, mailoutbox):
    rows = [tell(order, kind)[1] for kind in (mails.UNPAID, mails.CANCELLED)]
    fulfilment.order_paid(order)
    mailoutbox.clear()
    for row in rows:
        sending.send(row.pk)
    assert mailoutbox == []


def test_who_has_cancelled_is_not_asked_to_pay(order, mailoutbox):
    _, row = tell(order, mails.UNPAID)
    Order.objects.update(status="Cancelled")
    sending.send(row.pk)
    assert mailoutbox == []
