"""Pages of the provider, made and paid without an order."""

from oscar_subscriptions.payments.provider import customers, sessions

RETURN = "https://shop.example/"


def page(reference="one", amount=24_000, **fields):
    """Make a hosted page; return its session.

    Args:
        reference: also the idempotency key.
        fields: further parameters of the session.
    """
    price = {"currency": "eur", "unit_amount": amount, "product_data": {"name": "Silver"}}
    params = {
        "mode": "payment",
        "client_reference_id": reference,
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": RETURN,
        "cancel_url": RETURN,
    }
    return sessions.create_session(params | fields, reference)


def keep_card(standin, card="4242424242424242"):
    """Let the provider keep the test card of this number; return the ids to charge it by."""
    customer = customers.create_customer({"email": "member@example.com"}, "customer")["id"]
    session = page(
        "card", customer=customer, payment_intent_data={"setup_future_usage": "off_session"}
    )["id"]
    standin.pay(session, card=card)
    intent = sessions.fetch_session(session)["payment_intent"]
    return {"customer": customer, "payment_method": intent["payment_method"]}
