"""Reminders that a member does not want: stopped by a link, switched on again, never the rest."""

from datetime import date

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.reminders import opt_out

Term = get_model("oscar_subscriptions", "Term")
LAST = date(2018, 2, 3)


ENDS = "Your subscription ends on Feb. 3, 2018"
TODAY = "Today is the last day of your subscription"


def test_whoever_stopped_them_gets_no_reminder_of_that_subscription(shop, user, term, live):
    opt_out.switch(term.subscription, False)
    assert live(*range(-31, 40)) == []


def test_and_gets_them_again_if_he_wants_from_the_next_one_on(term, live):
    opt_out.switch(term.subscription, False)
    assert live(-7) == []
    opt_out.switch(term.subscription, True)
    assert live(-3, 0) == [ENDS, TODAY]


def test_receipts_and_changes_can_t_be_stopped(shop, user, term, commit, sent_mails):
    opt_out.switch(term.subscription, False)
    order = shop.make_order(user)
    with commit():
        renewal = fulfilment.order_paid(order).term
    with commit():
        fulfilment.suspend(renewal, reason="disputed")
    with commit():
        fulfilment.resume(renewal, reason="won")
    with commit():
        fulfilment.revoke(renewal, reason="refunded")
    assert [message.subject for message in sent_mails(user.email)] == [
        f"Your order {order.number} is confirmed",
        "Your subscription goes on until Feb. 3, 2019",
        "“Silver” is suspended",
        "“Silver” counts again",
        "“Silver” was withdrawn",
    ]


def test_who_stopped_them_and_when_is_in_the_journal(user, term):
    subscription = term.subscription
    opt_out.switch(subscription, False)
    opt_out.switch(subscription, False)
    opt_out.switch(subscription, True, actor=user)
    entries = subscription.journal.order_by("pk")
    assert [(entry.kind, entry.actor) for entry in entries] == [
        ("reminders-off", None),
        ("reminders-on", user),
    ]


@pytest.mark.parametrize("forged", ["", "1", "1.", "1.abc", "{pk}", "{pk}.x", "2{signature}"])
def test_only_our_own_token_is_accepted(term, forged):
    signed = opt_out.token(term.subscription)
    assert opt_out.subscription_of(signed) == term.subscription
    text = forged.format(pk=term.subscription_id, signature=signed.partition(".")[2])
    assert opt_out.subscription_of(text) is None
