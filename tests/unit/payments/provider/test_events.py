"""The shop hears of every change of a payment: each one sends an event that we ask for."""

from typing import get_args, get_type_hints

import stripe

from oscar_subscriptions.payments.provider import sessions
from oscar_subscriptions.payments.provider.events import EVENTS, REVERSAL_EVENTS

SESSION = {
    "mode": "payment",
    "line_items": [
        {
            "quantity": 1,
            "price_data": {
                "currency": "eur",
                "unit_amount": 24_000,
                "product_data": {"name": "Silver"},
            },
        }
    ],
    "success_url": "https://shop.example/",
}


class Buyer:
    """A member before the provider's page, and the bank behind it."""

    def __init__(self, standin):
        self.standin = standin
        self.session = sessions.create_session(SESSION, f"key-{len(standin.events())}")["id"]

    def pay(self, **how):
        self.standin.pay(self.session, **how)

    def expire(self):
        self.standin.control(f"sessions/{self.session}/expire")

    def settle(self, outcome):
        self.standin.control(f"sessions/{self.session}/settle", outcome=outcome)

    def refund(self, **how):
        return self.standin.control(f"charges/{self.session}/refund", **how)["id"]

    def dispute(self, **how):
        return self.standin.control(f"charges/{self.session}/dispute", **how)["id"]


def test_every_change_of_a_payment_is_heard_of(standin, db):
    standin.control("settings", async_delay=86_400)
    unheard, heard = [], 0

    def hear(change):
        nonlocal heard
        news = [event["type"] for event in standin.events()[heard:]]
        if not set(news) & set(EVENTS):
            unheard.append((change, news))
        heard += len(news)

    buyer = Buyer(standin)
    buyer.pay()
    hear("paid")
    buyer.refund(amount=1_000)
    hear("refunded in part")
    refund = buyer.refund(status="pending")
    hear("refund of the rest begun")
    standin.control(f"refunds/{refund}", status="failed")
    hear("refund failed")

    for end in ("won", "lost"):
        buyer = Buyer(standin)
        buyer.pay()
        hear("paid")
        dispute = buyer.dispute(inquiry=True)
        hear("inquired")
        standin.control(f"disputes/{dispute}", status="needs_response")
        hear("disputed")
        standin.control(f"disputes/{dispute}", status=end)
        hear(end)

    for outcome in ("succeed", "fail"):
        buyer = Buyer(standin)
        buyer.pay(method="sepa_debit")
        hear("debit ordered")
        buyer.settle(outcome)
        hear(outcome)

    Buyer(standin).expire()
    hear("expired")
    assert unheard == []


def test_every_event_that_stripe_knows_of_refunds_and_disputes_is_asked_for():
    about_money = ("charge.dispute.", "charge.refund", "refund.")
    known = {
        name
        for name in get_args(get_type_hints(stripe.Event)["type"])
        if name.startswith(about_money)
    }
    assert set(REVERSAL_EVENTS) == known
